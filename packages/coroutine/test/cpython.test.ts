import {
  type Coroutine,
  coroutine,
  GeneratorExit,
  next,
  RuntimeError,
  StopIteration,
  yieldFrom,
} from '@fosen/coroutine'
import { loadCpython, Trace } from '@fosen/cpython'
import { expect, test } from 'vitest'

const { runScenario } = await loadCpython()

/** What is raised, in the place of a KeyError. */
class Raised extends Error {}

const steps: ((coro: Coroutine) => unknown)[] = [
  coro => next(coro),
  coro => next(coro, 'default'),
  coro => coro.send(5),
  coro => coro.raise(new Raised()),
  coro => coro.close(),
  coro => coro.raise(new StopIteration(6)),
]

const drive = (count: number) => `
  import inspect
  from itertools import product

  steps = [
      lambda coro: next(coro),
      lambda coro: next(coro, 'default'),
      lambda coro: coro.send(5),
      lambda coro: coro.throw(KeyError()),
      lambda coro: coro.close(),
      lambda coro: coro.throw(StopIteration(6)),
  ]

  def outcome(step, coro):
      try:
          return 'gives', step(coro)
      except StopIteration as stop:
          return 'stops', stop.value
      except RuntimeError as error:
          return 'RuntimeError', type(error.__cause__).__name__
      except (AttributeError, TypeError, ValueError):
          return 'TypeError'
      except KeyError:
          return 'Raised'
      except GeneratorExit:
          return 'GeneratorExit'

  async def main():
      for sequence in product(range(${count}), repeat=3):
          coro = body()
          for i in sequence:
              log(*sequence, outcome(steps[i], coro), inspect.getgeneratorstate(coro)[4:])
`

function outcome(step: (coro: Coroutine) => unknown, coro: Coroutine): unknown {
  try {
    return ['gives', step(coro)]
  } catch (error) {
    if (error instanceof StopIteration) return ['stops', error.value]
    if (error instanceof RuntimeError) {
      return ['RuntimeError', error.cause === undefined ? 'NoneType' : (error.cause as Error).name]
    }
    if (error instanceof TypeError) return 'TypeError'
    if (error instanceof Raised) return 'Raised'
    if (error instanceof GeneratorExit) return 'GeneratorExit'
    throw error
  }
}

function traceOf(body: () => Coroutine, count: number): readonly string[] {
  const trace = new Trace()
  const range = [...Array(count).keys()]
  const product = range.flatMap(i => range.flatMap(j => range.map(k => [i, j, k])))
  for (const sequence of product) {
    const coro = body()
    for (const i of sequence) trace.log(...sequence, outcome(steps[i] as never, coro), coro.state?.slice(5))
  }
  trace.returned(undefined)
  return trace.lines
}

const giving = coroutine(function* (): Generator {
  return [yield 1, yield 2]
})

const bodies: [name: string, python: string, body: () => Coroutine, count?: number][] = [
  [
    'gives back what it is sent',
    `
  def body():
      return [(yield 1), (yield 2)]
    `,
    giving,
  ],
  [
    'catches every error and returns',
    `
  def body():
      try:
          yield 1
      except BaseException as error:
          return 'exit' if isinstance(error, GeneratorExit) else 'caught'
    `,
    coroutine(function* (): Generator {
      try {
        yield 1
      } catch (error) {
        return error instanceof GeneratorExit ? 'exit' : 'caught'
      }
      return undefined
    }),
  ],
  [
    'yields while it is cleaned up',
    `
  def body():
      try:
          yield 1
      finally:
          yield 2
    `,
    coroutine(function* (): Generator {
      try {
        yield 1
      } finally {
        yield 2
      }
    }),
  ],
  [
    'raises StopIteration',
    `
  def body():
      yield 1
      raise StopIteration(7)
    `,
    coroutine(function* (): Generator {
      yield 1
      throw new StopIteration(7)
    }),
  ],
  [
    'resumes itself',
    `
  def body():
      def run():
          for step in steps:
              yield outcome(step, coro), inspect.getgeneratorstate(coro)[4:]
      coro = run()
      return coro
    `,
    () => {
      const coro: Coroutine = coroutine(function* (): Generator {
        for (const step of steps) yield [outcome(step, coro), coro.state?.slice(5)]
      })()
      return coro
    },
  ],
  [
    'yields from an array',
    `
  def body():
      try:
          return (yield from [1, 2]), 'end'
      except (AttributeError, KeyError, RuntimeError, GeneratorExit) as error:
          return {KeyError: 'Raised', AttributeError: 'TypeError'}.get(type(error), type(error).__name__)
    `,
    coroutine(function* (): Generator {
      try {
        return [yield* yieldFrom([1, 2]), 'end']
      } catch (error) {
        if (error instanceof StopIteration) throw error
        return (error as Error).constructor.name
      }
    }),
    // A StopIteration that is raised there ends the array in CPython, where PEP 380 has it raised.
    steps.length - 1,
  ],
  [
    'yields from a coroutine',
    `
  def inner():
      return [(yield 1), (yield 2)]

  def body():
      return (yield from inner()), 'end'
    `,
    coroutine(function* (): Generator {
      return [yield* yieldFrom(giving()), 'end']
    }),
  ],
  [
    'yields from one that catches every error, and goes on',
    `
  def inner():
      for i in range(2):
          try:
              yield i
          except BaseException as error:
              if isinstance(error, GeneratorExit):
                  return 'exit'

  def body():
      return (yield from inner()), (yield from inner()), 'end'
    `,
    () => {
      const inner = coroutine(function* (): Generator {
        for (let i = 0; i < 2; i++) {
          try {
            yield i
          } catch (error) {
            if (error instanceof GeneratorExit) return 'exit'
          }
        }
        return undefined
      })
      return coroutine(function* (): Generator {
        return [yield* yieldFrom(inner()), yield* yieldFrom(inner()), 'end']
      })()
    },
  ],
  [
    'yields from one that yields while it is cleaned up',
    `
  def inner():
      try:
          yield 1
      finally:
          yield 2

  def body():
      yield from inner()
    `,
    () => {
      const inner = function* (): Generator {
        try {
          yield 1
        } finally {
          yield 2
        }
      }
      return coroutine(function* (): Generator {
        yield* yieldFrom(inner())
      })()
    },
  ],
]

test.each(bodies)(
  'a coroutine that %s does for every sequence of steps what it does in CPython',
  (_, python, body, count = steps.length) => {
    expect(traceOf(body, count)).toEqual(runScenario(python + drive(count)))
  },
)
