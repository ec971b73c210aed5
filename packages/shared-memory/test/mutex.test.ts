import { execFileSync } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Mutex, shareOf, TimeoutError } from '@fosen/shared-memory'
import { describe, expect, test } from 'vitest'

const fixture = (name: string, workerData: unknown) =>
  new Worker(new URL(`fixtures/${name}.ts`, import.meta.url), { workerData })

async function heldByAnother(mutex: Mutex) {
  const worker = fixture('hold', shareOf(mutex))
  await once(worker, 'message')
  return {
    release: () => worker.postMessage('release'),
    async [Symbol.asyncDispose]() {
      await once(worker, 'exit')
    },
  }
}

describe('Mutex', () => {
  test('lets one thread at a time in, blocking and awaiting ones alike', async () => {
    const mutex = new Mutex()
    const cells = new Int32Array(new SharedArrayBuffer(4))
    const workers = Array.from({ length: 3 }, () =>
      fixture('increment', { shared: shareOf(mutex), cells, times: 3000 }),
    )
    await Promise.all(workers.map(worker => once(worker, 'exit')))
    expect(cells[0]).toBe(9000)
    expect(mutex.locked()).toBe(false)
  })

  test('is taken by tryAcquire only when nobody holds it', () => {
    const mutex = new Mutex()
    expect(mutex.tryAcquire()).toMatchObject({ ownerDied: false })
    expect(mutex.tryAcquire()).toBeUndefined()
    mutex.release()
    using held = mutex.tryAcquire()
    expect(held).toBeDefined()
  })

  test('refuses to be released by a thread that does not hold it', async () => {
    const mutex = new Mutex()
    expect(() => mutex.release()).toThrow('does not hold')
    await using other = await heldByAnother(mutex)
    expect(() => mutex.release()).toThrow('does not hold')
    other.release()
  })

  test('refuses to let a thread block on itself', () => {
    const mutex = new Mutex()
    using _held = mutex.acquireSync()
    expect(() => mutex.acquireSync()).toThrow('wait for itself')
  })

  test('gives up after the timeout, and takes nothing', async () => {
    const mutex = new Mutex()
    await using other = await heldByAnother(mutex)
    expect(() => mutex.acquireSync(5)).toThrow(TimeoutError)
    await expect(mutex.acquire({ timeout: 5 })).rejects.toThrow(TimeoutError)
    other.release()
    using _held = mutex.acquireSync()
  })

  test('ends an aborted wait with the reason, and wakes the others all the same', async () => {
    const mutex = new Mutex()
    await using other = await heldByAnother(mutex)
    const controller = new AbortController()
    const aborted = mutex.acquire({ signal: controller.signal })
    const patient = mutex.acquire()
    controller.abort(new Error('changed my mind'))
    await expect(aborted).rejects.toThrow('changed my mind')
    other.release()
    using _held = await patient
    await expect(mutex.acquire({ signal: controller.signal })).rejects.toThrow('changed my mind')
  })

  test('is released by a guard once', () => {
    const mutex = new Mutex()
    const guard = mutex.acquireSync()
    guard[Symbol.dispose]()
    using _second = mutex.acquireSync()
    guard[Symbol.dispose]()
    expect(mutex.locked()).toBe(true)
  })

  test('leaves no listener on the signal of a wait', async () => {
    const { signal } = new AbortController()
    using _held = await new Mutex().acquire({ signal })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('keeps the process alive while it is waited for', () => {
    const script = fileURLToPath(new URL('fixtures/wait-for-mutex.ts', import.meta.url))
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toBe('acquired\n')
  })

  test.each([[new ArrayBuffer(4)], [8], [{}], [new Mutex()]])('is not made of %s', buffer => {
    expect(() => new Mutex(buffer as never)).toThrow(TypeError)
    expect(() => new Mutex(new SharedArrayBuffer(2))).toThrow(RangeError)
  })

  test.each([[Number.NaN], [-1], ['5'], [null]])('refuses a timeout of %s', async given => {
    const timeout = given as number
    expect(() => new Mutex().acquireSync(timeout)).toThrow(RangeError)
    await expect(new Mutex().acquire({ timeout })).rejects.toThrow(RangeError)
  })
})
