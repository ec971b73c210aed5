import { AsyncLocalStorage } from 'node:async_hooks'
import { Context } from '../context/context.ts'
import { RuntimeError } from '../errors.ts'
import type { NativeBody } from '../native-body.ts'
import type { Stepper } from '../stepper.ts'
import type { Task } from '../task.ts'
import type { BaseEventLoop } from './base-event-loop.ts'

/** What this thread is doing. */
interface Running {
  /** The loop whose callback or task runs, up to the end of its synchronous part. */
  loop: BaseEventLoop | undefined
  /** What takes a step: a task, or a coroutine that an async function of a task awaits. */
  task: Stepper<unknown> | undefined
  context: Context | undefined
  /** The async function whose first part runs, or which has made a coroutine that is awaited take its first step. */
  body: NativeBody<unknown> | undefined
  /** The context outside of all loops. */
  threadContext: Context | undefined
  /** The async function that native code belongs to after its first `await`. */
  readonly native: AsyncLocalStorage<NativeBody<unknown> | undefined>
}

/** One for the thread, also when two copies of this package meet in it. */
const key = Symbol.for('fosen.running/1')
const globals = globalThis as { [key]?: Running }
globals[key] ??= {
  loop: undefined,
  task: undefined,
  context: undefined,
  body: undefined,
  threadContext: undefined,
  native: new AsyncLocalStorage(),
}
export const running = globals[key]

/** The async function of a task that the code which asks is part of. */
export function currentBody(): NativeBody<unknown> | undefined {
  return running.loop ? running.body : running.native.getStore()
}

/** The context that is current, unless nobody has asked for it yet. */
export function findContext(): Context | undefined {
  if (running.context !== undefined) return running.context
  return running.loop === undefined ? outsideContext() : running.task?.findContext()
}

/** Apart, so that what asks in a loop is small enough to be compiled into who asks. */
function outsideContext(): Context | undefined {
  return running.native.getStore()?.task.getContext() ?? running.threadContext
}

/** The current context: that of the task or callback that runs, which is made here at the latest, or of the thread. */
export function currentContext(): Context {
  const context = findContext()
  if (context) return context
  const made = running.task?.getContext() ?? new Context()
  if (running.loop) running.context = made
  else running.threadContext = made
  return made
}

/** As `getRunningLoop`, for who can do without. */
export function findRunningLoop(): BaseEventLoop | undefined {
  return running.loop ?? running.native.getStore()?.loop
}

/**
 * The loop whose callback or task is running.
 *
 * @throws RuntimeError outside of a loop's callbacks and tasks
 * @see https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.get_running_loop
 */
export function getRunningLoop(): BaseEventLoop {
  const loop = findRunningLoop()
  if (!loop) throw new RuntimeError('no running event loop')
  return loop
}

/** Runs `fn` with `loop` as the running loop; another one may be running outside. */
export function withRunningLoop(loop: BaseEventLoop, fn: () => void): void {
  const { loop: outerLoop, task, context, body } = running
  running.loop = loop
  try {
    fn()
  } finally {
    running.loop = outerLoop
    running.task = task
    running.context = context
    running.body = body
  }
}

/**
 * The task that is running in a loop; undefined in a callback, and in what an async function goes on with after its task.
 *
 * @param loop by default the running one
 * @throws RuntimeError when no loop is given and none is running
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.current_task
 */
export function currentTask(loop: BaseEventLoop = getRunningLoop()): Task<unknown> | undefined {
  const task = (running.loop ? running.task : running.native.getStore()?.task)?.identity
  return task?.loop === loop && !task.done() ? task : undefined
}
