import { fileURLToPath } from 'node:url'
import { generatorInternals, type SourceLocation } from '@fosen/coroutine'
import type { Future } from './future.ts'
import { createdAt } from './loop/debug.ts'
import { Handle, type TimerHandle } from './loop/handle.ts'
import type { Runnable } from './loop/ready-ring.ts'
import { repr } from './repr.ts'
import { shown } from './shown.ts'
import type { Task } from './task.ts'

/** As Python's `repr` of a future: `<Future finished result=3>`. */
export function describeFuture(future: Future<unknown>): string {
  return `<${['Future', future.state, ...outcome(future), ...creation(future)].join(' ')}>`
}

/** As Python's `repr` of a task: `<Task pending name='Task-1' coro=<hello() running at /main.ts:12>>`. */
export function describeTask(task: Task<unknown>): string {
  const state = !task.done() && task.cancelling() > 0 ? 'cancelling' : task.state
  const waits = task.waitingFor ? [`wait_for=${describeWaitedFor(task.waitingFor)}`] : []
  const coroutine = `coro=${describeCoroutine(task.getCoro())}`
  return repr(
    task,
    [state, `name='${task.getName()}'`, coroutine, ...waits, ...outcome(task), ...creation(task)].join(' '),
  )
}

/** As Python's `repr` of a handle: `<Handle work(1, 'a')>`. */
export function describeHandle(
  handle: Handle,
  callback: (() => unknown) | undefined,
  args: readonly unknown[],
): string {
  const call = callback ? `${callback.name || '(anonymous)'}(${args.map(shown).join(', ')})` : 'cancelled'
  const when = 'when' in handle ? [`when=${(handle as TimerHandle).when()}`] : []
  return repr(handle, [...when, call, ...creation(handle)].join(' '))
}

/** As Python's `repr` of a coroutine: `<hello() running at /main.ts:12>`. */
export function describeCoroutine(coroutine: object): string {
  const internals = generatorInternals(coroutine)
  if (!internals) return `<${(coroutine as { name?: string }).name ?? 'coroutine'}()>`
  const { name, at, defined } = internals
  const place = at ?? defined
  const where = place ? ` ${at ? 'running' : 'done, defined'} at ${placeOf(place)}` : ''
  return `<${name || '(anonymous)'}()${where}>`
}

/** Not with what a task waits for in its turn, which may have no end. */
function describeWaitedFor(future: Future<unknown>): string {
  return 'getName' in future
    ? `<Task ${future.state} name='${(future as Task<unknown>).getName()}'>`
    : future.toString()
}

function placeOf({ url, line }: SourceLocation): string {
  return `${url.startsWith('file:') ? fileURLToPath(url) : url}:${line}`
}

function outcome(future: Future<unknown>): string[] {
  if (future.cancelled()) return []
  if (!future.done()) return future.waiters.length > 0 ? [`cb=[${future.waiters.map(callback).join(', ')}]`] : []
  const { failed, value } = future.outcome
  return [failed ? `exception=${describeError(value)}` : `result=${shown(value)}`]
}

function callback(waiter: Runnable): string {
  return waiter instanceof Handle ? waiter.call : `${waiter.constructor.name}.wakeup()`
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}(${error.message ? shown(error.message) : ''})` : shown(error)
}

function creation(object: object): string[] {
  const at = createdAt(object)
  return at === undefined ? [] : [`created at ${at}`]
}
