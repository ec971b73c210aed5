import { type Coroutine, coroutine, next, StopIteration } from '@fosen/coroutine'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'

describe('as in Python, a coroutine', () => {
  test('gives what it yields, takes what it is sent, and raises StopIteration each time once it has ended', () => {
    const python = `
    def total():
        log('begins')
        one = yield 'first'
        two = yield 'second'
        return one + two
    coro = total()
    for call in lambda: next(coro), lambda: coro.send(1), lambda: coro.send(2), lambda: next(coro), lambda: coro.send(3):
        attempt(call)
    log(next(coro, 'over'))
    `
    sameTrace(python, ({ log, attempt }) => {
      const total = coroutine(function* (): Generator<string, number, number> {
        log('begins')
        const one = yield 'first'
        const two = yield 'second'
        return one + two
      })
      const coro = total()
      const calls = [() => next(coro), () => coro.send(1), () => coro.send(2), () => next(coro), () => coro.send(3)]
      for (const call of calls) attempt(call)
      log(next(coro, 'over'))
    })
  })

  test('refuses a value before its first yield, and has not begun by that', () => {
    const python = `
    coro = echo('a')
    attempt(lambda: coro.send(5))
    log(state(coro))
    attempt(lambda: coro.send(None))
    attempt(lambda: coro.send(5))
    attempt(coro.close)
    `
    sameTrace(python, ({ log, attempt, echo }) => {
      const coro = echo('a')
      attempt(() => coro.send(5))
      log(coro.state)
      attempt(() => coro.send(undefined))
      attempt(() => coro.send(5))
      attempt(() => coro.close())
    })
  })

  test('is raised an error where it stands, which ends one that has not begun, and comes back from one that has ended', () => {
    const python = `
    coro = echo('a')
    next(coro)
    for _ in range(3):
        attempt(lambda: coro.throw(ValueError('error')))
    coro = echo('b')
    attempt(lambda: coro.throw(ValueError('error')))
    log(state(coro))
    attempt(lambda: next(coro))
    `
    sameTrace(python, ({ log, attempt, echo }) => {
      let coro = echo('a')
      next(coro)
      for (let i = 0; i < 3; i++) attempt(() => coro.raise(new RangeError('error')))
      coro = echo('b')
      attempt(() => coro.raise(new RangeError('error')))
      log(coro.state)
      attempt(() => next(coro))
    })
  })

  test('cleans up when it is closed, which one that has not begun or has ended does not', () => {
    const python = `
    coro = echo('a')
    next(coro)
    attempt(coro.close)
    attempt(coro.close)
    attempt(lambda: next(coro))
    coro = echo('b')
    attempt(coro.close)
    attempt(lambda: next(coro))
    `
    sameTrace(python, ({ attempt, echo }) => {
      let coro = echo('a')
      next(coro)
      attempt(() => coro.close())
      attempt(() => coro.close())
      attempt(() => next(coro))
      coro = echo('b')
      attempt(() => coro.close())
      attempt(() => next(coro))
    })
  })

  test('may catch the GeneratorExit, and its close gives what it returns', () => {
    const python = `
    def catching():
        try:
            yield 1
        except GeneratorExit as exit:
            log('caught', type(exit).__name__)
            return 'value'
    coro = catching()
    next(coro)
    attempt(coro.close)
    log(state(coro))
    `
    sameTrace(python, ({ log, attempt }) => {
      const catching = coroutine(function* () {
        try {
          yield 1
        } catch (exit) {
          log('caught', (exit as Error).name)
        }
        return 'value'
      })
      const coro = catching()
      next(coro)
      attempt(() => coro.close())
      log(coro.state)
    })
  })

  test('may not yield when it is closed, and goes on from there when it does', () => {
    const python = `
    def ignoring():
        try:
            yield 1
        finally:
            log('sent', (yield 2))
            yield 3
    coro = ignoring()
    next(coro)
    attempt(coro.close)
    log(state(coro))
    attempt(lambda: coro.send('value'))
    attempt(lambda: next(coro))
    `
    sameTrace(python, ({ log, attempt }) => {
      const ignoring = coroutine(function* (): Generator<number, void, unknown> {
        try {
          yield 1
        } finally {
          log('sent', yield 2)
          yield 3
        }
      })
      const coro = ignoring()
      next(coro)
      attempt(() => coro.close())
      log(coro.state)
      attempt(() => coro.send('value'))
      attempt(() => next(coro))
    })
  })

  test('that raises a StopIteration itself raises a RuntimeError, of which that is the cause', () => {
    const python = `
    def leaking():
        yield 1
        raise StopIteration('value')
    for step in next, lambda coro: coro.send(None), lambda coro: coro.close():
        coro = leaking()
        next(coro)
        try:
            step(coro)
        except RuntimeError as error:
            log(type(error).__name__, type(error.__cause__).__name__, error.__cause__.value)
    `
    sameTrace(python, ({ log }) => {
      const leaking = coroutine(function* () {
        yield 1
        throw new StopIteration('value')
      })
      type Leaking = ReturnType<typeof leaking>
      const steps = [next, (coro: Leaking) => coro.send(undefined), (coro: Leaking) => coro.close()]
      for (const step of steps) {
        const coro = leaking()
        next(coro)
        try {
          step(coro)
        } catch (error) {
          const { name, cause } = error as { name: string; cause: StopIteration }
          log(name, cause.name, cause.value)
        }
      }
    })
  })

  test('tells its state', () => {
    const python = `
    def body():
        log(state(coro))
        yield
    coro = body()
    for _ in range(2):
        log(state(coro))
        next(coro, None)
    log(state(coro))
    `
    sameTrace(python, ({ log }) => {
      const body = coroutine(function* (): Generator<undefined, void, unknown> {
        log(coro.state)
        yield
      })
      const coro: Coroutine = body()
      for (let i = 0; i < 2; i++) {
        log(coro.state)
        next(coro, undefined)
      }
      log(coro.state)
    })
  })

  test('refuses to be resumed while it runs, with an error of its language', () => {
    const python = `
    def body():
        for resume in lambda: next(coro), lambda: coro.send(1), lambda: coro.throw(KeyError()), lambda: coro.close():
            try:
                resume()
            except ValueError:
                log('refused')
        yield 'goes on'
    coro = body()
    log(next(coro))
    `
    sameTrace(python, ({ log }) => {
      const body = coroutine(function* (): Generator<string, void, unknown> {
        for (const resume of [
          () => next(coro),
          () => coro.send(1),
          () => coro.raise(new Error()),
          () => coro.close(),
        ]) {
          try {
            resume()
          } catch (error) {
            if (error instanceof TypeError) log('refused')
          }
        }
        yield 'goes on'
      })
      const coro: Coroutine = body()
      log(next(coro))
    })
  })
})
