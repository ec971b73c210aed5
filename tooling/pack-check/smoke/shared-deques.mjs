import assert from 'node:assert/strict'
import { DequeClosedError, SharedDeque } from '@fosen/queue-deque'
import { portable, ThreadPool } from '@fosen/thread-async'

const double = portable(import.meta, async function double(numbers, doubled) {
  for (;;) {
    doubled.append(2 * numbers.popLeftWaitSync())
    await doubled.appendWait(2 * (await numbers.popLeftWait()))
  }
})

export async function useSharedDeques() {
  const pool = new ThreadPool({ max: 1 })
  const [numbers, doubled] = [new SharedDeque(), new SharedDeque()]
  const doubling = pool.submit(double, numbers, doubled)
  for (const number of [1, 2]) numbers.append(number)
  assert.deepEqual([await doubled.popLeftWait(), doubled.popLeftWaitSync(10_000)], [2, 4])
  numbers.close()
  await assert.rejects(async () => await doubling, DequeClosedError)
  await pool.shutdown()
  assert.equal(numbers.closed, true)
}

export function useSharedDequesOfAnything() {
  const deque = new SharedDeque()
  const values = [new Map([[1, Buffer.from('two')]]), [new Float64Array([3])]]
  assert.equal(deque.pushMany(values), 2)
  assert.deepEqual(deque.popLeftMany(3), values)
  assert.throws(() => deque.append(() => {}), /^TypeError: a SharedDeque takes data, and the value is a function$/)
}
