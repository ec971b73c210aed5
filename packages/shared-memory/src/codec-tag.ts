/**
 * The byte a value begins with. Numbers behind it are big-endian and not aligned.
 *
 *     0x00 … 0x7f  a whole number by itself
 *     0x80 … 0xbf  a string of 0 … 63 characters, a byte each
 *     undefined … true, by themselves
 *     int32        4 bytes
 *     float64      8 bytes
 *     bigint64     8 bytes
 *     latin1       its size (4 bytes), a byte a character
 *     utf16        its size (4 bytes), two bytes a character, little-endian
 *     array        how many elements (4 bytes), the elements
 *     object       how many properties (4 bytes), a string and a value for each
 */
export const tag = {
  short: 0x80,
  undefined: 0xc0,
  null: 0xc1,
  false: 0xc2,
  true: 0xc3,
  int32: 0xc4,
  float64: 0xc5,
  bigint64: 0xc6,
  latin1: 0xc7,
  utf16: 0xc8,
  array: 0xc9,
  object: 0xca,
} as const

/** The longest string that has its length in its first byte. */
export const maxShort = tag.undefined - tag.short - 1
