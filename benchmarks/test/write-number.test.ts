import { describe, expect, test } from 'vitest'
import { numberSpace, writeNumber } from '../src/suites/seed/write-number.ts'

const buffer = Buffer.alloc(numberSpace + 2)
const bytes = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
const written = (x: number) => buffer.toString('latin1', 2, writeNumber(bytes, 2, x))

/** The doubles around one, by their bits. */
function neighbours(x: number, distance: number): number[] {
  const double = new BigInt64Array(1)
  const value = new Float64Array(double.buffer)
  return Array.from({ length: 2 * distance + 1 }, (_, i) => {
    value[0] = x
    double[0] = (double[0] as bigint) + BigInt(i - distance)
    return value[0]
  })
}

const random = (count: number, next: () => number) => Array.from({ length: count }, next)

describe('a number is written as String gives it', () => {
  test.each<[string, number[]]>([
    [
      'that is no usual one',
      [0, -0, Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, -1.2345678901234567e-308],
    ],
    ['at the borders of what is computed', [0.01, 0.1, 1, 10].flatMap(x => neighbours(x, 100))],
    ['at a power of two', random(30, () => 0).flatMap((_, i) => neighbours(2 ** (i - 15), 2))],
    [
      'of any bits',
      random(10_000, () => new Float64Array(crypto.getRandomValues(new Uint8Array(8)).buffer)[0] as number),
    ],
    ['of up to ten', random(50_000, () => (Math.random() - 0.5) * 20)],
    ['of up to a tenth', random(10_000, () => (Math.random() - 0.5) / 5)],
    ['of few digits', random(10_000, () => Number((Math.random() * 10).toFixed(Math.floor(Math.random() * 17))))],
  ])('%s', (_, numbers) => {
    expect(numbers.filter(x => written(x) !== `${x}`)).toEqual([])
  })
})
