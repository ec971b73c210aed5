import { type Operation, real, withInterceptor } from './intercept.ts'
import type { Memory } from './memory.ts'

/** An operation that a thread has done. */
export interface Entry {
  readonly operation: Operation
  readonly result: unknown
  /** What the plain memory was when the thread ran up to the operation. */
  readonly plain: Uint8Array
  /** Milliseconds for which the thread has slept in it, as far as its clock can tell. */
  readonly slept: number
}

/** A wait that others have to end. */
export interface Sleep {
  readonly operation: Operation
  readonly timeout: number
  readonly plain: Uint8Array
}

export type Ended =
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: unknown }

/** How far a thread has come in a step. `ended`: how, if it is known that the operation was its last. */
export type Progress =
  | { readonly type: 'operated'; readonly entry: Entry; readonly ended?: Ended }
  | { readonly type: 'sleeps'; readonly sleep: Sleep }
  | Ended

export interface Surroundings {
  readonly memory: Memory
  /** The part of the memory that threads use without Atomics. */
  readonly plain: Memory | undefined
  /** Wakes those who sleep where the operation notifies; gives how many. */
  readonly notify: (operation: Operation) => number
}

/** Thrown to leave a program; one that catches it gets it again from its next operation. */
const leave = Object.freeze({ reason: 'the step is over' })
const nothing = new Uint8Array(0)

/**
 * Brings a thread one operation further: runs its program from the start, gives it the results that it had, does the
 * first operation that is new, and leaves it.
 *
 * What the program does when it is left, in a `finally` say, has no effect: its operations are refused, and the memory
 * that counts is what this returns.
 */
export function runProgram(
  program: () => unknown,
  log: readonly Entry[],
  { memory, plain, notify }: Surroundings,
): { progress: Progress; memory: Uint8Array } {
  const memoryBefore = memory.save()
  const plainBefore = plain?.save() ?? nothing
  let at = 0
  let clock = 0
  let done: { progress: Progress; memory: Uint8Array } | undefined
  let isLeft = false

  const finish = (progress: Progress) => {
    done = { progress, memory: memory.save() }
  }
  const leaveProgram = (): never => {
    isLeft = true
    throw leave
  }
  const refuse = (message: string): never => {
    finish({ type: 'threw', error: new Error(message) })
    return leaveProgram()
  }
  /** Every part of the program finds the plain memory as it was when the part ran first. */
  const findPlain = () => plain?.load(log[at]?.plain ?? plainBefore)
  const checkWrites = (expected: Uint8Array) => {
    const saved = memory.save()
    plain?.load(plainBefore)
    const isSame = Buffer.compare(plain ? memory.save() : saved, expected) === 0
    memory.load(saved)
    if (!isSame) refuse('the program writes to shared memory without Atomics: name that memory in `plain`')
  }

  const repeat = (entry: Entry, operation: Operation): unknown => {
    if (!isSame(entry.operation, operation)) {
      refuse(`the program does not repeat itself: it did another ${entry.operation.name} than this ${operation.name}`)
    }
    at++
    clock += entry.slept
    findPlain()
    return entry.result
  }

  const operate = (operation: Operation): unknown => {
    if (done) return leaveProgram()
    const entry = log[at]
    if (entry) return repeat(entry, operation)
    const { name, view, args } = operation
    if (memory.indexOf(view.buffer) < 0) refuse(`${name} on shared memory that setup has not made`)
    if (name === 'waitAsync') refuse('waitAsync blocks nobody: what comes of it cannot be explored')
    checkWrites(memoryBefore)
    // A wait for no time tells whether it would sleep.
    let result = name === 'wait' ? real.wait?.(view, args[0], args[1], 0) : real[name]?.(view, ...args)
    if (name === 'notify') result = notify(operation)
    const timeout = name === 'wait' ? timeoutOf(args[2]) : 0
    if (result === 'timed-out' && timeout > 0) {
      finish({ type: 'sleeps', sleep: { operation, timeout, plain: plainBefore } })
      return leaveProgram()
    }
    finish({ type: 'operated', entry: { operation, result, plain: plainBefore, slept: 0 } })
    // What follows belongs to the next step. Where it touches no memory it may as well show whether the program ends.
    return plain ? leaveProgram() : result
  }

  let ended: Ended
  findPlain()
  try {
    const value = withInterceptor({ operate, now: () => clock }, program)
    if (value instanceof Promise) {
      value.catch(() => {})
      refuse('the program is asynchronous, which cannot be explored')
    }
    if (!isLeft) checkWrites(done?.memory ?? memoryBefore)
    ended = { type: 'returned', value }
  } catch (error) {
    ended = { type: 'threw', error }
  }
  if (done?.progress.type === 'operated' && !isLeft) done.progress = { ...done.progress, ended }
  return done ?? { progress: ended, memory: memory.save() }
}

function isSame(a: Operation, b: Operation): boolean {
  return (
    a.name === b.name &&
    a.view.buffer === b.view.buffer &&
    a.view.byteOffset === b.view.byteOffset &&
    a.args.every((argument, i) => Object.is(argument, b.args[i]))
  )
}

/** As Atomics.wait takes it. */
function timeoutOf(given: unknown): number {
  const timeout = Number(given)
  return given === undefined || Number.isNaN(timeout) ? Number.POSITIVE_INFINITY : Math.max(0, timeout)
}
