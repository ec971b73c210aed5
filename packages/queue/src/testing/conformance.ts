import { createLab } from './behaviour.ts'
import type { QueueHarness, TestRunner } from './harness.ts'
import { topics } from './topics.ts'

/**
 * Tests that a queue keeps the contract of {@link MessageQueue}: a backend's test file calls this, and adds what is its
 * own. The README beside this file lists the behaviours, each of which is one test.
 *
 * A behaviour that hangs is one that the queue does not have: give the runner a timeout. What needs a capability that the
 * queue lacks becomes one test, whose name says what was left out, and why.
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
 *     clock,
 *     capabilities: {
 *       capacity: true,
 *       codec: 'values are passed by reference',
 *       context: true,
 *       deduplication: true,
 *       leases: true,
 *       partitions: true,
 *       pausing: true,
 *       priorities: true,
 *       requeueing: true,
 *     },
 *   },
 *   { describe, test },
 * )
 * ```
 */
export function queueConformance(harness: QueueHarness, { describe, test }: TestRunner): void {
  const { name, capabilities } = harness
  const lab = createLab(harness)
  describe(`${name}, as a message queue,`, () => {
    for (const { title, needs = [], lacks, behaviours } of topics) {
      if (lacks !== undefined && capabilities[lacks] === true) continue
      const lacking = needs.find(capability => capabilities[capability] !== true)
      if (lacking === undefined) {
        for (const [name, behave] of Object.entries(behaviours)) test(name, () => behave(lab))
      } else {
        const count = Object.keys(behaviours).length
        const leftOut = `${count} behaviours of ${title} are left out`
        test(`lacks ${lacking}, as ${capabilities[lacking]}: ${leftOut}`, async () => {})
      }
    }
  })
}
