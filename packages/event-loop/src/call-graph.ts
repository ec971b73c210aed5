import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { generatorInternals, type SourceLocation } from '@fosen/coroutine'
import { awaitsOf } from './awaits.ts'
import { checkOptions } from './check-arguments.ts'
import { RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import { currentTask, findRunningLoop } from './loop/running-loop.ts'
import { runBody } from './run-body.ts'
import { shown } from './shown.ts'
import { Stepper, stepName } from './stepper.ts'
import { Task } from './task.ts'

/** A function that a task stands in. */
export interface FrameCallGraphEntry {
  /** Empty when the function has no name. */
  readonly name: string
  /** A path; empty when it is not known. */
  readonly file: string
  readonly line: number
  /** Whether it is a coroutine, or an async function that has waited. */
  readonly isAsync: boolean
}

/** Where a future stands: what of it is known, and who waits for it. */
export interface FutureCallGraph {
  readonly future: Future<unknown>
  /** Innermost first; empty for a future that is no task. */
  readonly callStack: readonly FrameCallGraphEntry[]
  /** In the order of their creation. A task that stands further down already, as where tasks wait for each other, ends there. */
  readonly awaitedBy: readonly FutureCallGraph[]
}

export interface CallGraphOptions {
  /** How many entries each call stack has at the most: the outermost, or when it is negative, the innermost. */
  readonly limit?: number | undefined
}

/**
 * What notes the state of a coroutine whose function has not waited for a loop before: methods of `@fosen/coroutine` that are
 * called `next`, as those of users may be, so nothing but their files tells them apart. In a bundle they are shown.
 */
const notes = /\/(?:hand-driven-coroutine|travelling)\.[jt]s$/
/** Where what stands for an async function is defined: of that nothing is known. */
let asyncBody: SourceLocation | undefined

/**
 * Tells where a task stands, who waits for it, who waits for these, and so on.
 *
 * Of the task that runs the whole stack is known; of one that waits, the coroutine that it was made of and the line where
 * that stands, and not the coroutines which that has called. Nothing is recorded meanwhile: what is told is looked up.
 *
 * @param future by default the current task
 * @returns undefined when no future is given and no task is running
 * @throws TypeError when `future` is none, or `limit` no integer
 * @throws RuntimeError when no future is given and no loop is running
 * @see https://docs.python.org/3/library/asyncio-graph.html#asyncio.capture_call_graph
 */
export function captureCallGraph(
  future?: Future<unknown>,
  options: CallGraphOptions = {},
): FutureCallGraph | undefined {
  checkOptions('{ limit }', options)
  return capture(future, options.limit, captureCallGraph)
}

/** @param hidden the function whose frame, and those that it has called, are not told */
export function capture(
  given: Future<unknown> | undefined,
  limit: number | undefined,
  hidden: (...args: never[]) => unknown,
): FutureCallGraph | undefined {
  if (given !== undefined && !(given instanceof Future)) {
    throw new TypeError(`a future is needed, not ${shown(given)}`)
  }
  checkLimit(limit)
  const loop = findRunningLoop()
  if (!given && !loop) throw new RuntimeError('no loop is running, and no future was given')
  const current = loop && currentTask(loop)
  const future = given ?? current
  if (!future) return undefined
  const waiters = waitersIn(future)
  const stack = future === current ? currentStack(hidden) : undefined
  const build = (each: Future<unknown>, below: readonly Future<unknown>[]): FutureCallGraph => ({
    future: each,
    callStack: limited(each === current && stack ? stack : stackOf(each), limit),
    awaitedBy: below.includes(each) ? [] : (waiters.get(each) ?? []).map(task => build(task, [...below, each])),
  })
  return build(future, [])
}

/** For `task.getStack`: innermost last. */
export function stackOfTask(task: Task<unknown>, limit: number | undefined): FrameCallGraphEntry[] {
  checkLimit(limit)
  const isCurrent = findRunningLoop() !== undefined && currentTask() === task
  const stack = isCurrent ? currentStack(task.getStack) : stackOf(task)
  return stack.slice(0, limit === undefined ? undefined : Math.max(limit, 0)).reverse()
}

function checkLimit(limit: number | undefined) {
  if (limit !== undefined && !Number.isSafeInteger(limit)) throw new TypeError(`limit is an integer, not ${limit}`)
}

/** Who waits for what, among the tasks of the loop of a future. */
function waitersIn({ loop }: Future<unknown>): Map<Future<unknown>, Task<unknown>[]> {
  const waiters = new Map<Future<unknown>, Task<unknown>[]>()
  for (const task of loop.tasks) {
    for (const future of waitsOf(task)) {
      const known = waiters.get(future)
      if (known) known.push(task)
      else waiters.set(future, [task])
    }
  }
  return waiters
}

/** What a task waits for, and what that waits for without being a task. */
function waitsOf(task: Task<unknown>): Set<Future<unknown>> {
  const found = new Set<Future<unknown>>()
  const add = (future: Future<unknown> | undefined) => {
    if (!future || found.has(future)) return
    found.add(future)
    for (const each of awaitsOf(future)) add(each)
    // A coroutine that an async function of the task awaits.
    if (future instanceof Stepper && !(future instanceof Task)) add(future.waitingFor)
  }
  add(task.waitingFor)
  return found
}

/** The coroutine of a task that waits, and where it stands. */
function stackOf(future: Future<unknown>): FrameCallGraphEntry[] {
  const internals = future instanceof Task ? generatorInternals(future.getCoro()) : undefined
  asyncBody ??= generatorInternals(runBody(() => Promise.resolve()))?.defined
  if (!internals?.at || isDeepStrictEqual(internals.defined, asyncBody)) return []
  return [{ name: internals.name, file: pathOf(internals.at.url), line: internals.at.line, isAsync: true }]
}

/** The frames of the task that runs, up to where the loop has resumed it. */
function currentStack(hidden: (...args: never[]) => unknown): FrameCallGraphEntry[] {
  const entries: FrameCallGraphEntry[] = []
  for (const [index, site, sites] of callSites(hidden)) {
    const file = site.getFileName() ?? ''
    if (site.getFunctionName() === stepName) break
    if (file === '' || file.startsWith('node:') || notes.test(file)) continue
    const caller = sites[index + 1]
    // What resumes a generator is a frame of its own, of no file.
    const isGenerator = !caller?.getFileName() && /^(next|throw|return)$/.test(caller?.getFunctionName() ?? '')
    const name = site.getFunctionName() ?? ''
    entries.push({ name, file: pathOf(file), line: site.getLineNumber() ?? 0, isAsync: isGenerator || site.isAsync() })
  }
  return entries
}

function callSites(hidden: (...args: never[]) => unknown): [number, NodeJS.CallSite, NodeJS.CallSite[]][] {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = Number.POSITIVE_INFINITY
    Error.prepareStackTrace = (_, sites) => sites
    const holder: { stack?: NodeJS.CallSite[] } = {}
    Error.captureStackTrace(holder, hidden)
    const sites = holder.stack ?? []
    return sites.map((site, index) => [index, site, sites])
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

const pathOf = (file: string) => (file.startsWith('file:') ? fileURLToPath(file) : file)

/** @param entries innermost first */
function limited(entries: readonly FrameCallGraphEntry[], limit: number | undefined): readonly FrameCallGraphEntry[] {
  if (limit === undefined) return entries
  return limit > 0 ? entries.slice(-limit) : entries.slice(0, -limit)
}
