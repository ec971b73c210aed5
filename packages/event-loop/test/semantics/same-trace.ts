import { coroutine } from '@fosen/coroutine'
import { loadCpython, Trace } from '@fosen/cpython'
import { type CoGenerator, DeadlockError } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { expect } from 'vitest'

const { runScenario } = await loadCpython()

export type Log = (...values: unknown[]) => void
export type Main = (log: Log, loop: VirtualEventLoop) => CoGenerator<unknown>

/**
 * Runs a program on CPython and on fosen, each under a virtual clock, and compares their traces: the lines that they log,
 * what reaches the exception handler, and how `main` ends. See @fosen/cpython for how values are written.
 */
export function sameTrace(python: string, main: Main): void {
  expect(traceOf(main)).toEqual(runScenario(python))
}

/**
 * As `sameTrace`, for an order that CPython leaves open and fosen promises: the trace is that of a CPython which was made to
 * keep the order. CPython as it is has others, shown by runs in which the addresses of objects, and so their hashes, differ.
 */
export function promisedTrace(python: string, main: Main): void {
  const promised = traceOf(main)
  expect(promised).toEqual(runScenario(python))
  const open = Array.from({ length: 20 }, (_, i) => {
    const litter = `litter = [[None] * (i % 7) for i in range(${13 * i})]`
    return runScenario(python.replace(/^( *)async def main/m, `$1${litter}\n$&`), { deviations: false })
  })
  expect(open.map(trace => trace.toSorted())).toEqual(open.map(() => promised.toSorted()))
  expect(open.map(String)).not.toEqual(open.map(() => String(promised)))
}

function traceOf(main: Main): string[] {
  const trace = new Trace()
  const loop = new VirtualEventLoop()
  loop.setExceptionHandler(trace.onException)
  try {
    trace.returned(loop.runUntilCompleteSync(coroutine(main)(trace.log, loop)))
  } catch (error) {
    if (error instanceof DeadlockError) trace.deadlocked()
    else trace.raised(error)
  }
  const lines = [...trace.lines]
  loop.close()
  return lines
}
