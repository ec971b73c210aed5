import { expect, test } from 'vitest'
import { soakMutex } from '../soak/soak-mutex.ts'

test('a mutex loses nothing and blocks nobody while its owners are ended at random', async () => {
  // Throws when an increment is lost, or a thread stays blocked.
  const { increments, deaths, halfDone, takenOver, longestOwn } = await soakMutex(2_000)
  expect(increments).toBeGreaterThan(0)
  expect(deaths).toBeGreaterThan(0)
  expect(takenOver).toBeLessThanOrEqual(deaths)
  expect(halfDone).toBeLessThanOrEqual(takenOver)
  expect(longestOwn).toBeLessThan(200)
})
