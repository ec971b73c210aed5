import { getEventListeners } from 'node:events'
import { TimeoutError } from '@fosen/shared-memory'
import { CancelledError, ThreadPool } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  add,
  isCancelled,
  prepare,
  spinForEver,
  untilAborted,
  untilCancelled,
  waitAtGate,
  whoRuns,
} from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'

function withAbort() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: (reason: unknown) => controller.abort(reason) }
}

let pool: ThreadPool
let gate: Gate
beforeEach(() => {
  pool = new ThreadPool({ max: 1, name: 'test', grace: 20 })
  gate = new Gate()
})
afterEach(() => pool.shutdown())

describe('cancel', () => {
  test('drops a call that waits for a thread', async () => {
    const running = pool.submit(waitAtGate, gate.cells)
    const waiting = pool.submit(waitAtGate, gate.cells)
    await gate.arrived(1)
    expect(waiting.cancel('not needed')).toBe(true)
    expect([waiting.cancelled(), waiting.done(), waiting.running()]).toEqual([true, true, false])
    await expect(waiting).rejects.toMatchObject({ name: 'CancelledError', cause: 'not needed' })
    gate.open()
    await running
    expect(Atomics.load(gate.cells, 0)).toBe(1)
  })

  test('aborts the signal of a call that runs; its thread goes on', async () => {
    await using patient = new ThreadPool({ max: 1, name: 'patient', grace: 60_000 })
    const future = patient.submit(untilAborted, gate.cells)
    await gate.arrived(1)
    expect(future.cancel()).toBe(true)
    await expect(future).rejects.toThrow(CancelledError)
    expect(await gate.left()).toBe('CancelledError'.length)
    expect(await patient.submit(whoRuns)).toBe('patient-1')
  })

  test('is seen by code that never waits', async () => {
    await using patient = new ThreadPool({ max: 1, name: 'patient', grace: 60_000 })
    const future = patient.submit(untilCancelled, gate.cells)
    await gate.arrived(1)
    future.cancel()
    await gate.left()
    expect(await patient.submit(whoRuns)).toBe('patient-1')
    expect(future.cancelled()).toBe(true)
  })

  test('in the turn that made the call keeps it from running, although its thread starts', async () => {
    const future = pool.submit(untilCancelled, gate.cells)
    expect(future.cancel()).toBe(true)
    await expect(future).rejects.toThrow(CancelledError)
    await using patient = new ThreadPool({ max: 1, name: 'patient', grace: 60_000, initializer: prepare })
    const waiting = patient.submit(untilCancelled, gate.cells)
    waiting.cancel()
    await expect(waiting).rejects.toThrow(CancelledError)
    expect(await patient.submit(whoRuns)).toBe('patient-1')
    expect(Atomics.load(gate.cells, 0)).toBe(0)
  })

  test('ends the thread when the call goes on after its grace, and only that call fails', async () => {
    const future = pool.submit(spinForEver, gate.cells)
    const next = pool.submit(whoRuns)
    await gate.arrived(1)
    expect(future.cancel()).toBe(true)
    await expect(future).rejects.toThrow(CancelledError)
    expect(await next).toBe('test-2')
  })

  test('of one call is not seen by another, nor outside of any', async () => {
    const first = pool.submit(untilCancelled, gate.cells)
    await gate.arrived(1)
    first.cancel()
    expect(await pool.submit(isCancelled)).toEqual([false, false])
    expect(isCancelled()).toEqual([false, false])
  })

  test('comes too late for a call that is done', async () => {
    const future = pool.submit(add, 1, 2)
    await future
    expect(future.cancel()).toBe(false)
    expect(future.cancelled()).toBe(false)
  })
})

describe('a timeout', () => {
  test('fails the call, and cancels it', async () => {
    await pool.submit(add, 1, 2)
    const future = pool.with({ timeout: 500, grace: 60_000 }).submit(untilAborted, gate.cells)
    await expect(future).rejects.toThrow(TimeoutError)
    await expect(future).rejects.toThrow('untilAborted did not end within 500 ms')
    expect(await gate.left()).toBe('TimeoutError'.length)
    expect(await pool.submit(whoRuns)).toBe('test-1')
  })

  test('does not count the time that a call waits for a thread', async () => {
    const running = pool.submit(waitAtGate, gate.cells)
    const waiting = pool.with({ timeout: 1000 }).submit(add, 1, 2)
    expect(() => waiting.result(50)).toThrow(TimeoutError)
    gate.open()
    expect(await waiting).toBe(3)
    await running
  })

  test('is kept while the caller is blocked', () => {
    // The time begins when the call is sent: a thread that has yet to start would never run it.
    pool.submit(add, 1, 2).result()
    const future = pool.with({ timeout: 500 }).submit(spinForEver, gate.cells)
    expect(() => future.result()).toThrow('did not end within 500 ms')
    expect(pool.submit(whoRuns).result()).toBe('test-2')
  })
})

describe('a signal', () => {
  test('that is aborted fails the call with its reason, waiting or running', async () => {
    const controller = new AbortController()
    const submitter = pool.with({ signal: controller.signal })
    const running = submitter.submit(spinForEver, gate.cells)
    const waiting = submitter.submit(add, 1, 2)
    await gate.arrived(1)
    controller.abort(new RangeError('no more'))
    await expect(running).rejects.toThrow(RangeError)
    await expect(waiting).rejects.toThrow('no more')
    expect(await pool.submit(whoRuns)).toBe('test-2')
  })

  test('that is aborted keeps a call from running, also when somebody blocks on hearing of it', async () => {
    const first = pool.submit(waitAtGate, gate.cells)
    const controller = new AbortController()
    const aborted = pool.with({ signal: controller.signal }).submit(untilCancelled, gate.cells)
    aborted.addDoneCallback(() => first.result(20_000))
    gate.open()
    controller.abort()
    await first
    expect(await pool.submit(whoRuns)).toBe('test-1')
    expect(Atomics.load(gate.cells, 0)).toBe(1)
  })

  test('that is aborted fails ten thousand calls, and is listened to no longer', async () => {
    const { signal, abort } = withAbort()
    const submitter = pool.with({ signal })
    const running = pool.submit(waitAtGate, gate.cells)
    const waiting = Array.from({ length: 10_000 }, () => submitter.submit(add, 1, 2))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    abort('no more')
    for (const future of waiting) expect(future.peek()).toEqual({ status: 'rejected', reason: 'no more' })
    for (const future of waiting) await future.then(null, () => {})
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    gate.open()
    await running
  })

  test('that is aborted before fails the call at once, and nothing runs', async () => {
    const future = pool.with({ signal: AbortSignal.abort('before') }).submit(spinForEver, gate.cells)
    expect(future.done()).toBe(true)
    await expect(future).rejects.toBe('before')
    expect(pool.stats().threads).toEqual([])
  })
})
