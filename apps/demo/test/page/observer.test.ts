import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Observer } from '../../src/page/observer.ts'
import { FakeJob } from './fake-job.ts'

const message = { channel: 'fosen:queue:process', thread: 'main' }

let job: FakeJob
let now: number
let observer: Observer
beforeEach(() => {
  job = new FakeJob()
  now = 1000
  observer = new Observer(job, { now: () => now })
})
afterEach(() => observer[Symbol.dispose]())

describe('who reads for the first time', () => {
  test('is told all there is, and from then on what is new', async () => {
    job.begin({ file: 'a', at: 1000 })({ at: 1010 })
    await observer.takeSample()
    const first = observer.read(undefined)
    expect(first.update).toMatchObject({ reset: true, folder: '/files', stats: job.current, samples: [{ ready: 5 }] })
    expect(first.update.ended).toHaveLength(1)

    job.begin({ file: 'b', at: 1020 })({ at: 1030 })
    const second = observer.read(first.cursor)
    expect(second.update).toMatchObject({
      reset: false,
      samples: [],
      ended: [[0, 0, 'task', 20, 30, 'b', 0, null]],
    })
  })
})

describe('the figures', () => {
  test('are of messages that were handled, and not of those that failed', async () => {
    job.begin({ ...message, file: 'a', at: 1000 })({ at: 1040 })
    job.begin({ ...message, file: 'b', at: 1000 })({ at: 1990, error: 'Error' })
    now = 2000
    await observer.takeSample()
    const { update } = observer.read(undefined)
    expect(update.samples).toMatchObject([{ at: 1000, rate: 1, p50: 40, p99: 40 }])
  })

  test('have the files that a thread was at the longest', async () => {
    const run = { channel: 'fosen:thread-async:run', thread: 'analyse-1' }
    const handled = job.begin({ ...message, file: 'a', attempt: 2, at: 1000 })
    const ran = job.begin({ ...run, file: 'a', at: 1010 })
    handled({ at: 1021 })
    ran({ at: 1020 })
    job.begin({ ...run, file: 'b', at: 1020 })({ at: 1025 })
    job.begin({ ...run, file: 'killed', at: 1030 })
    job.tell({ type: 'worker-exit', pid: 7, at: 1040 })
    expect(observer.read(undefined).update.slowest).toEqual([
      { file: 'a', duration: 10, attempt: 2, pid: 7 },
      { file: 'b', duration: 5, attempt: 1, pid: 7 },
    ])
  })

  test('stand still some time after the last thing has happened in a run that is at its end', async () => {
    job.current = { ...job.current, phase: 'idle' }
    await observer.takeSample()
    now += 10_000
    await observer.takeSample()
    const still = observer.read(undefined).update
    expect([still.samples.length, still.isStill]).toEqual([1, true])
    job.begin({ file: 'more', at: now })
    await observer.takeSample()
    const again = observer.read(undefined).update
    expect([again.samples.length, again.isStill]).toEqual([2, false])
  })

  test('are missing, and it is said why, while the queue gives none', async () => {
    job.stats = async () => {
      throw new Error('cannot reach Redis')
    }
    await observer.takeSample()
    expect(observer.read(undefined).update).toMatchObject({ samples: [], problem: 'cannot reach Redis' })
    job.stats = async () => job.current
    await observer.takeSample()
    expect(observer.read(undefined).update.problem).toBeUndefined()
  })
})

test('dead letters are listed as long as there are any', async () => {
  job.dead = [{ id: '1', path: 'a', attempts: 4, error: 'Error: no' }]
  job.current = { ...job.current, queue: { ...job.current.queue, dead: 1 } }
  await observer.takeSample()
  expect(observer.read(undefined).update.dead).toEqual(job.dead)
  job.dead = []
  job.current = { ...job.current, queue: { ...job.current.queue, dead: 0 } }
  await observer.takeSample()
  expect(observer.read(undefined).update.dead).toEqual([])
})

test('a job is watched no longer than its observer lives', () => {
  expect(job.isWatched).toBe(true)
  observer[Symbol.dispose]()
  expect(job.isWatched).toBe(false)
})
