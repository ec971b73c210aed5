export {
  type QueueCapabilities,
  type QueueHarness,
  queueConformance,
  type TestRunner,
} from './conformance.ts'
export { ManualClock } from './manual-clock.ts'
