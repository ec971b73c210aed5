import { describe, expect, test } from 'vitest'
import { compare, median } from '../src/compare.ts'

/** A clock that the contenders push on by what they cost. */
function workload(costs: Record<string, number[]>, given: unknown = 'done') {
  let time = 0
  const contender = (name: string) => ({
    name,
    run() {
      time += costs[name]?.shift() ?? 0
      return given
    },
  })
  const contenders = [contender('ours'), contender('peer')] as const
  return { now: () => time, workload: { title: 'work', operations: 10, expected: 'done', contenders } }
}

describe('compare', () => {
  test('gives medians without the warm-up, and the median of the ratios within repetitions', async () => {
    const { workload: work, now } = workload({ ours: [99, 1, 2, 4], peer: [99, 3, 20, 8] })
    expect(await compare(work, 3, now)).toEqual({
      title: 'work',
      rows: [
        { name: 'ours', operationsPerSecond: 5000, ratio: 1 },
        { name: 'peer', operationsPerSecond: 1250, ratio: 3 },
      ],
    })
  })

  test('refuses a result that is not the expected one', async () => {
    await expect(compare(workload({}, 'wrong').workload, 1)).rejects.toThrow('work: ours gave wrong, not done')
  })
})

test('the median of an even number of values is between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})
