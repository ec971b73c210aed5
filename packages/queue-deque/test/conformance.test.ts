import { ManualClock, queueConformance } from '@fosen/queue/testing'
import { describe, test } from 'vitest'
import { DequeQueue } from '../src/index.ts'

const clock = new ManualClock()

queueConformance(
  {
    name: 'DequeQueue',
    create: async options => new DequeQueue({ ...options, clock }),
    advance: async ms => clock.advance(ms),
    capabilities: { capacity: true },
  },
  { describe, test },
)
