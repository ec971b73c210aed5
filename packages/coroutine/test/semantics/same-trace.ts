import { type Coroutine, coroutine, StopIteration } from '@fosen/coroutine'
import { loadCpython, Trace } from '@fosen/cpython'
import { expect } from 'vitest'

const { runScenario } = await loadCpython()

/** What the programs share: `attempt` logs what a call gives, or what it raises. */
const prelude = `
from inspect import getgeneratorstate

def attempt(call, *args):
    try:
        log(call(*args))
    except StopIteration as end:
        log('StopIteration', end.value)
    except BaseException as error:
        log(type(error).__name__)

def state(generator):
    return getgeneratorstate(generator).replace('GEN', 'CORO')

def echo(name):
    try:
        while True:
            log(name, 'was sent', (yield name))
    except ValueError as error:
        log(name, 'was raised', error)
        yield 'goes on'
        return 'returned'
    finally:
        log(name, 'cleans up')

async def main():
`

interface Tools {
  log(...values: unknown[]): void
  attempt(call: () => unknown): void
  echo(name: string): Coroutine<string, string, unknown>
}

export type Main = (tools: Tools) => unknown

/** Compares what a piece of Python logs with what one of TypeScript does; see @fosen/cpython for how values are written. */
export function sameTrace(python: string, main: Main): void {
  const { fosen, cpython } = traces(python, main)
  expect(fosen).toEqual(cpython)
}

export function traces(python: string, main: Main): { cpython: string[]; fosen: string[] } {
  return { cpython: runScenario(prelude + python), fosen: traceOf(main) }
}

function traceOf(main: Main): string[] {
  const trace = new Trace()
  const { log } = trace
  const attempt = (call: () => unknown) => {
    try {
      log(call())
    } catch (error) {
      if (error instanceof StopIteration) log('StopIteration', error.value)
      else log((error as Error).name.replace('RangeError', 'ValueError'))
    }
  }
  const echo = coroutine(function* (name: string): Generator<string, string, unknown> {
    try {
      for (;;) log(name, 'was sent', yield name)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      log(name, 'was raised', error)
      yield 'goes on'
      return 'returned'
    } finally {
      log(name, 'cleans up')
    }
  })
  try {
    trace.returned(main({ log, attempt, echo }))
  } catch (error) {
    trace.raised(error)
  }
  return trace.lines
}
