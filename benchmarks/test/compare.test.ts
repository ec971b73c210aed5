import { describe, expect, test } from 'vitest'
import { compare, quantile } from '../src/compare.ts'
import { type Contender, Timed } from '../src/workload.ts'
import { fakeContenders } from './fake-contenders.ts'

describe('compare', () => {
  const workload = { title: 'work', operations: 10, expected: 'done' }

  test('refuses a result that is not the expected one', async () => {
    const { contenders, now } = fakeContenders({ ours: [1], peer: [1] })
    await expect(compare({ ...workload, expected: 'well done', contenders }, 1, now)).rejects.toThrow(
      'work: ours gave done, not well done',
    )
  })

  test('gives medians without the warm-up, and the median of the ratios within repetitions', async () => {
    const { contenders, now } = fakeContenders({ ours: [99, 1, 2, 4], peer: [99, 3, 20, 8] })
    const peer = { name: 'peer', milliseconds: 8, operationsPerSecond: 1250, spread: 1.0625, ratio: 3 }
    expect(await compare({ ...workload, contenders }, 3, now)).toEqual({
      repetitions: 3,
      rows: [{ name: 'ours', milliseconds: 2, operationsPerSecond: 5000, spread: 0.75, ratio: 1 }, peer],
      best: peer,
    })
  })

  test('warms up for as long as the workload asks for', async () => {
    const { contenders, now, order } = fakeContenders({ ours: [1000, 1000, 1], peer: [1000, 1000, 2] })
    const { best } = await compare({ ...workload, contenders, warmUp: 7000 }, 1, now)
    expect(best?.ratio).toBe(2)
    expect(order).toHaveLength(6)
  })

  test('compares with the peer that ours is least ahead of, and leaves out those that are missing', async () => {
    const { contenders, now } = fakeContenders({ ours: [0, 1], slow: [0, 3], fast: [0, 2] })
    const missing = { name: 'absent', missing: 'install it' }
    const { best, rows } = await compare({ ...workload, contenders: [...contenders, missing] }, 1, now)
    expect(best).toMatchObject({ name: 'fast', ratio: 2 })
    expect(rows.map(({ name }) => name)).toEqual(['ours', 'slow', 'fast'])
  })

  test('takes the time of a run that has measured itself, and refuses a wrong result of it too', async () => {
    const { now } = fakeContenders({})
    const itself = (given: string) => ({ name: 'itself', run: async () => new Timed(given, 7) })
    const { rows } = await compare({ ...workload, contenders: [itself('done')] }, 1, now)
    expect(rows[0].milliseconds).toBe(7)
    await expect(compare({ ...workload, contenders: [itself('half done')] }, 1, now)).rejects.toThrow('half done')
  })

  test('asks for what an operation holds in memory when all runs are over', async () => {
    const { contenders, now, order } = fakeContenders({ ours: [0, 1], peer: [0, 1] })
    const [ours, peer] = contenders as readonly [Contender, Contender]
    const measured = { ...ours, bytes: async () => order.length }
    const { rows } = await compare({ ...workload, contenders: [measured, peer] }, 1, now)
    expect(rows.map(({ bytes }) => bytes)).toEqual([4, undefined])
  })

  test('begins each repetition with another contender, so that none always follows the same one', async () => {
    const { contenders, now, order } = fakeContenders({ a: [], b: [], c: [] })
    await compare({ ...workload, contenders }, 2, now)
    expect(order.join('')).toBe('abc' + 'bca' + 'cab')
  })
})

test('a quantile is between the two nearest values', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([1], 0.75)).toBe(1)
})
