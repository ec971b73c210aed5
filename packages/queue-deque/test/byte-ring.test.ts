import { expect, test } from 'vitest'
import { ByteRing } from '../src/shared/byte-ring.ts'
import { Frames } from '../src/shared/frames.ts'
import { Words } from '../src/shared/words.ts'

// Head and tail count words for ever, in 32 bits.
test.each([
  ['up', 2 ** 31 - 30, false],
  ['down', -(2 ** 31) + 30, true],
] as const)('a ring holds its items while its counts overflow on their way %s', (_, start, left) => {
  const words = new Words(new SharedArrayBuffer(4 * (2 + 64)))
  words.array.fill(start, 0, 2)
  const ring = new ByteRing(words, 0, 1, 2)
  const push = (...values: readonly number[]) => {
    const frames = new Frames(2048)
    for (const value of values) frames.add(value)
    return ring.push(frames, left)
  }
  const popAll = () => {
    const frames = new Frames(2048)
    return Array.from({ length: ring.pop(9, !left, frames) }, () => frames.take())
  }
  for (let i = 0; i < 20; i++) {
    const values = [i, i + 1, i + 2]
    expect(push(...values)).toBe(3)
    expect(ring.count).toBe(3)
    expect(popAll()).toEqual(values)
  }
  expect(ring.isEmpty).toBe(true)
  expect(Math.sign(words.get(0))).toBe(-Math.sign(start))
})
