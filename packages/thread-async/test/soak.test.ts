import { expect, test } from 'vitest'
import { soakPool } from '../soak/soak-pool.ts'

test('a pool accounts for every call while its threads are ended at random', async () => {
  const { violations, deaths, calls } = await soakPool(2_000)
  expect(violations).toEqual([])
  expect(deaths).toBeGreaterThan(0)
  expect(Object.values(calls).every(count => count > 0)).toBe(true)
})
