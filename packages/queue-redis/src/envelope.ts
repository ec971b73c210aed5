import { randomBytes } from 'node:crypto'
import type { Headers, Priority } from '@fosen/queue'

// An envelope, in the bytes that the scripts read and write, too:
//
//   0            2        4       10      14       20
//   ┌────────────┬────────┬───────┬───────┬────────┬─────────┐
//   │ version F5 │ state  │ ms    │ count │ thread │ payload │
//   └────────────┴────────┴───────┴───────┴────────┴─────────┘
//                         └────────── id ──────────┘
//
// All numbers are unsigned and big-endian. The byte F5 is in no UTF-8 text. Version 1 is as drawn; in version 2 the headers
// stand before the payload: their length in two bytes, and JSON. Of the state, the highest bit marks a suspect, whose
// consumer has gone during the last attempt; two bits are the priority, and 13 the attempts that have ended.
//
// What starts otherwise, or is shorter, is a raw payload of a foreign producer; it gets an envelope when it is to come back,
// whose id is the token of the batch it was in first, and its index there. 00 F5 is no message: it wakes.
const magic = 0xf5
const stateAt = 2
const idAt = 4
const countAt = 10
const threadAt = 14
const payloadAt = 20

const highestCount = 2 ** 32 - 1
const mostHeaderBytes = 2 ** 16 - 1
/** Redis has all of a message in memory several times while it takes it. */
const mostPayloadBytes = 16 * 2 ** 20

const thread = randomBytes(payloadAt - threadAt)
let lastTime = 0
let count = 0

export interface Envelope {
  readonly id: string
  /** Those that have ended. */
  readonly attempts: number
  /** Throws where they cannot be read: then somebody else has made the element. */
  readonly headers: Headers
  readonly payload: Buffer
}

const none: Headers = Object.freeze({})

/**
 * A payload that is to be put. Its id is the time, a count and a number of the thread: ids of one thread sort by the order
 * they were made in, also when the clock is set back.
 *
 * @throws RangeError for headers of more than 64 KiB, or a payload of more than 16 MiB
 */
export function seal(payload: string | Buffer, priority: Priority = 0, headers?: Headers, now = Date.now()): Buffer {
  if (now > lastTime || count > highestCount) {
    lastTime = Math.max(now, lastTime + 1)
    count = 0
  }
  const hasHeaders = headers !== undefined && Object.keys(headers).length > 0
  const head = hasHeaders ? JSON.stringify(headers) : ''
  const headSize = hasHeaders ? 2 + Buffer.byteLength(head) : 0
  if (headSize > mostHeaderBytes + 2) throw new RangeError(`headers must have ${mostHeaderBytes} bytes at most as JSON`)
  const size = Buffer.byteLength(payload)
  if (size > mostPayloadBytes) {
    throw new RangeError(`a message must have ${mostPayloadBytes} bytes at most, not ${size}: put where the data is`)
  }
  const envelope = Buffer.allocUnsafe(payloadAt + headSize + size)
  envelope[0] = hasHeaders ? 2 : 1
  envelope[1] = magic
  envelope.writeUInt16BE(priority << 13, stateAt)
  envelope.writeUIntBE(lastTime, idAt, countAt - idAt)
  envelope.writeUInt32BE(count++, countAt)
  thread.copy(envelope, threadAt)
  if (hasHeaders) {
    envelope.writeUInt16BE(headSize - 2, payloadAt)
    envelope.write(head, payloadAt + 2)
  }
  const at = payloadAt + headSize
  if (typeof payload === 'string') envelope.write(payload, at)
  else payload.copy(envelope, at)
  return envelope
}

/**
 * Reads an element.
 *
 * @param token of the batch it is in
 */
export function open(element: Buffer, token: string, index: number): Envelope {
  const version = element[0]
  if (element[1] !== magic || element.length < payloadAt || (version !== 1 && version !== 2)) {
    return { id: idOfForeign(token, index), attempts: 0, headers: none, payload: element }
  }
  const attempts = element.readUInt16BE(stateAt) & 0x1fff
  const id = idOf(element)
  if (version === 1) return { id, attempts, headers: none, payload: element.subarray(payloadAt) }
  const from = payloadAt + 2
  const to = from + element.readUInt16BE(payloadAt)
  return {
    id,
    attempts,
    get headers() {
      return JSON.parse(element.toString('utf8', from, to))
    },
    payload: element.subarray(to),
  }
}

export function idOf(envelope: Buffer): string {
  return envelope.toString('hex', idAt, payloadAt)
}

function idOfForeign(token: string, index: number): string {
  return Buffer.from(token, 'latin1').toString('hex') + index.toString(16).padStart(4, '0')
}
