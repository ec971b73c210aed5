import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import { BaseDelivery, type Outcome, type Settlement } from '../src/index.ts'
import { FakeDelivery } from './fixtures/fake-queue.ts'

const delivery = (settle: (settlement: Settlement) => Outcome) => new FakeDelivery('a', 1, settle)

test('a delivery tells the queue its first settlement alone', () => {
  const settle = vi.fn(() => true)
  const retried = delivery(settle)
  retried.retry({ delay: 5, error: 'why' })
  retried.ack()
  retried.bury()
  retried.release()
  expect(settle.mock.calls).toEqual([[{ type: 'retry', delay: 5, error: 'why' }]])
})

test('a delivery that is settled while it is being settled tells the queue once', () => {
  const settle = vi.fn(() => {
    acked.bury()
    return true
  })
  const acked = delivery(settle)
  acked.ack()
  expect(settle).toHaveBeenCalledTimes(1)
})

test('settled gives what the queue said, asked before, after or meanwhile', async () => {
  for (const answer of [true, false, Promise.resolve(true), Promise.resolve(false)]) {
    let meanwhile: Promise<boolean> | undefined
    const acked = delivery(() => {
      meanwhile = acked.settled
      return answer
    })
    const before = acked.settled
    expect(acked.outcome).toBeUndefined()
    acked.ack()
    expect(acked.outcome).toBe(answer)
    expect(await Promise.all([before, meanwhile, acked.settled])).toEqual(Array(3).fill(await answer))
  }
})

test('settled rejects when the queue could not be told, and is silent when nobody asks', async () => {
  const lost = new Error('connection lost')
  const throwing = () => {
    throw lost
  }
  for (const settle of [throwing, () => Promise.reject(lost)]) {
    const acked = delivery(settle)
    acked.ack()
    await expect(acked.settled).rejects.toBe(lost)
    delivery(settle).ack()
  }
})

test('a retry with a bad delay throws, and leaves the delivery to be settled', () => {
  const settle = vi.fn(() => true)
  const acked = delivery(settle)
  for (const delay of [-1, Number.NaN, Infinity]) expect(() => acked.retry({ delay })).toThrow(RangeError)
  expect(() => acked.retry({ delay: '5' as never })).toThrow(
    "delay must be a number of milliseconds from 0 on, and finite, not '5'",
  )
  expect(settle).not.toHaveBeenCalled()
  acked.ack()
  expect(settle).toHaveBeenCalledTimes(1)
})

test('a signal is aborted with the first reason, whether it was asked for before or is after', () => {
  const [early, late] = [delivery(() => true), delivery(() => true)]
  const { signal } = early
  const onAbort = vi.fn()
  signal.addEventListener('abort', onAbort)
  for (const each of [early, late]) {
    each.abort('lost')
    each.abort('too late')
  }
  expect([signal.reason, late.signal.reason]).toEqual(['lost', 'lost'])
  expect(onAbort).toHaveBeenCalledTimes(1)
  expect(getEventListeners(signal, 'abort')).toEqual([onAbort])
})

test('a delivery is one of every copy of the package, and nothing else is', async () => {
  const copySpecifier = '../src/base-delivery.ts?copy'
  const copy: { BaseDelivery: typeof BaseDelivery } = await import(copySpecifier)
  expect(copy.BaseDelivery).not.toBe(BaseDelivery)
  const foreign = delivery(() => true)
  expect(foreign).toBeInstanceOf(copy.BaseDelivery)
  class Other extends BaseDelivery<string> {
    readonly id = ''
    readonly value = ''
    readonly attempt = 1
    protected settle() {
      return true
    }
  }
  expect(foreign).not.toBeInstanceOf(Other)
  for (const value of [undefined, null, 'delivery', {}]) expect(value instanceof BaseDelivery).toBe(false)
})
