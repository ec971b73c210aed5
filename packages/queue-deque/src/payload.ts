import type { Codec } from '@fosen/queue'

/** What a value is kept as: itself, or its bytes where there is a codec. They are nobody else's. */
export function pack<T>(value: T, codec: Codec<T> | undefined): T | Buffer {
  if (codec === undefined) return value
  return Buffer.from(codec.encode(value) as Buffer)
}

/** The value of what `pack` gave; one more with each call where there is a codec. */
export function unpack<T>(payload: T | Buffer, codec: Codec<T> | undefined): T {
  return codec === undefined ? (payload as T) : codec.decode(Buffer.from(payload as Buffer))
}
