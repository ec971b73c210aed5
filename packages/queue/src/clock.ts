import { checkDuration } from './check.ts'

/** Where a queue, or a consumer, has its time from. */
export interface Clock {
  /** Milliseconds since some moment; it never goes back. */
  now(): number
  /** Calls `fn` once, when `ms` milliseconds have passed; disposing of what it gives back prevents that. */
  after(ms: number, fn: () => void): Disposable
}

/** The longest time that setTimeout keeps; it takes a longer one for 1 ms. */
const longest = 2 ** 31 - 1

/**
 * The clock of the machine. It goes on when the wall clock is set, is never early, and waits as long as it is told to,
 * also for longer than the 24.8 days of `setTimeout`.
 *
 * What it is to call keeps the process alive until it is called or disposed of, so that a program which waits for a
 * delayed message does not end before. Nobody should ask it for what nobody waits for.
 */
export const systemClock: Clock = {
  now: () => performance.now(),

  after(ms, fn) {
    checkDuration('ms', ms, Infinity)
    const due = performance.now() + ms
    const set = (left: number) => setTimeout(look, Math.min(Math.ceil(left), longest))
    // setTimeout may fire a millisecond early, and a long time is waited for in parts.
    const look = () => {
      const left = due - performance.now()
      if (left > 0) timer = set(left)
      else fn()
    }
    let timer = set(ms)
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}
