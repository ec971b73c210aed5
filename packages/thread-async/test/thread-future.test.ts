import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ThreadFuture } from '@fosen/thread-async'
import { describe, expect, test, vi } from 'vitest'

const make = <T>(withdraw = () => true) => new ThreadFuture<T>(withdraw)

describe('ThreadFuture', () => {
  test('is awaited before and after it is done', async () => {
    const future = make<number>()
    const before = future.then(value => value + 1)
    future.setResult(1)
    expect(await before).toBe(2)
    expect(await future).toBe(1)
  })

  test('goes from pending to running to done', () => {
    const future = make<number>()
    expect([future.done(), future.running()]).toEqual([false, false])
    expect(future.setRunning()).toBe(true)
    expect([future.done(), future.running()]).toEqual([false, true])
    future.setResult(1)
    expect([future.done(), future.running()]).toEqual([true, false])
  })

  test('keeps its first outcome', async () => {
    const future = make<number>()
    future.setResult(1)
    future.setResult(2)
    future.setException(new Error('late'))
    expect(future.cancel()).toBe(false)
    expect(await future).toBe(1)
  })

  test('is cancelled only when the call can be withdrawn', async () => {
    expect(make(() => false).cancel()).toBe(false)
    const future = make()
    expect(future.cancel('reason')).toBe(true)
    expect(future.cancel()).toBe(true)
    expect(future.setRunning()).toBe(false)
    await expect(future).rejects.toMatchObject({ name: 'CancelledError', cause: 'reason' })
  })

  test('calls back once, in order, also when it is done already', () => {
    const future = make<number>()
    const calls: string[] = []
    future.addDoneCallback(() => calls.push('a'))
    future.addDoneCallback(given => calls.push(given === future ? 'b' : 'another future'))
    future.setResult(1)
    future.addDoneCallback(() => calls.push('late'))
    expect(calls).toEqual(['a', 'b', 'late'])
    expect(() => future.addDoneCallback(5 as never)).toThrow(TypeError)
  })

  test('calls the others although a callback throws, which is uncaught', () => {
    const script = fileURLToPath(new URL('fixtures/throwing-callback.ts', import.meta.url))
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toBe(
      'next\nuncaught: first\nuncaught: late\n',
    )
  })

  test('is no unhandled rejection when a callback was attached', async () => {
    const future = make()
    const callback = vi.fn()
    future.addDoneCallback(callback)
    future.setException(new Error('seen by the callback'))
    await new Promise(resolve => setImmediate(resolve))
    expect(callback).toHaveBeenCalledOnce()
  })
})
