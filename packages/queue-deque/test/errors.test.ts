import * as queue from '@fosen/queue'
import { DequeQueue, SharedDeque, TimeoutError } from '@fosen/queue-deque'
import { ThreadPool } from '@fosen/thread-async'
import { expect, test } from 'vitest'
import { timeOut, useClosed } from './fixtures/failing-queue.ts'

test('a wait that lasts too long fails with one and the same TimeoutError, whatever it waits for', async () => {
  for (const wait of [new DequeQueue().get({ timeout: 0 }), new SharedDeque().popWait({ timeout: 0 })]) {
    const error = await wait.catch(error => error)
    for (const Class of [TimeoutError, queue.TimeoutError]) expect(error).toBeInstanceOf(Class)
  }
})

test('errors of queues are recognised that come from another thread', async () => {
  const pool = new ThreadPool({ max: 1, grace: 0 })
  await expect(pool.submit(timeOut)).rejects.toBeInstanceOf(queue.TimeoutError)
  await expect(pool.submit(useClosed)).rejects.toBeInstanceOf(queue.QueueClosedError)
  await expect(pool.submit(useClosed)).rejects.not.toBeInstanceOf(queue.TimeoutError)
  await pool.shutdown()
})
