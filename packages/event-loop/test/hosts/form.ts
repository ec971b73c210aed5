import { AsyncLocalStorage } from 'node:async_hooks'
import { coroutine } from '@fosen/coroutine'
import type { BaseEventLoop, Co, CoGenerator } from '@fosen/event-loop'
import * as eventLoop from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { runBody } from '../../src/run-body.ts'

/**
 * How a scenario is run: as it is written, with async functions in the place of its generator functions, or with those
 * async functions where a coroutine is awaited by an async function, which is awaited by a coroutine, and so on.
 */
export type Form = 'coroutines' | 'async functions' | 'both in turns'

export type Log = (...values: unknown[]) => void
/** What a scenario's program refers to is in its arguments, in what this module imports, or in itself. */
export type Program = (log: Log, loop: BaseEventLoop) => CoGenerator<unknown>

type AsyncFunction = (...args: unknown[]) => Promise<unknown>

export function inForm(form: Form, program: Program): (log: Log, loop: BaseEventLoop) => Co<unknown> {
  if (form === 'coroutines') return coroutine(program)
  const source = String(program).replaceAll('function*', 'async function').replaceAll('yield*', 'await')
  const scope = {
    ...eventLoop,
    VirtualEventLoop,
    AsyncLocalStorage,
    coroutine: form === 'async functions' ? lazy : alternating,
  }
  const made: AsyncFunction = new Function(...Object.keys(scope), `return (${source})`)(...Object.values(scope))
  return (log, loop) => lazy(made)(log, loop) as never
}

/** What an async function is to do: a task when it is given to `createTask`, and begun when it is awaited. */
function lazy(fn: AsyncFunction) {
  return (...args: unknown[]) => {
    const work = () => fn(...args)
    // biome-ignore lint/suspicious/noThenProperty: as a coroutine is awaited
    return Object.assign(work, { then: (...callbacks: []) => work().then(...callbacks) })
  }
}

/** The coroutine whose body is an async function. */
function alternating(fn: AsyncFunction) {
  return coroutine(function* (...args: unknown[]) {
    return yield* runBody(() => fn(...args))
  })
}
