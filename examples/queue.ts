// npm install @fosen/queue @fosen/queue-deque
//
// Readings of sensors that go to a database in batches. The consumer knows the contract of queues alone: in production it
// gets a RedisQueue, here one in the process, whose clock stands in the hands of the test. So an outage of eighty
// minutes is over at once.

import { subscribe } from 'node:diagnostics_channel'
import { setImmediate } from 'node:timers/promises'
import { type Clock, consume, type MessageQueue, type QueueTrace, systemClock } from '@fosen/queue'
import { ManualClock } from '@fosen/queue/testing'
import { DequeQueue } from '@fosen/queue-deque'

interface Reading {
  readonly sensor: string
  readonly value: number
}

const minute = 60_000

/** What is tested: three readings at a time, and what there is after ten seconds. */
function startWriter(
  queue: MessageQueue<Reading>,
  write: (readings: readonly Reading[]) => Promise<void>,
  clock: Clock = systemClock,
) {
  return consume(queue, readings => write(readings), {
    batch: { size: 3, linger: 10_000 },
    retries: 3,
    backoff: attempt => attempt * 30 * minute,
    clock,
  })
}

const clock = new ManualClock()
const queue = new DequeQueue<Reading>({ name: 'readings', clock })
const at = () => `${Math.floor(clock.now() / minute)} min`

/** Stands for the database, which is down for 80 minutes. */
async function write(readings: readonly Reading[]) {
  if (clock.now() < 80 * minute) throw new Error('the database is down')
  console.log(at(), readings.map(({ sensor, value }) => `${sensor}=${value}`).join(' '))
}

// What a monitoring tool would do: attributes have OpenTelemetry's names.
subscribe('tracing:fosen:queue:process:error', message => {
  const { attributes, error } = message as QueueTrace
  const count = attributes['messaging.batch.message_count']
  console.log(at(), `${attributes['messaging.destination.name']}: ${count} failed: ${(error as Error).message}`)
})

const consumer = startWriter(queue, write, clock)
await queue.putMany(['a', 'b', 'c'].map((sensor, value) => ({ sensor, value })))
await queue.put({ sensor: 'a', value: 7 }, { delay: 85 * minute })
for (let i = 0; i < 3 * 60; i++) {
  await setImmediate() // handlers run, and what they settle is settled
  clock.advance(minute)
}
await queue.join()

console.log(consumer.stats().processed, 'written', (await queue.stats()).dead, 'dead')
await consumer.stop()
await queue.close()
console.log(clock.pending, 'timers are left')

/* prints
0 min readings: 3 failed: the database is down
30 min readings: 3 failed: the database is down
85 min a=7
90 min a=0 b=1 c=2
4 written 0 dead
0 timers are left
*/
