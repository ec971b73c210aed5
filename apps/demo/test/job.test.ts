import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DequeQueue } from '@fosen/queue-deque'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { JobEvent, OperationEvent } from '../src/job.ts'
import type { Message } from '../src/pipeline/row.ts'
import { startJob } from './index-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fosen-job-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const writeFiles = (count: number) => {
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `${i}.txt`), `${i}\n`)
}

describe('a job', () => {
  test('refuses a load that is no number of files, and has none while nothing was found', async () => {
    await using job = startJob(folder)
    for (const files of [0, -1, 1.5, Number.NaN, 100_001]) await expect(job.addLoad(files)).rejects.toThrow(RangeError)
    expect(await job.addLoad(5)).toBe(0)
  })

  test('does files again that are added to it, which are in no index', async () => {
    writeFiles(2)
    await using job = startJob(folder)
    await job.whenIdle()
    expect(await job.addLoad(5)).toBe(5)
    await job.whenIdle()
    expect(await job.stats()).toMatchObject({ phase: 'idle', found: 7, done: 7, repeated: 0 })
    const { rows, found } = await job.close()
    expect([rows.length, found]).toEqual([2, 2])
    expect(await job.stats()).toMatchObject({ phase: 'ended' })
  })

  test('takes nothing while it is paused', async () => {
    await using queue = new DequeQueue<Message>({ capacity: 3 })
    await queue.pause()
    writeFiles(20)
    await using job = startJob(folder, { queue })
    await vi.waitFor(async () => expect(await job.stats()).toMatchObject({ found: 20 }), 10_000)
    expect(await job.stats()).toMatchObject({ phase: 'walking', done: 0, queue: { paused: true } })
    await job.resume()
    await job.whenIdle()
    expect(await job.stats()).toMatchObject({ phase: 'idle', done: 20, queue: { paused: false } })
  })

  test('tries what has failed again when it is told to, and is then done', async () => {
    writeFiles(12)
    await using job = startJob(folder, { fail: '1' })
    await job.whenIdle()
    const dead = await job.deadLetters()
    const error = 'Error: --fail: the path has 1 in it'
    expect(dead.map(({ path }) => path).sort()).toEqual(['1.txt', '10.txt', '11.txt'])
    expect(dead[0]).toMatchObject({ attempts: 4, error })
    expect(await job.outcome()).toMatchObject({ dead: 3, lost: 0, found: 12 })
    expect((await job.outcome()).rows.find(row => row.path === '10.txt')?.error).toBe(error)
    expect(await job.requeue(['no such id'])).toBe(0)
    expect(await job.requeue(dead.slice(1).map(({ id }) => id))).toBe(2)
    await job.whenIdle()
    expect(await job.close()).toMatchObject({ dead: 1, lost: 0, found: 12 })
  })

  test('has a file done again whose thread was terminated', async () => {
    writeFiles(200)
    await using queue = new DequeQueue<Message>()
    await queue.pause()
    await using job = startJob(folder, { queue })
    expect([await job.killWorker(), await job.killWorker(1)]).toEqual([undefined, undefined])
    await job.resume()
    const killed = await vi.waitUntil(() => job.killWorker(), { timeout: 10_000, interval: 1 })
    expect(killed).toEqual({ pid: process.pid, thread: expect.stringMatching(/^analyse-\d$/) })
    await job.whenIdle()
    const { rows, repeated, lost, dead, killed: all } = await job.close()
    expect({ rows: rows.filter(row => row.facts).length, repeated, lost, dead, all }).toEqual({
      rows: 200,
      repeated: 0,
      lost: 0,
      dead: 0,
      all: [killed],
    })
  })

  test('of chaos is done all the same', async () => {
    writeFiles(300)
    await using job = startJob(folder, { chaos: 10 })
    await job.whenIdle()
    const { rows, lost, dead, killed } = await job.close()
    expect([rows.filter(row => row.facts).length, lost, dead]).toEqual([300, 0, 0])
    expect(killed.length).toBeGreaterThan(0)
  })

  test('tells what each thread does, at which file, and how that has ended', async () => {
    writeFiles(3)
    const events: JobEvent[] = []
    const job = startJob(folder, { watched: true, fail: '2' })
    using _watching = job.watch(some => events.push(...some))
    await job.whenIdle()
    await job.close()
    const operations = events.filter((event): event is OperationEvent => event.type === 'start' || event.type === 'end')
    const of = (channel: string, type: OperationEvent['type']) =>
      operations.filter(event => event.channel === channel && event.type === type)
    const common = { pid: process.pid, operation: expect.any(Number), at: expect.any(Number) }
    const run = { ...common, channel: 'fosen:thread-async:run', name: 'analyse', threadId: expect.any(Number) }
    const runs = of('fosen:thread-async:run', 'start')
    expect(runs.map(({ file }) => file).sort()).toEqual(['0.txt', '1.txt'])
    expect(runs[0]).toEqual({ ...run, type: 'start', thread: 'analyse-1', file: runs[0]?.file })
    const [end] = of('fosen:thread-async:run', 'end')
    expect(end).toEqual({ ...runs[0], type: 'end', at: expect.any(Number) })
    expect(end?.at).toBeGreaterThanOrEqual(runs[0]?.at as number)
    for (const type of ['start', 'end'] as const) {
      const tasks = of('fosen:event-loop:task', type).filter(({ name }) => name.endsWith('.txt'))
      expect(tasks.map(({ thread, name }) => `${thread} ${name}`).sort()).toEqual(['loop-1 0.txt', 'loop-1 1.txt'])
    }
    const handled = of('fosen:queue:process', 'end').filter(({ file }) => file === '2.txt')
    expect(handled.map(({ thread, attempt }) => `${thread} ${attempt}`)).toEqual([
      'main 1',
      'main 2',
      'main 3',
      'main 4',
    ])
    expect(handled[0]?.error).toBe('Error: --fail: the path has 2 in it')
  })
})
