import type { Behaviours } from './behaviour.ts'
import { batching } from './behaviours/batching.ts'
import { capacity, capacityAndDeduplication, capacityAndPausing, capacityAndRequeueing } from './behaviours/capacity.ts'
import { closing } from './behaviours/closing.ts'
import { consuming } from './behaviours/consuming.ts'
import { context } from './behaviours/context.ts'
import { deadLetters, requeueing } from './behaviours/dead-letters.ts'
import { deduplication } from './behaviours/deduplication.ts'
import { delays } from './behaviours/delays.ts'
import { delivering } from './behaviours/delivering.ts'
import { joining } from './behaviours/joining.ts'
import { leases } from './behaviours/leases.ts'
import { pacing } from './behaviours/pacing.ts'
import { partitions } from './behaviours/partitions.ts'
import { pausing } from './behaviours/pausing.ts'
import { priorities } from './behaviours/priorities.ts'
import { refusing } from './behaviours/refusing.ts'
import { settling } from './behaviours/settling.ts'
import { stopping } from './behaviours/stopping.ts'
import { codec, references, values } from './behaviours/values.ts'
import { waiting } from './behaviours/waiting.ts'
import type { QueueCapabilities } from './harness.ts'

export interface Topic {
  readonly title: string
  /** The capabilities without which the topic is left out. */
  readonly needs?: readonly (keyof QueueCapabilities)[]
  /** The capability with which it means nothing. */
  readonly lacks?: keyof QueueCapabilities
  readonly behaviours: Behaviours
}

export const topics: readonly Topic[] = [
  { title: 'delivering', behaviours: delivering },
  { title: 'delays', behaviours: delays },
  { title: 'priorities', needs: ['priorities'], behaviours: priorities },
  { title: 'deduplication', needs: ['deduplication'], behaviours: deduplication },
  { title: 'values', behaviours: values },
  { title: 'values as bytes', needs: ['codec'], behaviours: codec },
  { title: 'values by reference', lacks: 'codec', behaviours: references },
  { title: 'settling', behaviours: settling },
  { title: 'dead letters', behaviours: deadLetters },
  { title: 'requeueing', needs: ['requeueing'], behaviours: requeueing },
  { title: 'waiting', behaviours: waiting },
  { title: 'joining', behaviours: joining },
  { title: 'pausing', needs: ['pausing'], behaviours: pausing },
  { title: 'closing', behaviours: closing },
  { title: 'refusing', behaviours: refusing },
  { title: 'capacity', needs: ['capacity'], behaviours: capacity },
  { title: 'capacity and pausing', needs: ['capacity', 'pausing'], behaviours: capacityAndPausing },
  { title: 'capacity and deduplication', needs: ['capacity', 'deduplication'], behaviours: capacityAndDeduplication },
  { title: 'capacity and requeueing', needs: ['capacity', 'requeueing'], behaviours: capacityAndRequeueing },
  { title: 'leases', needs: ['leases'], behaviours: leases },
  { title: 'partitions', needs: ['partitions'], behaviours: partitions },
  { title: 'context', needs: ['context'], behaviours: context },
  { title: 'consuming', behaviours: consuming },
  { title: 'batching and keys', behaviours: batching },
  { title: 'pacing', behaviours: pacing },
  { title: 'stopping', behaviours: stopping },
]
