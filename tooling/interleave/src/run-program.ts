import { isSame, type Operation, withInterceptor } from './intercept.ts'
import type { Memory } from './memory.ts'

/** An operation that a thread has done. */
export interface Entry {
  readonly operation: Operation
  readonly result: unknown
  /** What the plain memory was before the thread ran up to the operation. */
  readonly plain: Uint8Array
  /** Milliseconds for which the thread has slept in it, as far as its clock can tell. */
  readonly slept: number
}

export type Ended =
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: unknown }

/** An operation to come. `place` is the same for one at the same place in the code and the same time. */
export interface Operates {
  readonly type: 'operates'
  readonly operation: Operation
  readonly place: string
}

/** What a thread does next. `plain` is what it has made of the plain memory on the way there. */
export type Next = (Ended | Operates) & { readonly plain: Uint8Array }

/** Thrown to leave a program; one that catches it gets it again from its next operation. */
const leave = Object.freeze({ reason: 'the thread is not to go on yet' })

/**
 * Finds out what a thread does next: runs its program from the start, gives it the results that it had, and leaves it at
 * the first operation that is new.
 *
 * What the program does when it is left, in a `finally` say, has no effect: its operations are refused, and the memory
 * is put back.
 *
 * @param plain the part of the memory that threads use without Atomics, as it is for what the program does next
 */
export function runProgram(program: () => unknown, log: readonly Entry[], memory: Memory, plain: Memory): Next {
  const memoryBefore = memory.save()
  const plainBefore = plain.save()
  let at = 0
  let clock = 0
  let next: Next | undefined

  /** Every part of the program finds the plain memory as it was when the part ran first. */
  const findPlain = () => plain.load(log[at]?.plain ?? plainBefore)
  const leaveBefore = (what: Ended | Operates): never => {
    next ??= { ...what, plain: plain.save() }
    throw leave
  }
  const refuse = (message: string) => leaveBefore({ type: 'threw', error: new Error(message) })
  const checkWrites = () => {
    const written = plain.save()
    plain.load(plainBefore)
    const isSame = Buffer.compare(memory.save(), memoryBefore) === 0
    plain.load(written)
    if (!isSame) refuse('the program writes to shared memory without Atomics: name that memory in `plain`')
  }

  const operate = (operation: Operation): unknown => {
    if (next) throw leave
    const entry = log[at]
    if (!entry) {
      checkWrites()
      return leaveBefore({ type: 'operates', operation, place: `${clock} ${placeInProgram()}` })
    }
    if (!isSame(entry.operation, operation)) {
      refuse(`the program does not repeat itself: it did another ${entry.operation.name} than this ${operation.name}`)
    }
    at++
    clock += entry.slept
    findPlain()
    return entry.result
  }

  try {
    findPlain()
    const value = withInterceptor({ operate, now: () => clock }, program)
    if (value instanceof Promise) {
      value.catch(() => {})
      refuse('the program is asynchronous, which cannot be explored')
    }
    checkWrites()
    return next ?? { type: 'returned', value, plain: plain.save() }
  } catch (error) {
    return next ?? { type: 'threw', error, plain: plain.save() }
  } finally {
    memory.load(memoryBefore)
  }
}

/** The calls by which the program has come to the operation that is asked for. */
function placeInProgram(): string {
  const { stack = '' } = new Error()
  return stack.slice(0, stack.indexOf(runProgram.name))
}
