import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Job } from '../src/job.ts'
import { runPinned } from '../src/pinned.ts'

const job: Job = { suite: 'threads', only: 'add', repetitions: 9, judge: true }

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('the run on one CPU', () => {
  test('is the same job with a floor, under taskset', async () => {
    const run = vi.fn(async () => [])
    expect(await runPinned('built', job, run, 'linux')).toEqual({ results: [], missed: [] })
    expect(run).toHaveBeenCalledWith('built', { ...job, floor: 0.7 }, ['taskset', '-c', '0'])
  })

  test('is a missed gate on Linux when it cannot be had, and only said elsewhere', async () => {
    const run = async () => {
      throw new Error('spawn taskset ENOENT')
    }
    const missed = ['threads, pinned to one CPU: spawn taskset ENOENT']
    expect(await runPinned('built', job, run, 'linux')).toEqual({ results: [], missed })
    expect(await runPinned('built', job, run, 'darwin')).toEqual({ results: [], missed: [] })
    expect(console.error).toHaveBeenLastCalledWith(`${missed}; not counted on darwin`)
  })
})
