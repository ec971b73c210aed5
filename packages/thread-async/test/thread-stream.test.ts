import { CancelledError, ThreadPool, type ThreadStream, WorkerCrashedError } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { countTo, whoRuns, yieldFunction, yieldThenExit, yieldThenFail, yieldThenSpin } from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'

let pool: ThreadPool
let gate: Gate
beforeEach(() => {
  pool = new ThreadPool({ max: 1, name: 'test', grace: 20 })
  gate = new Gate()
})
afterEach(() => pool.shutdown())

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('a stream', () => {
  test('yields what the generator yields, awaited or blocked on, and keeps what it returns', async () => {
    const stream = pool.submit(countTo, gate.cells, 100)
    expectTypeOf(stream).toEqualTypeOf<ThreadStream<number, string>>()
    expect(await Array.fromAsync(stream)).toEqual(numbers(100))
    expect(await stream.future).toBe('counted')
    expect([...pool.submit(countTo, gate.cells, 100)]).toEqual(numbers(100))
  })

  test('throws what the generator throws, after what it yielded', async () => {
    const seen: string[] = []
    const read = async () => {
      for await (const value of pool.submit(yieldThenFail)) seen.push(value)
    }
    await expect(read()).rejects.toThrow(RangeError)
    expect(seen).toEqual(['one', 'two'])
    const iterator = pool.submit(yieldThenFail)[Symbol.iterator]()
    expect([iterator.next().value, iterator.next().value]).toEqual(['one', 'two'])
    expect(() => iterator.next()).toThrow('no three')
    expect(iterator.next().done).toBe(true)
  })

  test('lets the producer run ahead no further than its credit', async () => {
    const stream = pool.submit(countTo, gate.cells, 1000)
    expect(await stream.next()).toEqual({ done: false, value: 0 })
    for (const expected of numbers(1000).slice(1)) {
      expect((await stream.next()).value).toBe(expected)
      // What it has in hand, and what it may send.
      expect(Atomics.load(gate.cells, 0)).toBeLessThanOrEqual(expected + 34)
    }
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('that is left early ends the generator, and its finally block runs in the same thread', async () => {
    await using patient = new ThreadPool({ max: 1, name: 'patient', grace: 60_000 })
    for await (const value of patient.submit(countTo, gate.cells, 1e9)) if (value === 50) break
    expect(await gate.left()).toBe(1)
    expect(await patient.submit(whoRuns)).toBe('patient-1')
    for (const value of patient.submit(countTo, gate.cells, 1e9)) if (value === 50) break
    expect(await patient.submit(whoRuns)).toBe('patient-1')
  })

  test('that is left before it is read ends, too', async () => {
    await using patient = new ThreadPool({ max: 1, name: 'patient', grace: 60_000 })
    patient.submit(countTo, gate.cells, 1e9)[Symbol.iterator]().return?.()
    expect(await patient.submit(whoRuns)).toBe('patient-1')
  })

  test('that is left early ends the thread when the generator does not come to a yield', async () => {
    for await (const value of pool.submit(yieldThenSpin)) {
      expect(value).toBe(1)
      break
    }
    expect(await pool.submit(whoRuns)).toBe('test-2')
  })

  test('that is cancelled throws CancelledError', async () => {
    const stream = pool.submit(countTo, gate.cells, 1e9)
    await stream.next()
    stream.future.cancel()
    await expect(Array.fromAsync(stream)).rejects.toThrow(CancelledError)
  })

  test('fails when a value cannot be cloned, or its thread dies', async () => {
    await expect(Array.fromAsync(pool.submit(yieldFunction))).rejects.toThrow(/could not be cloned/)
    await expect(Array.fromAsync(pool.submit(yieldThenExit))).rejects.toThrow(WorkerCrashedError)
    expect(() => [...pool.submit(yieldThenExit)]).toThrow('exit code 3')
  })

  test('never starts when it is left before a thread is free', async () => {
    const first = pool.submit(countTo, gate.cells, 1e9)
    await first.next()
    const other = new Gate()
    await pool.submit(countTo, other.cells, 10).return()
    await first.return()
    expect(await pool.submit(whoRuns)).toBe('test-1')
    expect(Atomics.load(other.cells, 0)).toBe(0)
  })
})
