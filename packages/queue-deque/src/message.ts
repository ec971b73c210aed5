import { AsyncResource } from 'node:async_hooks'
import { type Codec, encodeValue, type Priority } from '@fosen/queue'
import type { Moment } from './turn-clock.ts'

/** Where a message belongs. Most belong to the same place, and share one. */
export interface Place {
  readonly priority: Priority
  readonly partition: number
}

/**
 * Nobody listens for the end of one, and there is one for each message. What triggered it is not told: by default it is an
 * object of its own in each, which takes a fifth of the time of `consume`. The AsyncLocalStorage does not go by it.
 */
const resourceOptions = { requireManualDestroy: true, triggerAsyncId: 0 }

/**
 * A message as the queue holds it: the resource that has the AsyncLocalStorage of its put.
 *
 * There may be very many, so each is one object, with no more than it needs.
 */
export class Message<T> extends AsyncResource {
  /** Its value, or the bytes of it where there is a codec. */
  readonly payload: T | Buffer
  readonly place: Place
  /** What its id is the text of; 0 before it is in the queue. */
  number = 0
  /** The attempt that it is in, or that is the next. */
  attempt = 1
  /** When it became ready; undefined before. */
  ready: Moment | undefined = undefined

  /** To be called in the put. */
  constructor(payload: T | Buffer, place: Place) {
    super('fosen.Message', resourceOptions)
    this.payload = payload
    this.place = place
  }
}

/** What a value is kept as: itself, or its bytes where there is a codec. They are nobody else's. */
export function pack<T>(value: T, codec: Codec<T> | undefined): T | Buffer {
  if (codec === undefined) return value
  return Buffer.from(encodeValue(codec, value) as Buffer)
}

/** The value of what `pack` gave; one more with each call where there is a codec. */
export function unpack<T>(payload: T | Buffer, codec: Codec<T> | undefined): T {
  return codec === undefined ? (payload as T) : codec.decode(Buffer.from(payload as Buffer))
}
