const fromCharCode = String.fromCharCode as (...codes: (number | undefined)[]) => string

/** From this length on `Buffer` is faster, which takes about the same time for any length. */
const long = 30

const wide = /[\u0100-\uffff]/

/** Writes a byte a character; false when a character does not go into one. There must be room for `text.length` bytes. */
export function writeLatin1(bytes: Buffer, text: string, at: number): boolean {
  const { length } = text
  if (length >= long) {
    if (wide.test(text)) return false
    bytes.write(text, at, length, 'latin1')
    return true
  }
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0xff) return false
    bytes[at + i] = code
  }
  return true
}

/**
 * Reads `length` characters of a byte each.
 *
 * Taking a fixed number of bytes and cutting what is too much is twice as fast as `Buffer` for short text, and faster
 * than a loop. It looks at bytes behind the text, and behind the memory, where it finds undefined.
 */
export function readLatin1(b: Buffer, i: number, length: number): string {
  // biome-ignore format: a line for eight bytes
  if (length <= 8)
    return fromCharCode(
      b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
    ).slice(0, length)
  // biome-ignore format: a line for eight bytes
  if (length <= 16)
    return fromCharCode(
      b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
      b[i + 8], b[i + 9], b[i + 10], b[i + 11], b[i + 12], b[i + 13], b[i + 14], b[i + 15],
    ).slice(0, length)
  // biome-ignore format: a line for eight bytes
  if (length <= 24)
    return fromCharCode(
      b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
      b[i + 8], b[i + 9], b[i + 10], b[i + 11], b[i + 12], b[i + 13], b[i + 14], b[i + 15],
      b[i + 16], b[i + 17], b[i + 18], b[i + 19], b[i + 20], b[i + 21], b[i + 22], b[i + 23],
    ).slice(0, length)
  return b.toString('latin1', i, i + length)
}
