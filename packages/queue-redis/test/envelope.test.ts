import { expect, test, vi } from 'vitest'
import { idOf, seal } from '../src/envelope.ts'

test('ids sort by the order they were made in, also when the clock is set back', () => {
  using now = vi.spyOn(Date, 'now')
  const ids: string[] = []
  for (const time of [1000, 1000, 1001, 500, 500, 1002]) {
    now.mockReturnValue(2 ** 45 + time)
    for (let i = 0; i < 300; i++) ids.push(idOf(seal('')))
  }
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})
