import { inspect } from 'node:util'

/**
 * Orders numbers, strings, and arrays of such, which go by their first elements that differ, and then by length.
 *
 * Elements that are the same value are equal, whatever they are.
 *
 * @throws TypeError for other values, and for a number and a string
 */
export function compareEntries(a: unknown, b: unknown): number {
  if (a === b) return 0
  if ((isNumeric(a) && isNumeric(b)) || (typeof a === 'string' && typeof b === 'string')) {
    if (a < b) return -1
    if (a > b) return 1
    // What is left is NaN, or a bigint and a number that are equal.
    if (a <= b) return 0
  } else if (Array.isArray(a) && Array.isArray(b)) {
    return compareArrays(a, b)
  }
  throw new TypeError(`a PriorityQueue cannot order ${show(a)} and ${show(b)} unless it is given { compare }`)
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compareEntries(a[i], b[i])
    if (order !== 0) return order
  }
  return a.length - b.length
}

const isNumeric = (value: unknown) => typeof value === 'number' || typeof value === 'bigint'

const show = (value: unknown) => inspect(value, { depth: 0 })
