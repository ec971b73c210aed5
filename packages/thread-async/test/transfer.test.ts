import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { ThreadPool, transfer } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { echo, echoValue, sum, waitAtGate } from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'
import {
  cloneBytes,
  lengthsLeft,
  moveBytes,
  moveBytesLater,
  moveWrongly,
  openPort,
  openPorts,
  yieldBytes,
  yieldWrongly,
} from './fixtures/transfers.ts'

let pool: ThreadPool
beforeEach(() => {
  pool = new ThreadPool({ max: 1 })
})
afterEach(() => pool.shutdown())

describe('transfer', () => {
  test.each([[5], [null], [undefined], ['text'], [() => {}]])('refuses %s, which holds nothing', value => {
    expect(() => transfer(value as never, [])).toThrow(TypeError)
  })

  test('refuses a list that is none', () => {
    expect(() => transfer({}, new ArrayBuffer(1) as never)).toThrow(TypeError)
    expect(() => pool.with({ transfer: new ArrayBuffer(1) as never })).toThrow(TypeError)
  })

  test('gives the value back, of the same type', () => {
    const value = { bytes: new Uint8Array(1) }
    expect(transfer(value, [value.bytes.buffer])).toBe(value)
    expectTypeOf(transfer<{ a: number }>).returns.toEqualTypeOf<{ a: number }>()
  })

  test('fails the call, and moves nothing, when an entry cannot be moved', async () => {
    const bytes = new Uint8Array([1, 2])
    const fault = 'their transfer list holds a Uint8Array: list its buffer'
    await expect(pool.submit(sum, transfer(bytes, [bytes.buffer, bytes] as never))).rejects.toThrow(fault)
    expect(await pool.submit(sum, transfer(bytes, []))).toBe(3)
    await expect(pool.submit(moveWrongly, 'view')).rejects.toMatchObject({
      name: 'DataCloneError',
      message: 'the result of moveWrongly could not be cloned: its transfer list holds a Uint8Array: list its buffer',
    })
    await expect(pool.submit(moveWrongly, 'text')).rejects.toThrow('its transfer list holds text, which is no object')
    await expect(Array.fromAsync(pool.submit(yieldWrongly))).rejects.toThrow('its transfer list holds a Uint8Array')
    expect(await pool.submit(lengthsLeft)).toEqual([1, 1, 1])
  })
})

describe('an argument marked by transfer', () => {
  test('is moved, when the call is made', async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const total = pool.submit(sum, transfer(bytes, [bytes.buffer]))
    expect(bytes.byteLength).toBe(0)
    expect(await total).toBe(6)
  })

  test('is moved also by a call that waits, beside the option of the same name', async () => {
    const gate = new Gate()
    const running = pool.submit(waitAtGate, gate.cells)
    const [one, two] = [new Uint8Array([1]), new Uint8Array([2])]
    const value = transfer({ one, two }, [one.buffer])
    const waiting = pool.with({ transfer: [one.buffer, two.buffer] }).submit(echoValue, value)
    expect([one.byteLength, two.byteLength]).toEqual([0, 0])
    gate.open()
    expect(await waiting).toEqual({ one: new Uint8Array([1]), two: new Uint8Array([2]) })
    await running
  })

  test('may be a port that the option names, too', async () => {
    const { port1, port2 } = new MessageChannel()
    const received = once(port1, 'message')
    await pool.with({ transfer: [port2] }).submit(echo, transfer(port2, [port2]), 'once')
    expect(await received).toEqual(['once'])
  })

  test('cannot be moved twice', async () => {
    const bytes = transfer(new Uint8Array(1), [])
    await pool.submit(sum, transfer(bytes, [bytes.buffer]))
    const again = pool.submit(sum, bytes)
    await expect(again).rejects.toThrow('their transfer list holds an ArrayBuffer that was moved before')
  })
})

describe('a result marked by transfer', () => {
  test('arrives whole, and is gone from the thread', async () => {
    expect(await pool.submit(moveBytes, 3)).toEqual({ bytes: new Uint8Array([7, 7, 7]) })
    expect(await pool.submit(moveBytesLater, 2)).toEqual(new Uint8Array([7, 7]))
    expect(await pool.submit(cloneBytes, 1)).toEqual({ bytes: new Uint8Array([7]) })
    expect(await pool.submit(lengthsLeft)).toEqual([0, 0, 1])
    expect(pool.submit(moveBytes, 1).result()).toEqual({ bytes: new Uint8Array([7]) })
  })

  test('holds ports that work, and a port alone needs no mark', async () => {
    const { port } = await pool.submit(openPorts)
    const answer = once(port, 'message')
    port.postMessage('once')
    expect(await answer).toEqual(['once again'])
    port.close()
    const other = await pool.submit(openPort)
    expect(await once(other, 'message')).toEqual(['hello'])
    other.close()
  })

  test('is moved when a generator yields it', async () => {
    const lengths: number[] = []
    for await (const { bytes } of pool.submit(yieldBytes, 40)) lengths.push(bytes.byteLength)
    expect(lengths).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    expect(new Set(await pool.submit(lengthsLeft))).toEqual(new Set([0]))
    expect([...pool.submit(yieldBytes, 3)].map(({ bytes }) => bytes.byteLength)).toEqual([1, 2, 3])
  })
})
