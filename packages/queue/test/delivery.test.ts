import { expect, test, vi } from 'vitest'
import { createDelivery, type Settlement } from '../src/index.ts'

function source(settle: (settlement: Settlement) => boolean | Promise<boolean>) {
  return { id: '1', value: 'a', attempt: 1, signal: new AbortController().signal, settle }
}

test('a delivery tells the queue its first settlement alone', () => {
  const settle = vi.fn(() => true)
  const delivery = createDelivery(source(settle))
  delivery.retry({ delay: 5, error: 'why' })
  delivery.ack()
  delivery.bury()
  expect(settle.mock.calls).toEqual([[{ type: 'retry', delay: 5, error: 'why' }]])
})

test('a delivery that is settled while it is being settled tells the queue once', () => {
  const settle = vi.fn(() => {
    delivery.bury()
    return true
  })
  const delivery = createDelivery(source(settle))
  delivery.ack()
  expect(settle).toHaveBeenCalledTimes(1)
})

test('settled gives what the queue said, asked before or after', async () => {
  for (const answer of [true, false, Promise.resolve(true), Promise.resolve(false)]) {
    const delivery = createDelivery(source(() => answer))
    const before = delivery.settled
    delivery.ack()
    expect(await before).toBe(await answer)
    expect(await delivery.settled).toBe(await answer)
  }
})

test('settled rejects when the queue could not be told, and is silent when nobody asks', async () => {
  const lost = new Error('connection lost')
  const throwing = () => {
    throw lost
  }
  for (const settle of [throwing, () => Promise.reject(lost)]) {
    const delivery = createDelivery(source(settle))
    delivery.ack()
    await expect(delivery.settled).rejects.toBe(lost)
    createDelivery(source(settle)).ack()
  }
})

test('a retry with a bad delay throws, and leaves the delivery to be settled', () => {
  const settle = vi.fn(() => true)
  const delivery = createDelivery(source(settle))
  for (const delay of [-1, Number.NaN, Infinity]) expect(() => delivery.retry({ delay })).toThrow(RangeError)
  expect(() => delivery.retry({ delay: '5' as never })).toThrow(
    "delay must be a number of milliseconds from 0 on, and finite, not '5'",
  )
  expect(settle).not.toHaveBeenCalled()
  delivery.ack()
  expect(settle).toHaveBeenCalledTimes(1)
})
