import { execFile } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DequeClosedError, SharedDeque, TimeoutError } from '@fosen/queue-deque'
import { describe, expect, test } from 'vitest'

/** A deque that is full: four numbers are all that it holds. */
function full(): SharedDeque<number> {
  const deque = new SharedDeque<number>({ capacity: 64 })
  deque.pushMany([1, 2, 3, 4])
  return deque
}

/** The waits of a deque that is not given what they wait for. */
const waits = {
  popWait: options => new SharedDeque<number>().popWait(options),
  popLeftWait: options => new SharedDeque<number>().popLeftWait(options),
  appendWait: options => full().appendWait(5, options),
  appendLeftWait: options => full().appendLeftWait(5, options),
} satisfies Record<string, (options?: { signal?: AbortSignal; timeout?: number }) => Promise<unknown>>

describe.each(Object.entries(waits))('%s', (_, wait) => {
  test('rejects with the reason when it is aborted, before or later, and leaves no listener', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const waiting = wait({ signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await expect(wait({ signal })).rejects.toThrow('enough')
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('rejects when the time is over', async () => {
    await expect(wait({ timeout: 0 })).rejects.toThrow(TimeoutError)
    await expect(wait({ timeout: 5 })).rejects.toThrow('did not come within 5 ms')
  })

  test.each([[-1], [Number.NaN], ['5']])('refuses a timeout of %s', async timeout => {
    await expect(wait({ timeout: timeout as number })).rejects.toThrow(/^timeout must be/)
  })

  test('refuses a signal that is none', async () => {
    await expect(wait({ signal: {} as AbortSignal })).rejects.toThrow('signal must be an AbortSignal')
  })
})

describe('a promise for an item', () => {
  test('takes one that is there at once, and none when it was aborted before', async () => {
    const deque = full()
    expect(await deque.popWait({ timeout: 0 })).toBe(4)
    await expect(deque.popWait({ signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    expect(deque.length).toBe(3)
  })

  test('gets one that comes, in turn with others, each from its end', async () => {
    const deque = new SharedDeque<string>()
    const waiting = [deque.popLeftWait(), deque.popWait(), deque.popLeftWait()]
    deque.pushMany(['a', 'b', 'c'])
    expect(await Promise.all(waiting)).toEqual(['a', 'c', 'b'])
  })

  test('that gives up takes nothing, and holds up no other', async () => {
    const deque = new SharedDeque<string>()
    const controller = new AbortController()
    const [aborted, timed] = [deque.popWait({ signal: controller.signal }), deque.popWait({ timeout: 5 })]
    const patient = deque.popWait()
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await expect(timed).rejects.toThrow(TimeoutError)
    deque.append('a')
    expect(await patient).toBe('a')
  })

  test('has its item or leaves it, whenever it is aborted', async () => {
    const deque = new SharedDeque<number>()
    for (let i = 0; i < 200; i++) {
      const controller = new AbortController()
      const waiting = deque.popWait({ signal: controller.signal })
      const turns = i % 10
      const abort = (async () => {
        for (let turn = 0; turn < turns; turn++) await (i % 2 ? undefined : new Promise(setImmediate))
        controller.abort(new Error('enough'))
      })()
      deque.append(i)
      const [given] = await Promise.allSettled([waiting, abort])
      expect(given.status === 'fulfilled' ? given.value : deque.pop()).toBe(i)
      expect(deque.length).toBe(0)
    }
  })

  test('is not served before who got an item before it has gone on', async () => {
    const deque = new SharedDeque<number>()
    const lengths = [1, 2, 3].map(() => deque.popWait().then(() => deque.length))
    deque.pushMany([1, 2, 3])
    expect(await Promise.all(lengths)).toEqual([2, 1, 0])
  })

  test('fails when the deque is closed, and so do those after it once what is there is taken', async () => {
    const deque = new SharedDeque<string>()
    const waiting = [deque.popWait(), deque.popWait(), deque.popWait()]
    deque.append('a')
    deque.close()
    const ended = await Promise.allSettled(waiting)
    expect(ended[0]).toEqual({ status: 'fulfilled', value: 'a' })
    expect(ended.slice(1).map(end => end.status === 'rejected' && end.reason)).toEqual([
      expect.any(DequeClosedError),
      expect.any(DequeClosedError),
    ])
  })

  test('waits also when more threads wait than there are places for', async () => {
    const deque = new SharedDeque<number>()
    const waiting = Array.from({ length: 70 }, () => new SharedDeque<number>({ buffer: deque.buffer }).popWait())
    for (let i = 0; i < 70; i++) deque.append(i)
    expect((await Promise.all(waiting)).toSorted((a, b) => a - b)).toEqual(Array.from(waiting.keys()))
  })
})

describe('a promise for room', () => {
  test('appends in turn once there is some, at its end', async () => {
    const deque = full()
    const waiting = [deque.appendWait(5), deque.appendLeftWait(6), deque.appendWait(7)]
    expect(deque.popLeftMany(3)).toEqual([1, 2, 3])
    await Promise.all(waiting)
    expect(deque.popLeftMany(9)).toEqual([6, 4, 5, 7])
  })

  test('that is large lets none pass it by, until it gives up', async () => {
    const deque = full()
    const controller = new AbortController()
    const large = deque.appendWait(0.1, { signal: controller.signal })
    const small = deque.appendWait(5)
    deque.popLeft()
    controller.abort(new Error('enough'))
    await expect(large).rejects.toThrow('enough')
    await small
    expect(deque.popLeftMany(9)).toEqual([2, 3, 4, 5])
  })

  test('fails when the deque is closed, or has room when it is cleared', async () => {
    const deque = full()
    const waiting = deque.appendWait(5)
    deque.clear()
    await waiting
    deque.pushMany([1, 2, 3])
    const late = deque.appendWait(6)
    deque.close()
    await expect(late).rejects.toThrow(DequeClosedError)
    expect(deque.popLeftMany(9)).toEqual([5, 1, 2, 3])
  })
})

describe('a wait that blocks', () => {
  test('gives up when the time is over, and has changed nothing', async () => {
    const deque = full()
    expect(() => deque.appendWaitSync(5, 10)).toThrow(TimeoutError)
    expect(() => deque.appendLeftWaitSync(5, 0)).toThrow(TimeoutError)
    expect(deque.popLeftMany(9)).toEqual([1, 2, 3, 4])
    expect(() => deque.popWaitSync(10)).toThrow(TimeoutError)
    expect(() => deque.popLeftWaitSync(0)).toThrow(TimeoutError)
  })

  test.each([[-1], [Number.NaN], ['5']])('refuses a timeout of %s', timeout => {
    expect(() => full().popWaitSync(timeout as number)).toThrow(/^timeout must be/)
    expect(() => full().appendWaitSync(5, timeout as number)).toThrow(/^timeout must be/)
  })

  test('needs no time where there is what it waits for', () => {
    const deque = full()
    expect(deque.popLeftWaitSync(0)).toBe(1)
    deque.appendWaitSync(5, 0)
    expect(deque.popWaitSync(0)).toBe(5)
  })
})

test('a process lives as long as a promise waits, and no longer', async () => {
  const script = fileURLToPath(new URL('fixtures/waits.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  expect(stdout).toBe('got late\n')
})
