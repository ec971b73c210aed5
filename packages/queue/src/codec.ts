import { isUtf8 } from 'node:buffer'
import { inspect, types } from 'node:util'

/** How values become bytes for a queue that keeps bytes, and bytes values. Either may throw for what it cannot turn. */
export interface Codec<T> {
  encode(value: T): string | Uint8Array
  decode(bytes: Buffer): T
}

/** Text as UTF-8, which is what redis-py writes and reads. What is no text, either way, is refused. */
export const textCodec: Codec<string> = {
  encode(value) {
    if (typeof value !== 'string') throw new TypeError(`the value must be a string, not ${inspect(value)}`)
    // UTF-8 has no lone surrogates: they would come back as something else.
    if (!value.isWellFormed()) throw new TypeError(`the value must be well-formed text, not ${inspect(value)}`)
    return value
  },
  decode: textOf,
}

/** Bytes as they are. */
export const bufferCodec: Codec<Buffer> = {
  encode(value) {
    if (!Buffer.isBuffer(value)) throw new TypeError(`the value must be a Buffer, not ${inspect(value)}`)
    return value
  },
  decode: bytes => bytes,
}

/** Values as JSON. `T` is what you say it is: what comes out is not checked. */
export function jsonCodec<T>(): Codec<T> {
  return {
    encode(value) {
      const text = JSON.stringify(value) as string | undefined
      if (text === undefined) throw new TypeError(`the value must be one that JSON has, not ${inspect(value)}`)
      return text
    },
    decode: bytes => JSON.parse(textOf(bytes)),
  }
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new TypeError('the bytes are no UTF-8')
  return bytes.toString()
}

/**
 * What a codec makes of a value: text, or bytes that may still be the codec's.
 *
 * @throws TypeError when it makes neither of it; what the codec throws
 */
export function encodeValue<T>(codec: Codec<T>, value: T): string | Buffer {
  const encoded = codec.encode(value)
  if (typeof encoded === 'string' || Buffer.isBuffer(encoded)) return encoded
  if (types.isUint8Array(encoded)) return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  throw new TypeError(`encode of the codec must give a string or bytes, not ${inspect(encoded)}`)
}

/** @throws TypeError for what is no codec */
export function checkCodec(codec: unknown): void {
  const { encode, decode } = (codec ?? {}) as Partial<Codec<unknown>>
  if (typeof encode === 'function' && typeof decode === 'function') return
  throw new TypeError(`codec must have the functions encode and decode: ${inspect(codec)}`)
}
