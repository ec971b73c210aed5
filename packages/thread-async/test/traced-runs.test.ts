import { ThreadPool } from '@fosen/thread-async'
import { expect, test } from 'vitest'
import { half, halfLater, takeEvents, watchRuns } from './fixtures/traced.ts'

test('a thread publishes what it runs, when that begins and when it ends', async () => {
  await using pool = new ThreadPool({ max: 1, initializer: watchRuns })
  await pool.submit(half, 4)
  await expect(pool.submit(half, 3)).rejects.toThrow('odd')
  expect(await pool.submit(takeEvents)).toEqual([
    ['start', 'half', 4, undefined],
    ['end', 'half', 4, 2],
    ['start', 'half', 3, undefined],
    ['error', 'half', 3, 'odd'],
    ['end', 'half', 3, 'odd'],
    ['start', 'takeEvents', undefined],
  ])
})

test('a thread publishes the end of a function that gave a promise when that is settled', async () => {
  await using pool = new ThreadPool({ max: 1, initializer: watchRuns })
  await pool.submit(halfLater, 4)
  await expect(pool.submit(halfLater, 3)).rejects.toThrow('odd')
  expect(await pool.submit(takeEvents)).toEqual([
    ['start', 'halfLater', 4, undefined],
    ['end', 'halfLater', 4, undefined],
    ['asyncEnd', 'halfLater', 4, 2],
    ['start', 'halfLater', 3, undefined],
    ['end', 'halfLater', 3, undefined],
    ['error', 'halfLater', 3, 'odd'],
    ['asyncEnd', 'halfLater', 3, 'odd'],
    ['start', 'takeEvents', undefined],
  ])
})
