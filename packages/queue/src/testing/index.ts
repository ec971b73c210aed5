export { queueConformance } from './conformance.ts'
export type { CreateOptions, QueueCapabilities, QueueHarness, TestRunner } from './harness.ts'
export { ManualClock } from './manual-clock.ts'
