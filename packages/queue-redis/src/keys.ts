import { inspect } from 'node:util'

/** In bytes: every command carries it. */
const longestName = 65_536
/** Of a message, in bytes. */
const longestKey = 1_024

/** The keys of a queue. One hash tag, so that a cluster keeps them on one node. */
export interface QueueKeys {
  /** List: ready. Pushed at the head, popped at the tail. */
  readonly ready: string
  /** List: ready, and taken first: woken, released, retried and expired messages. */
  readonly hot: string
  /** Hash: token → msgpack array of the leased elements, `token:a` → indices of those settled, `token:n` → how many, if not 1. */
  readonly leased: string
  /** Sorted set: token → end of the lease, in ms of the server's time. */
  readonly leases: string
  /** Sorted set: envelope → when it is due, in ms of the server's time. */
  readonly delayed: string
  /** List: dead letters, newest at the tail. */
  readonly dead: string
  /** Hash: `paused`, while it is; `owner`, who last took from a partition. */
  readonly meta: string
  /** Sorted set: id of a cancelled message → until when that is known, in ms of the server's time. */
  readonly cancelled: string
  /** Lists: ready, by priority: 1, 2 and 3. */
  readonly levels: readonly [string, string, string]
}

/** @throws TypeError, RangeError as `checkName`; TypeError for a name that has a brace, which would end the hash tag */
export function queueKeys(name: string): QueueKeys {
  checkName(name)
  if (/[{}]/.test(name)) {
    throw new TypeError(`the name of a queue must have no braces: ${inspect(name)}`)
  }
  return {
    ready: name,
    hot: `{${name}}:h`,
    leased: `{${name}}:f`,
    leases: `{${name}}:l`,
    delayed: `{${name}}:d`,
    dead: `{${name}}:x`,
    meta: `{${name}}:m`,
    cancelled: `{${name}}:c`,
    levels: [`{${name}}:1`, `{${name}}:2`, `{${name}}:3`],
  }
}

/** String, for an hour: the number of a producer's last call, and how many messages it put. */
export function producerKey(name: string, producer: string): string {
  return `{${name}}:p:${producer}`
}

/** String, for as long as the window is open: the id of the message with this deduplication key. */
export function dedupKey(name: string, key: string): string {
  return `{${name}}:k:${key}`
}

/** @throws TypeError, RangeError for a key of a message that would become another one in UTF-8, or is too long */
export function checkMessageKey(what: string, key: string) {
  if (!key.isWellFormed()) throw new TypeError(`${what} must be well-formed text, not ${inspect(key)}`)
  const size = Buffer.byteLength(key)
  if (size > longestKey) throw new RangeError(`${what} must take up to ${longestKey} bytes, not ${size}`)
}

/** @throws TypeError for what is no id of a message */
export function checkMessageId(id: unknown): asserts id is string {
  if (typeof id === 'string' && /^[0-9a-f]{32}$/.test(id)) return
  throw new TypeError(`id must be the id of a message, not ${inspect(id)}`)
}

/** @throws TypeError for a name that is no string, is empty, or would become another one in UTF-8; RangeError for a long one */
export function checkName(name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`the name must be a string that is not empty, not ${inspect(name)}`)
  if (!name.isWellFormed()) throw new TypeError(`the name must be well-formed text, not ${inspect(name)}`)
  if (Buffer.byteLength(name) > longestName) {
    throw new RangeError(`the name must take up to ${longestName} bytes, not ${Buffer.byteLength(name)}`)
  }
}
