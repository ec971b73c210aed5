import { readFileSync } from 'node:fs'
import {
  type Coroutine,
  coroutine,
  GeneratorExit,
  next,
  RuntimeError,
  StopIteration,
  yieldFrom,
} from '@fosen/coroutine'
import { describe, expect, test } from 'vitest'

const f = coroutine(function* () {
  const x: number = yield 1
  return x
})

const g = coroutine(function* () {
  yield 1
})

/** What is thrown. */
function thrownBy(step: () => unknown): unknown {
  try {
    step()
  } catch (error) {
    return error
  }
  return expect.unreachable('nothing was thrown')
}

/** The rows of the table, by what stands for Python. */
const rows: Record<string, () => void> = {
  'def f(): x = yield 1': () => {
    const c = f()
    next(c)
    expect(thrownBy(() => c.send(5))).toMatchObject({ value: 5 })
  },
  'next(c)': () => {
    const c = f()
    expect(next(c)).toBe(1)
    expect(thrownBy(() => next(c))).toBeInstanceOf(StopIteration)
  },
  'next(c, default)': () => {
    expect(next([].values(), 'default')).toBe('default')
  },
  'c.send(1)': () => {
    const c = coroutine(function* (): Generator<number, void, number> {
      yield 1 + (yield 0)
    })()
    next(c)
    expect(c.send(1)).toBe(2)
  },
  'c.throw(error)': () => {
    const c = coroutine(function* (): Generator<unknown> {
      try {
        yield 1
      } catch (error) {
        yield error
      }
    })()
    next(c)
    expect(c.raise('error')).toBe('error')
  },
  'c.close()': () => {
    const c = f()
    next(c)
    expect(c.close()).toBeUndefined()
    expect(thrownBy(() => next(c))).toBeInstanceOf(StopIteration)
  },
  'inspect.getcoroutinestate(c)': () => {
    const c: Coroutine = coroutine(function* (): Generator {
      yield c.state
    })()
    const states = [c.state, next(c), c.state, next(c, 'over'), c.state]
    expect(states).toEqual(['CORO_CREATED', 'CORO_RUNNING', 'CORO_SUSPENDED', 'over', 'CORO_CLOSED'])
  },
  'x = yield from c': () => {
    const outer = coroutine(function* () {
      const x = yield* yieldFrom(f())
      return [x]
    })
    const c = outer()
    expect(next(c)).toBe(1)
    expect(thrownBy(() => c.send(5))).toMatchObject({ value: [5] })
  },
  'for x in c:': () => {
    const log: number[] = []
    for (const x of g()) log.push(x)
    expect(log).toEqual([1])
  },
  'list(c)': () => {
    expect([...g()]).toEqual([1])
  },
  'except StopIteration as e: e.value': () => {
    const error = thrownBy(() => next([].values()))
    expect(error instanceof StopIteration && 'value' in error).toBe(true)
  },
  'except GeneratorExit:': () => {
    const c = coroutine(function* () {
      try {
        yield 1
      } catch (error) {
        return error instanceof GeneratorExit
      }
      return false
    })()
    next(c)
    expect(c.close()).toBe(true)
  },
  'RuntimeError: generator raised StopIteration': () => {
    const cause = new StopIteration(1)
    // biome-ignore lint/correctness/useYield: it throws before
    const c = coroutine(function* () {
      throw cause
    })()
    const error = thrownBy(() => next(c))
    expect(error).toBeInstanceOf(RuntimeError)
    expect(error).toMatchObject({ cause })
  },
  'RuntimeError: generator ignored GeneratorExit': () => {
    const c = coroutine(function* () {
      try {
        yield 1
      } finally {
        yield 2
      }
    })()
    next(c)
    expect(thrownBy(() => c.close())).toBeInstanceOf(RuntimeError)
  },
  "TypeError: can't send non-None value to a just-started generator": () => {
    const c = f()
    expect(thrownBy(() => c.send(5))).toBeInstanceOf(TypeError)
    expect((c as Coroutine).send(undefined)).toBe(1)
  },
  'ValueError: generator already executing': () => {
    const c: Coroutine = coroutine(function* (): Generator {
      for (const step of [next, (it: Coroutine) => it.send(undefined), (it: Coroutine) => it.raise(1)]) {
        yield thrownBy(() => step(c))
      }
      yield thrownBy(() => c.close())
    })()
    expect([...c]).toEqual(Array(4).fill(expect.any(TypeError)))
  },
}

test('the table has these rows', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const table = readme.split('## Python ↔ fosen')[1]?.split('##')[0] ?? ''
  const python = [...table.matchAll(/^\| `(.*?)` \|/gm)].map(([, cell]) => cell)
  expect(python).toEqual(Object.keys(rows))
})

describe('where Python has', () => {
  test.each(Object.entries(rows))('%s, the other side of the row does the same', (_, row) => row())
})

describe('where it stays JavaScript', () => {
  test('leaving a loop ends the coroutine', () => {
    const c = g()
    for (const _ of c) break
    expect(c.state).toBe('CORO_CLOSED')
  })

  test('a value for a coroutine that has not begun is dropped by next', () => {
    expect(f().next(5)).toEqual({ done: false, value: 1 })
  })

  test('yield* makes a TypeError of what is raised at an array, and goes on after a coroutine that was closed', () => {
    const outer = coroutine(function* (iterable: Iterable<unknown>) {
      yield* iterable
      return 'went on'
    })
    const atArray = outer([1])
    next(atArray)
    expect(thrownBy(() => atArray.raise('mine'))).toBeInstanceOf(TypeError)
    const atCoroutine = outer(
      coroutine(function* () {
        try {
          yield 1
        } catch {}
      })(),
    )
    next(atCoroutine)
    expect(atCoroutine.close()).toBe('went on')
  })
})
