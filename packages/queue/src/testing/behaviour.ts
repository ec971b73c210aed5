import { setImmediate as turn } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import { consume as startConsumer } from '../consume.ts'
import type { MessageQueue } from '../queue.ts'
import type { CreateOptions, QueueHarness } from './harness.ts'

/** Behaviours by their names, which complete the sentence "a queue …". Each rejects when the queue does not behave so. */
export type Behaviours = Readonly<Record<string, (lab: Lab) => Promise<void>>>

/** What a behaviour is tested with. */
export interface Lab {
  create<T = string>(options?: CreateOptions<T>): Promise<MessageQueue<T>>
  /** Starts a consumer, by the clock of the queues. Its disposal does not wait for handlers: a test that has failed is to end. */
  readonly consume: typeof startConsumer
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
  const consume = (...[queue, handler, options]: Parameters<typeof startConsumer>) => {
    const consumer = startConsumer(queue, handler, { clock, ...options })
    return Object.assign(consumer, {
      async [Symbol.asyncDispose]() {
        const stopped = consumer.stop({ deadline: 0 })
        await advance(step)
        await stopped
      },
    })
  }
  return {
    advance,
    // It passes on what either overload takes.
    consume: consume as unknown as typeof startConsumer,
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
