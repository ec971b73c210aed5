import { SpinBudget } from '@fosen/shared-memory'
import { describe, expect, test, vi } from 'vitest'

/** A budget whose clock goes on by `step` milliseconds each time it is read. */
function make({ step = 1, isEnabled = true } = {}) {
  let time = 0
  const now = () => {
    time += step
    return time
  }
  return new SpinBudget(isEnabled, now)
}

function miss(budget: SpinBudget, times: number) {
  for (let i = 0; i < times; i++) {
    budget.next()
    budget.miss()
  }
}

/** Waits until one is given time again. */
function waitsUntilTry(budget: SpinBudget): number {
  for (let waits = 1; waits < 10_000; waits++) if (budget.next() > 0) return waits
  return Number.POSITIVE_INFINITY
}

describe('a budget for spinning', () => {
  test('gives each wait some time, until four in a row were in vain', () => {
    const budget = make()
    miss(budget, 3)
    expect(budget.next()).toBe(0.05)
    budget.hit()
    miss(budget, 3)
    expect(budget.next()).toBe(0.05)
    budget.miss()
    expect(budget.next()).toBe(0)
  })

  test('lets a wait try again later, and each time later that it was in vain', () => {
    const budget = make()
    miss(budget, 4)
    const tries = [1, 2, 3, 4, 5].map(() => {
      const waits = waitsUntilTry(budget)
      budget.miss()
      return waits
    })
    expect(tries).toEqual([32, 64, 128, 256, 256])
    expect(waitsUntilTry(budget)).toBe(256)
    budget.hit()
    expect(budget.next()).toBe(0.05)
  })

  test('lets twenty waits look for longer when they follow each other closely, and not again for a while', () => {
    const budget = make({ step: 0.1 })
    miss(budget, 4)
    expect(budget.next()).toBe(0)
    const given = Array.from({ length: 22 }, () => {
      const time = budget.next()
      if (time > 0) budget.miss()
      return time
    })
    expect(given).toEqual([...Array(20).fill(1), 0, 0])
  })

  test('that is not enabled never gives any, and still says what is there', () => {
    const budget = make({ isEnabled: false })
    expect(waitsUntilTry(budget)).toBe(Number.POSITIVE_INFINITY)
    const isThere = vi.fn(() => true)
    expect(budget.spin(isThere)).toBe(true)
    expect(isThere).toHaveBeenCalledTimes(1)
  })

  test('has a wait look again and again until its time is over', () => {
    const budget = make({ step: 0.02 })
    const isThere = vi.fn(() => false)
    expect(budget.spin(isThere)).toBe(false)
    expect(isThere.mock.calls.length).toBeGreaterThan(1)
    let looks = 0
    expect(budget.spin(() => ++looks === 2)).toBe(true)
  })
})
