import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Gate } from '../src/gate.ts'
import type { Job } from '../src/job.ts'
import type { Result } from '../src/measure.ts'
import { runPinned } from '../src/pinned.ts'

const job: Job = { suite: 'threads', only: 'add', repetitions: 9, judge: true }
const results = (gate: Gate) => [{ title: 'work', gate } as Result]
const ratio = results({ timesPeer: 2 })

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
  vi.spyOn(console, 'log').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('the run on one CPU', () => {
  test('is the same job with a floor, under taskset', async () => {
    const run = vi.fn(async () => [])
    expect(await runPinned('built', job, ratio, 'linux', run)).toEqual({ results: [], missed: [] })
    expect(run).toHaveBeenCalledWith('built', { ...job, floor: 0.7 }, ['taskset', '-c', '0'])
  })

  test('is left out when no gate asks for a ratio', async () => {
    const run = vi.fn(async () => [])
    expect(await runPinned('built', job, results({ milliseconds: 9 }), 'linux', run)).toEqual({
      results: [],
      missed: [],
    })
    expect(run).not.toHaveBeenCalled()
  })

  test('is a missed gate on Linux when it cannot be had, and only said elsewhere', async () => {
    const run = async () => {
      throw new Error('spawn taskset ENOENT')
    }
    const missed = ['threads, pinned to one CPU: spawn taskset ENOENT']
    expect(await runPinned('built', job, ratio, 'linux', run)).toEqual({ results: [], missed })
    expect(await runPinned('built', job, ratio, 'darwin', run)).toEqual({ results: [], missed: [] })
    expect(console.error).toHaveBeenLastCalledWith(`${missed}; not counted on darwin`)
  })
})
