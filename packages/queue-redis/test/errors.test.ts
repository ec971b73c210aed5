import { InvalidElementError, RedisConnectionError } from '@fosen/queue-redis'
import { ThreadPool } from '@fosen/thread-async'
import { expect, test } from 'vitest'
import { fail } from './fixtures/failing-deque.ts'

test('errors are recognised that come from another thread, each as what it is', async () => {
  const pool = new ThreadPool({ max: 1, grace: 0 })
  const error = await pool.submit(fail).then(undefined, error => error)
  await pool.shutdown()
  expect(error).toBeInstanceOf(RedisConnectionError)
  expect(error).not.toBeInstanceOf(InvalidElementError)
  expect(`${error}`).toBe('RedisConnectionError: nobody answers')
})
