import { randomFillSync } from 'node:crypto'

// An envelope, in the bytes that the scripts read and write, too:
//
//   0            2          4                                   20
//   ┌────────────┬──────────┬─────────────────────────────────┬─────────┐
//   │ \x01 \xf5  │ attempts │ id                              │ payload │
//   └────────────┴──────────┴─────────────────────────────────┴─────────┘
//     magic        uint16 BE  ms (6 bytes), count (4), random (6)
//
// The byte F5 is in no UTF-8 text. `attempts` are those that have ended. What starts otherwise, or is shorter, is a raw
// payload of a foreign producer; it gets an envelope when it is taken, whose id is the token of that first lease.
const magic = 0x01f5
const attemptsAt = 2
const idAt = 4
const countAt = idAt + 6
const randomAt = countAt + 4
const payloadAt = 20

const highestCount = 2 ** 32 - 1

let lastTime = 0
let count = 0

export interface Envelope {
  readonly id: string
  readonly attempts: number
  readonly payload: Buffer
}

/**
 * A payload that is to be put. Its id is the time, a count and 48 random bits: ids of one thread sort by the order they
 * were made in, also when the clock is set back.
 */
export function seal(payload: string | Buffer): Buffer {
  const now = Date.now()
  if (now > lastTime || count > highestCount) {
    lastTime = Math.max(now, lastTime + 1)
    count = 0
  }
  const envelope = Buffer.allocUnsafe(payloadAt + Buffer.byteLength(payload))
  envelope.writeUInt16BE(magic, 0)
  envelope.writeUInt16BE(0, attemptsAt)
  envelope.writeUIntBE(lastTime, idAt, countAt - idAt)
  envelope.writeUInt32BE(count++, countAt)
  randomFillSync(envelope, randomAt, payloadAt - randomAt)
  if (typeof payload === 'string') envelope.write(payload, payloadAt)
  else payload.copy(envelope, payloadAt)
  return envelope
}

export function open(envelope: Buffer): Envelope {
  return {
    id: idOf(envelope),
    attempts: envelope.readUInt16BE(attemptsAt),
    payload: envelope.subarray(payloadAt),
  }
}

export function idOf(envelope: Buffer): string {
  return envelope.toString('hex', idAt, payloadAt)
}
