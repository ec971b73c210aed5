import { coroutine } from '@fosen/coroutine'
import {
  CancelledError,
  captureCallGraph,
  type ExceptionContext,
  RuntimeError,
  type Suspend,
  shield,
  sleep,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
let told: ExceptionContext[]
beforeEach(() => {
  loop = new VirtualEventLoop()
  told = []
  loop.setExceptionHandler((_, context) => told.push(context))
})
afterEach(() => loop.close())

const run = <T>(body: () => Generator<Suspend, T>) => loop.runUntilCompleteSync(coroutine(body)())
const failing = coroutine(function* (error: unknown) {
  yield* sleep(5)
  throw error
})

describe('shield', () => {
  test('refuses what cannot be waited for, and a coroutine where no loop runs', () => {
    expect(() => shield(sleep(1))).toThrow(RuntimeError)
    run(function* () {
      expect(() => shield(5 as never)).toThrow(TypeError)
      yield* sleep(0)
    })
  })

  test('keeps a cancellation from what it shields, and not from who waits', () => {
    const inner = loop.createTask(sleep(5, 'saved'))
    const outer = shield(inner)
    const waiting = loop.createTask(
      coroutine(function* () {
        yield* outer
      })(),
    )
    loop.callLater(1, () => waiting.cancel('enough'))
    expect(() => loop.runUntilCompleteSync(waiting)).toThrow(new CancelledError('enough'))
    expect([outer.cancelled(), inner.cancelling(), loop.time()]).toEqual([true, 0, 1])
    expect(loop.runUntilCompleteSync(inner)).toBe('saved')
    expect(told).toEqual([])
  })

  test('is cancelled with what it shields', () => {
    const inner = loop.createTask(sleep(5))
    const outer = shield(inner)
    inner.cancel()
    expect(() => loop.runUntilCompleteSync(outer)).toThrow(CancelledError)
    expect(outer.cancelled()).toBe(true)
  })

  test.each([new RangeError('lost'), undefined])('fails with what it shields: %s', error => {
    const outer = run(function* () {
      const future = shield(failing(error))
      yield* sleep(10)
      return future
    })
    expect(outer.done()).toBe(true)
    expect(outer.exception()).toBe(error)
  })

  test.each([
    [new RangeError('lost'), 'RangeError exception in shielded future'],
    [undefined, 'undefined exception in shielded future'],
  ])('tells of a failure that comes after its cancellation, once: %s', (error, message) => {
    const inner = loop.createTask(failing(error))
    const outer = [shield(inner), shield(inner)]
    for (const future of outer) future.cancel()
    loop.runUntilCompleteSync(sleep(10))
    expect(told.map(({ future, ...context }) => [future === inner, context])).toEqual([[true, { message, error }]])
  })

  test('leaves alone what is cancelled after its cancellation', () => {
    const inner = loop.createTask(sleep(5))
    shield(inner).cancel()
    loop.callLater(1, () => inner.cancel())
    loop.runUntilCompleteSync(sleep(10))
    expect([inner.cancelled(), told]).toEqual([true, []])
  })

  test('leaves a failure in the turn of its cancellation to who asks what it shielded', () => {
    const inner = loop.createFuture()
    const outer = shield(inner)
    loop.callSoon(() => {
      inner.setException(new RangeError('lost'))
      outer.cancel()
    })
    loop.runUntilCompleteSync(sleep(10))
    expect([outer.cancelled(), told]).toEqual([true, []])
    loop.close()
    expect(told).toEqual([{ message: 'Future exception was never retrieved', error: new RangeError('lost') }])
  })

  test('does not tell of a failure that somebody still waits for', () => {
    const inner = loop.createTask(failing(new RangeError('seen')))
    const outer = shield(inner)
    expect(() => loop.runUntilCompleteSync(outer)).toThrow('seen')
    loop.close()
    expect(told).toEqual([])
  })

  test('of a future that is done is that future', () => {
    const future = loop.createFuture<string>()
    future.setResult('there')
    expect(shield(future)).toBe(future)
  })

  test('is told in the call graph of what it waits for', () => {
    const inner = loop.createFuture()
    const outer = coroutine(function* () {
      yield* shield(inner)
    })
    const task = loop.createTask(outer())
    loop.runUntilCompleteSync(sleep(0))
    expect(captureCallGraph(inner)?.awaitedBy.map(({ future }) => future === task)).toEqual([true])
  })
})
