import { inspect } from 'node:util'
import { checkCount } from './check.ts'

/**
 * The partition, of so many, that messages with a key go to: the same one in each process, as long as there are so many.
 *
 * @param key hashed with FNV-1a, by its UTF-16 units
 * @param count of the partitions
 * @returns an integer from 0 to `count - 1`
 * @throws TypeError, RangeError when the key is no string, or the count no integer from 1 on
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function partitionOf(key: string, count: number): number {
  if (typeof key !== 'string') throw new TypeError(`key must be a string, not ${inspect(key)}`)
  checkCount('count', count)
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % count
}
