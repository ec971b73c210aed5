import { setImmediate as turn } from 'node:timers/promises'
import { type Clock, systemClock } from '../clock.ts'
import type { MessageQueue } from '../queue.ts'
import type { CreateOptions, QueueHarness } from './harness.ts'

/** Behaviours by their names, which complete the sentence "a queue …". Each rejects when the queue does not behave so. */
export type Behaviours = Readonly<Record<string, (lab: Lab) => Promise<void>>>

/** What a behaviour is tested with. */
export interface Lab {
  readonly clock: Clock
  create<T = string>(options?: CreateOptions<T>): Promise<MessageQueue<T>>
  /** Lets time pass in small steps, and what each brings happen at its time. */
  advance(ms: number): Promise<void>
  /** Whether a promise is still pending after it had a little time. */
  isPending(promise: Promise<unknown>): Promise<boolean>
  /**
   * Starts a stopwatch, which gives the milliseconds since. In a queue that really waits they are the machine's, so that
   * they tell only what came too early. One is added for what rounding takes away.
   */
  stopwatch(): () => number
}

const step = 10

export function createLab(harness: QueueHarness): Lab {
  const { clock = systemClock } = harness
  const advance = async (ms: number) => {
    await turn()
    for (let left = ms; left > 0; left -= step) {
      await harness.advance(Math.min(step, left))
      await turn()
    }
  }
  return {
    clock,
    advance,
    create: options => harness.create(options ?? {}),

    async isPending(promise) {
      let isPending = true
      const settle = () => {
        isPending = false
      }
      promise.then(settle, settle)
      await advance(step)
      return isPending
    },

    stopwatch() {
      const start = clock.now()
      return () => clock.now() - start + 1
    },
  }
}
