import assert from 'node:assert/strict'
import { tracingChannel } from 'node:diagnostics_channel'
import { run, sleep } from '@fosen/event-loop'
import { consume } from '@fosen/queue'
import { DequeQueue } from '@fosen/queue-deque'
import { portable, ThreadPool } from '@fosen/thread-async'

export const nothing = portable(import.meta, function nothing() {})

export async function useTracing() {
  const heard = new Set()
  const names = ['fosen:thread-async:call', 'fosen:event-loop:task', 'fosen:queue:send', 'fosen:queue:process']
  for (const name of names) tracingChannel(name).subscribe({ asyncEnd: () => heard.add(name) })

  const pool = new ThreadPool({ max: 1 })
  await pool.submit(nothing)
  await pool.shutdown()

  await run(async () => sleep(0))

  const queue = new DequeQueue()
  const consumer = consume(queue, async () => {})
  await queue.put('Ann')
  await queue.join()
  await consumer.stop()
  await queue.close()

  assert.deepEqual([...heard].sort(), names.sort())
}
