import { coroutine, next, yieldFrom } from '@fosen/coroutine'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'

describe('as in Python, yieldFrom', () => {
  test('passes on what is sent, and gives what is returned', () => {
    const python = `
    def outer():
        log('inner', (yield from inner()))
        yield from [1, 2]
    def inner():
        log('sent', (yield 'a'))
        return 'returned'
    coro = outer()
    for call in lambda: next(coro), lambda: coro.send('value'), lambda: next(coro), lambda: next(coro):
        attempt(call)
    `
    sameTrace(python, ({ log, attempt }) => {
      const outer = coroutine(function* (): Generator<unknown, void, unknown> {
        log('inner', yield* yieldFrom(inner()))
        yield* yieldFrom([1, 2])
      })
      const inner = coroutine(function* (): Generator<string, string, unknown> {
        log('sent', yield 'a')
        return 'returned'
      })
      const coro = outer()
      for (const call of [() => next(coro), () => coro.send('value'), () => next(coro), () => next(coro)]) attempt(call)
    })
  })

  const outer = `
    def outer(inner):
        try:
            log('inner gives', (yield from inner))
        except ValueError as error:
            log('outer was raised', error)
        finally:
            log('outer cleans up')
        yield 'last'
  `
  const outerOf = (log: (...values: unknown[]) => void) =>
    coroutine(function* (inner: Iterable<unknown, unknown, unknown>): Generator<unknown, void, unknown> {
      try {
        log('inner gives', yield* yieldFrom(inner))
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        log('outer was raised', error)
      } finally {
        log('outer cleans up')
      }
      yield 'last'
    })

  test('passes on what is raised, to what takes it, and raises it itself at what does not', () => {
    const python = `
    ${outer}
    for inner in echo('inner'), [1, 2]:
        coro = outer(inner)
        attempt(lambda: next(coro))
        for _ in range(2):
            attempt(lambda: coro.throw(ValueError('error')))
        attempt(lambda: next(coro))
    `
    sameTrace(python, ({ log, attempt, echo }) => {
      for (const inner of [echo('inner'), [1, 2]]) {
        const coro = outerOf(log)(inner)
        attempt(() => next(coro))
        for (let i = 0; i < 2; i++) attempt(() => coro.raise(new RangeError('error')))
        attempt(() => next(coro))
      }
    })
  })

  test('closes what it goes through when it is closed itself, from the inside out', () => {
    const python = `
    ${outer}
    for inner in echo('inner'), [1, 2]:
        coro = outer(inner)
        attempt(lambda: next(coro))
        try:
            coro.close()
        except RuntimeError as error:
            log(type(error).__name__)
        log(state(coro))
    `
    sameTrace(python, ({ log, attempt, echo }) => {
      for (const inner of [echo('inner'), [1, 2]]) {
        const coro = outerOf(log)(inner)
        attempt(() => next(coro))
        try {
          coro.close()
        } catch (error) {
          log((error as Error).name)
        }
        log(coro.state)
      }
    })
  })

  test('refuses a value for what takes none', () => {
    const python = `
    def outer():
        yield from [1, 2]
    coro = outer()
    attempt(lambda: next(coro))
    try:
        coro.send('value')
    except (AttributeError, TypeError):
        log('refused')
    attempt(lambda: next(coro))
    `
    sameTrace(python, ({ log, attempt }) => {
      const outer = coroutine(function* (): Generator<number, void, unknown> {
        yield* yieldFrom([1, 2])
      })
      const coro = outer()
      attempt(() => next(coro))
      try {
        coro.send('value')
      } catch (error) {
        if (error instanceof TypeError) log('refused')
      }
      attempt(() => next(coro))
    })
  })
})
