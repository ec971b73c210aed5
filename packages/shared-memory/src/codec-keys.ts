import { readLatin1 } from './codec-latin1.ts'

/** A key of objects that were read in this thread. */
export interface Key {
  readonly name: string
  readonly bytes: Uint8Array
  /** Whether objects inherit it; then assigning it may do something else than defining it. */
  readonly inherited: boolean
  /** The key that was read after it the last time. */
  next: Key | undefined
}

const keys = new Map<string, Key>()
const maxKeys = 4096
let last: Key | undefined

/**
 * Reads a key of `length` characters of a byte each.
 *
 * Objects of one kind have their keys in one order, so the memory is compared with the key that came next the last time.
 * That is faster than making a string, and V8 stores a property faster under a string that it has as a key.
 */
export function readKey(bytes: Buffer, at: number, length: number): Key {
  let key = last?.next
  if (key === undefined || !isAt(key.bytes, bytes, at, length)) {
    const name = readLatin1(bytes, at, length)
    key = keys.get(name) ?? learn(name)
    if (last !== undefined) last.next = key
  }
  last = key
  return key
}

function isAt(key: Uint8Array, bytes: Buffer, at: number, length: number): boolean {
  if (key.length !== length) return false
  for (let i = 0; i < length; i++) if (key[i] !== bytes[at + i]) return false
  return true
}

function learn(name: string): Key {
  if (keys.size === maxKeys) keys.clear()
  const key = { name, bytes: Buffer.from(name, 'latin1'), inherited: name in Object.prototype, next: undefined }
  keys.set(name, key)
  return key
}
