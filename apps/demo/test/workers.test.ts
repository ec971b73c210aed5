import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type RedisServer, startRedisServer } from '@fosen/redis-server'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { JobEvent } from '../src/job.ts'
import { describeShortfall } from '../src/report/shortfall.ts'
import { askRedis } from './ask-redis.ts'
import { isAlive, startWorkerJob } from './worker-job.ts'

const files = 400
let folder: string
let redis: RedisServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fosen-workers-'))
  for (let i = 0; i < files; i++) writeFileSync(join(folder, `${i}.txt`), `${i}\n`)
  redis = await startRedisServer({ args: ['--appendonly', 'yes'] })
})
afterAll(async () => {
  await redis.stop()
  rmSync(folder, { recursive: true })
})

type WorkerJob = Awaited<ReturnType<typeof startWorkerJob>>['job']
const pids = async (job: WorkerJob) => (await job.stats()).workers.map(({ pid }) => pid)
const atWork = (job: WorkerJob) =>
  vi.waitUntil(async () => (await job.stats()).workers.some(({ done }) => done > 0), { timeout: 20_000 })

describe('worker processes', { timeout: 60_000 }, () => {
  test('are replaced when they are killed, and every file is indexed', async () => {
    const events: JobEvent[] = []
    await using started = await startWorkerJob(folder, redis.url, { watched: true })
    const { job } = started
    using _watching = job.watch(some => events.push(...some))
    await atWork(job)
    const first = await pids(job)
    await job.addLoad(2000)
    expect(await job.killWorker(first[0])).toEqual({ pid: first[0] })
    const second = await vi.waitUntil(() => job.killWorker(), { timeout: 20_000 })
    expect(second).toEqual({ pid: expect.any(Number) })
    expect(await job.killWorker(process.pid)).toBe(undefined)
    expect([isAlive(first[0] as number), isAlive(second?.pid as number)]).toEqual([false, false])
    await job.whenIdle()
    expect(await job.stats()).toMatchObject({ phase: 'idle', found: files + 2000, done: files + 2000 })
    const left = await pids(job)
    expect(left).toHaveLength(2)
    const { rows, lost, dead, killed } = await job.close()
    expect([rows.filter(row => row.facts).length, lost, dead]).toEqual([files, 0, 0])
    expect(killed).toEqual([{ pid: first[0] }, second])
    expect(left.filter(isAlive)).toEqual([])
    const exits = new Map(events.flatMap(event => (event.type === 'worker-exit' ? [[event.pid, event.how]] : [])))
    expect([exits.get(first[0] as number), ...left.map(pid => exits.has(pid))]).toEqual(['SIGKILL', true, true])
    const runs = events.filter(event => event.type === 'end' && event.channel === 'fosen:thread-async:run')
    const workers = new Set([...first, ...events.flatMap(event => (event.type === 'worker-start' ? event.pid : []))])
    expect(new Set([...workers, ...runs.map(({ pid }) => pid)])).toEqual(workers)
    expect(runs.length).toBeGreaterThan(files)
  })

  test('leave nothing behind, neither processes nor keys', async () => {
    await askRedis(redis.url, 'FLUSHALL')
    {
      await using started = await startWorkerJob(folder, redis.url)
      await started.job.whenIdle()
    }
    expect(await askRedis(redis.url, 'DBSIZE')).toBe(':0\r\n+OK\r\n')
  })

  test('fail what is to fail until it is requeued', async () => {
    await using started = await startWorkerJob(folder, redis.url, { fail: '39' })
    const { job } = started
    await job.whenIdle()
    const dead = await job.deadLetters()
    expect(dead.length).toBe(14)
    expect(dead[0]).toMatchObject({ attempts: 4, error: 'Error: --fail: the path has 39 in it' })
    expect(await job.requeue()).toBe(14)
    await job.whenIdle()
    expect(await job.close()).toMatchObject({ dead: 0, lost: 0, found: files })
  })

  test('that cannot start end the job, which says why', async () => {
    const workersUrl = `redis://127.0.0.1:${await freePort()}`
    await using started = await startWorkerJob(folder, redis.url, { workersUrl })
    await started.job.whenIdle()
    const outcome = await started.job.close()
    expect(outcome).toMatchObject({ end: 'gone', rows: [], lost: 0 })
    expect(describeShortfall(outcome)).toMatch(
      /^no worker can start: cannot reach Redis at redis:.*ECONNREFUSED.*: 400 of 400 files found are not in the index/,
    )
  })

  test('that are interrupted finish what they are reading, and nothing is lost', async () => {
    const controller = new AbortController()
    await using started = await startWorkerJob(folder, redis.url, { signal: controller.signal })
    const { job, queue } = started
    await job.addLoad(1)
    await atWork(job)
    const workers = await pids(job)
    controller.abort(new Error('interrupted'))
    await job.whenIdle()
    const { rows, found, lost } = await job.close()
    const { ready, delayed, inFlight } = await queue.stats()
    expect([ready + delayed + rows.length, inFlight, lost]).toEqual([found, 0, 0])
    expect(workers.filter(isAlive)).toEqual([])
  })

  test('end when Redis is gone in the middle, and what is done is kept', async () => {
    await using other = await startRedisServer()
    await using started = await startWorkerJob(folder, other.url, { silence: 500 })
    const { job } = started
    await atWork(job)
    const workers = await pids(job)
    await other.stop()
    await job.whenIdle()
    const outcome = await job.close()
    expect(outcome.end).toBe('gone')
    expect(outcome.rows.length).toBeGreaterThan(0)
    expect(workers.filter(isAlive)).toEqual([])
    // Queues that are closed wait for a Redis that is gone.
    await using _ = await startRedisServer({ port: other.port })
    await started[Symbol.asyncDispose]()
  })
})
