// Arrays of byte strings in msgpack, which is what scripts pack and unpack.
// https://github.com/msgpack/msgpack/blob/master/spec.md

/** Packs byte strings into an array of msgpack. */
export function packStrings(strings: readonly Buffer[]): Buffer {
  let size = 5
  for (const { length } of strings) size += 5 + length
  const packed = Buffer.allocUnsafe(size)
  let at = packed.writeUInt32BE(strings.length, packed.writeUInt8(0xdd, 0))
  for (const string of strings) {
    at = packed.writeUInt8(0xdb, at)
    at = packed.writeUInt32BE(string.length, at)
    at += string.copy(packed, at)
  }
  return packed
}

/** The strings of an array; views of the same bytes. */
export function unpackStrings(packed: Buffer): Buffer[] {
  const { length, start } = arrayHeader(packed)
  const strings: Buffer[] = []
  let at = start
  for (let index = 0; index < length; index++) {
    const [size, from] = stringHeader(packed, at)
    at = from + size
    strings.push(packed.subarray(from, at))
  }
  return strings
}

function arrayHeader(packed: Buffer) {
  const type = packed[0] as number
  if (type >> 4 === 0x9) return { length: type & 0xf, start: 1 }
  if (type === 0xdc) return { length: packed.readUInt16BE(1), start: 3 }
  if (type === 0xdd) return { length: packed.readUInt32BE(1), start: 5 }
  throw new TypeError(`no array of msgpack begins with the byte ${type}`)
}

function stringHeader(packed: Buffer, at: number): [size: number, from: number] {
  const type = packed[at] as number
  if (type >> 5 === 0b101) return [type & 0x1f, at + 1]
  switch (type) {
    case 0xd9:
      return [packed.readUInt8(at + 1), at + 2]
    case 0xda:
      return [packed.readUInt16BE(at + 1), at + 3]
    case 0xdb:
      return [packed.readUInt32BE(at + 1), at + 5]
    default:
      throw new TypeError(`no string of msgpack begins with the byte ${type}`)
  }
}
