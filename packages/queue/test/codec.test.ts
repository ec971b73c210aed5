import { expect, test } from 'vitest'
import { bufferCodec, type Codec, checkCodec, encodeValue, jsonCodec, textCodec } from '../src/index.ts'

const passed = <T>(codec: Codec<T>, value: T) => codec.decode(Buffer.from(codec.encode(value) as string))

test('text goes through as UTF-8, and what is no text is refused', () => {
  expect(textCodec.encode('正 ü')).toBe('正 ü')
  expect(passed(textCodec, '正 ü')).toBe('正 ü')
  expect(() => textCodec.encode(7 as never)).toThrow('the value must be a string, not 7')
  expect(() => textCodec.encode('\ud800')).toThrow('the value must be well-formed text')
  expect(() => textCodec.decode(Buffer.from([0xff]))).toThrow('the bytes are no UTF-8')
})

test('bytes go through as they are, and what are none is refused', () => {
  expect(bufferCodec.decode(bufferCodec.encode(Buffer.from([0xff])) as Buffer)).toEqual(Buffer.from([0xff]))
  expect(() => bufferCodec.encode('a' as never)).toThrow("the value must be a Buffer, not 'a'")
})

test('JSON goes through, and what JSON has not is refused', () => {
  const codec = jsonCodec<unknown>()
  expect(passed(codec, { a: [1, null, 'ü'] })).toEqual({ a: [1, null, 'ü'] })
  for (const value of [undefined, () => {}, Symbol('s'), 1n]) expect(() => codec.encode(value)).toThrow(TypeError)
  const circle: unknown[] = []
  circle.push(circle)
  expect(() => codec.encode(circle)).toThrow(TypeError)
  expect(() => codec.decode(Buffer.from('{'))).toThrow(SyntaxError)
  expect(() => codec.decode(Buffer.from([0x22, 0xff, 0x22]))).toThrow('the bytes are no UTF-8')
})

test('what is no codec is refused', () => {
  expect(() => checkCodec(textCodec)).not.toThrow()
  for (const bad of [undefined, null, 'json', {}, { encode() {} }]) expect(() => checkCodec(bad)).toThrow(TypeError)
})

test('what a codec makes of a value is text or a Buffer, and what is neither text nor bytes is refused', () => {
  const encoded = (made: unknown) => encodeValue({ ...bufferCodec, encode: () => made as Buffer }, Buffer.of())
  expect(encoded('a')).toBe('a')
  const bytes = Buffer.from('a')
  expect(encoded(bytes)).toBe(bytes)
  expect(encoded(new Uint8Array([9, 1, 2]).subarray(1))).toEqual(Buffer.of(1, 2))
  for (const made of [undefined, null, 5, new ArrayBuffer(2), new Float64Array(2), { length: 2 }]) {
    expect(() => encoded(made)).toThrow(TypeError)
  }
})
