import { randomFillSync } from 'node:crypto'

// An envelope, in the bytes that the scripts read and write, too:
//
//   0        1          3                 19
//   ┌────────┬──────────┬─────────────────┬─────────┐
//   │ \x01   │ attempts │ id              │ payload │
//   └────────┴──────────┴─────────────────┴─────────┘
//   version    uint16 BE  16 bytes
//
// `attempts` are those that have ended. What starts with another byte, or is shorter, is a raw payload of a foreign
// producer; it gets an envelope when it is taken, whose id is the token of that first lease.
const version = 1
const attemptsAt = 1
const idAt = 3
const payloadAt = 19
const timeLength = 6

export interface Envelope {
  readonly id: string
  readonly attempts: number
  readonly payload: Buffer
}

/** A payload that is to be put. Its id is the time, so that ids sort by it, and 80 random bits. */
export function seal(payload: string | Buffer): Buffer {
  const envelope = Buffer.allocUnsafe(payloadAt + Buffer.byteLength(payload))
  envelope[0] = version
  envelope.writeUInt16BE(0, attemptsAt)
  envelope.writeUIntBE(Date.now(), idAt, timeLength)
  randomFillSync(envelope, idAt + timeLength, payloadAt - idAt - timeLength)
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
