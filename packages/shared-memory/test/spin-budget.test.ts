import { SpinBudget } from '@fosen/shared-memory'
import { afterEach, describe, expect, test, vi } from 'vitest'

/** How many waits get no time, until one does. */
function pause(budget: SpinBudget): number {
  let waits = 0
  while (budget.next() === 0) waits++
  return waits
}

/** Has waits be in vain until no time is spent on them. */
function waste(budget: SpinBudget): number {
  let waits = 0
  while (budget.next() > 0) {
    budget.miss()
    waits++
  }
  return waits
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a budget for spinning', () => {
  test('gives each wait its time until 10 ms were in vain', () => {
    expect(waste(new SpinBudget(1, true))).toBe(10)
    expect(waste(new SpinBudget(0.2, true))).toBeCloseTo(50, -1)
    expect(waste(new SpinBudget(20, true))).toBe(1)
  })

  test('does not add up what was in vain before it was worth it', () => {
    const budget = new SpinBudget(1, true)
    for (let i = 0; i < 100; i++) {
      expect(budget.next()).toBe(1)
      if (i % 9 === 8) budget.hit()
      else budget.miss()
    }
  })

  test('tries again later, and ever later up to a point while that is in vain', () => {
    const budget = new SpinBudget(10, true)
    const pauses = Array.from({ length: 11 }, () => {
      budget.miss()
      return pause(budget) + 1
    })
    expect(pauses).toEqual([64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 16_384, 16_384])
    budget.hit()
    budget.miss()
    expect(pause(budget) + 1).toBe(64)
  })

  test('that is not enabled never gives any, and still says what is there', () => {
    const budget = new SpinBudget(1, false)
    budget.hit()
    expect(budget.next()).toBe(0)
    const isThere = vi.fn(() => true)
    expect(budget.spin(isThere)).toBe(true)
    expect(budget.spin(() => false)).toBe(false)
    expect(isThere).toHaveBeenCalledOnce()
  })

  test('has a wait look again and again until its time is over', () => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now++)
    const budget = new SpinBudget(5, true)
    const looks = vi.fn(() => false)
    expect(budget.spin(looks)).toBe(false)
    expect(looks).toHaveBeenCalledTimes(5)
    let left = 3
    expect(budget.spin(() => --left === 0)).toBe(true)
    // What was found made good for what was in vain.
    expect(waste(budget)).toBe(2)
  })
})
