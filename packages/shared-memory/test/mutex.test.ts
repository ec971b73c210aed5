import { once } from 'node:events'
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
    expect(mutex.tryAcquire()).toBe(true)
    expect(mutex.tryAcquire()).toBe(false)
    mutex.release()
    expect(mutex.tryAcquire()).toBe(true)
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

  test.each([[Number.NaN], [-1]])('refuses a timeout of %s', async timeout => {
    expect(() => new Mutex().acquireSync(timeout)).toThrow(RangeError)
    await expect(new Mutex().acquire({ timeout })).rejects.toThrow(RangeError)
  })
})
