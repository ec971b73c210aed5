/** The most bytes that `writeNumber` touches. */
export const numberSpace = 32

/** The digits of each number below 10,000, as four characters. */
const fourDigits = Uint32Array.from({ length: 10_000 }, (_, i) =>
  Buffer.from(`${i}`.padStart(4, '0'), 'latin1').readUInt32LE(),
)
const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/** Where rounding could decide, which is far less than this, `String` decides. */
const doubt = 1e-6

/**
 * Writes the shortest decimal that gives `x` back, as `String` does, without making a string: with strings, the ten threads
 * of the program take half as much CPU time again.
 *
 * It computes for sizes from 0.01 to 10, nearly all of what is normally distributed; others go by way of `String`.
 *
 * @param bytes has room for `numberSpace` bytes after `offset`
 * @returns the offset after the last character
 */
export function writeNumber(bytes: DataView, offset: number, x: number): number {
  const size = Math.abs(x)
  if (!(size >= 0.01 && size < 10)) return writeString(bytes, offset, x)

  // The size in units of its 17th digit, exactly: the product as it is rounded, and what was rounded off (Dekker, 1971).
  // All integers here are exact.
  const zeros = size >= 1 ? 0 : size >= 0.1 ? 1 : 2
  const scale = zeros === 0 ? 1e16 : zeros === 1 ? 1e17 : 1e18
  const product = size * scale
  const a = upperHalf(size)
  const b = upperHalf(scale)
  const roundedOff = a * b - product + a * (scale - b) + (size - a) * b + (size - a) * (scale - b)

  // Decimals less than half the distance to the next double away give x back.
  double[0] = size
  words[1] = (((words[1] as number) >>> 20) - 53) << 20
  words[0] = 0
  const reach = double[0] * scale

  // The upper nine of the 17 digits, and of the lower eight as few as are near enough.
  let upper = Math.floor(product / 1e8)
  const rest = product - upper * 1e8 + roundedOff
  let lower = Math.round(rest / 10) * 10
  let distance = Math.abs(rest - lower)
  if (distance < reach - doubt && distance < 5 - doubt) {
    const shorter = Math.round(rest / 100) * 100
    distance = Math.abs(rest - shorter)
    if (distance < reach + doubt) {
      // Powers of two, whose two next doubles are not alike far away, are all short and without a rest.
      if (distance < doubt || distance > reach - doubt) return writeString(bytes, offset, x)
      lower = shorter
    }
  } else {
    if (distance < reach + doubt) return writeString(bytes, offset, x)
    lower = Math.round(rest)
    if (Math.abs(rest - lower) > 0.5 - doubt) return writeString(bytes, offset, x)
  }
  if (lower < 0) {
    lower += 1e8
    upper--
  } else if (lower >= 1e8) {
    lower -= 1e8
    upper++
  }
  if (upper < 1e8 || upper >= 1e9) return writeString(bytes, offset, x)

  if (x < 0) bytes.setUint8(offset++, minus)
  const first = Math.floor(upper / 1e8)
  if (zeros === 0) {
    bytes.setUint8(offset++, zero + first)
    bytes.setUint8(offset++, point)
  } else {
    bytes.setUint32(offset, zeroPointZero, true)
    offset += 1 + zeros
    bytes.setUint8(offset++, zero + first)
  }
  writeEight(bytes, offset, upper - first * 1e8)
  writeEight(bytes, offset + 8, lower)
  offset += 16
  while (bytes.getUint8(offset - 1) === zero) offset--
  return offset
}

const zero = 0x30
const minus = 0x2d
const point = 0x2e
/** `0.00` */
const zeroPointZero = 0x30302e30

/** The half of a double's digits that can be multiplied exactly (Veltkamp, 1968). */
function upperHalf(x: number): number {
  const much = 134_217_729 * x
  return much - (much - x)
}

function writeEight(bytes: DataView, offset: number, x: number): void {
  const upper = (x / 10_000) | 0
  bytes.setUint32(offset, fourDigits[upper] as number, true)
  bytes.setUint32(offset + 4, fourDigits[x - upper * 10_000] as number, true)
}

function writeString(bytes: DataView, offset: number, x: number): number {
  const text = `${x}`
  for (let i = 0; i < text.length; i++) bytes.setUint8(offset++, text.charCodeAt(i))
  return offset
}
