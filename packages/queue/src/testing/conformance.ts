import type { MessageQueue } from '../queue.ts'
import { capacity } from './behaviours/capacity.ts'
import { closing } from './behaviours/closing.ts'
import { consuming } from './behaviours/consuming.ts'
import { delivering } from './behaviours/delivering.ts'
import { refusing } from './behaviours/refusing.ts'
import { settling } from './behaviours/settling.ts'
import { waiting } from './behaviours/waiting.ts'

export interface QueueCapabilities {
  /** The queue can be bounded: `create` heeds `capacity`. */
  readonly capacity: boolean
}

/** What the suite has to know of a queue to test it. */
export interface QueueHarness {
  /** What the tests are called after. */
  readonly name: string
  /** A queue that is empty and shares nothing with another. The suite closes it. */
  create(options?: { readonly capacity?: number }): Promise<MessageQueue<string>>
  /** Lets so many milliseconds pass for the queues: by a clock's jump, or by waiting. The suite asks for 100 at most at once. */
  advance(ms: number): Promise<void>
  readonly capabilities: QueueCapabilities
}

/** The two functions of a test runner that the suite needs; those of vitest and of node:test fit. */
export interface TestRunner {
  describe(name: string, body: () => void): void
  test(name: string, body: () => Promise<void>): void
}

/** What a file of behaviours gets. */
export interface BehaviourContext extends Omit<QueueHarness, 'name'> {
  readonly test: TestRunner['test']
}

/**
 * Tests that a queue keeps the contract of {@link MessageQueue}: a backend's test file calls this, and adds what is its
 * own. The behaviours are listed in the README of this package.
 *
 * A behaviour that needs a capability the queue does not have becomes a test whose name says that it was left out.
 *
 * @example
 * ```ts
 * import { describe, test } from 'node:test'
 * import { ManualClock, queueConformance } from '@fosen/queue/testing'
 * import { DequeQueue } from '@fosen/queue-deque'
 *
 * const clock = new ManualClock()
 * queueConformance(
 *   {
 *     name: 'DequeQueue',
 *     create: async options => new DequeQueue({ ...options, clock }),
 *     advance: async ms => clock.advance(ms),
 *     capabilities: { capacity: true },
 *   },
 *   { describe, test },
 * )
 * ```
 */
export function queueConformance(harness: QueueHarness, { describe, test }: TestRunner) {
  const { name, capabilities } = harness
  const context: BehaviourContext = {
    create: options => harness.create(options),
    advance: ms => harness.advance(ms),
    capabilities,
    test,
  }
  describe(`${name}, as a message queue,`, () => {
    delivering(context)
    settling(context)
    waiting(context)
    closing(context)
    refusing(context)
    consuming(context)
    if (capabilities.capacity) capacity(context)
    else test('is not bounded: the behaviours of a full queue are left out', async () => {})
  })
}
