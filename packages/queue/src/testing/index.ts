/**
 * The tests that hold a queue to the contract, and a clock that tests move.
 *
 * @module
 */
export { queueConformance } from './conformance.ts'
export type { CreateOptions, QueueCapabilities, QueueHarness, TestRunner } from './harness.ts'
export { ManualClock } from './manual-clock.ts'
