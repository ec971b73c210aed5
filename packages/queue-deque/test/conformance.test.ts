import { type Codec, jsonCodec } from '@fosen/queue'
import { ManualClock, queueConformance } from '@fosen/queue/testing'
import { describe, test } from 'vitest'
import { DequeQueue } from '../src/index.ts'

const clock = new ManualClock()

const common = {
  capacity: true,
  context: true,
  deduplication: true,
  leases: true,
  partitions: true,
  pausing: true,
  priorities: true,
  requeueing: true,
} as const

queueConformance(
  {
    name: 'DequeQueue with references',
    create: async options => new DequeQueue({ ...options, clock }),
    advance: async ms => clock.advance(ms),
    clock,
    capabilities: { ...common, codec: 'values are passed by reference' },
  },
  { describe, test },
)

queueConformance(
  {
    name: 'DequeQueue with a codec',
    create: async <T>(options: { codec?: Codec<T> }) => new DequeQueue<T>({ codec: jsonCodec<T>(), ...options, clock }),
    advance: async ms => clock.advance(ms),
    clock,
    capabilities: { ...common, codec: true },
  },
  { describe, test },
)
