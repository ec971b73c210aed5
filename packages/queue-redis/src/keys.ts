import { inspect } from 'node:util'

/** The keys of a queue. One hash tag, so that a cluster keeps them on one node. */
export interface QueueKeys {
  /** List: ready. Pushed at the head, popped at the tail. */
  readonly ready: string
  /** List: ready, and taken first: woken, returned, retried and expired messages. */
  readonly hot: string
  /** Hash: token → leased envelope. */
  readonly leased: string
  /** Sorted set: token → end of the lease, in ms of the server's time. */
  readonly leases: string
  /** Sorted set: envelope → when it is due, in ms of the server's time. */
  readonly delayed: string
  /** List: dead letters, newest at the tail. */
  readonly dead: string
}

/** @throws TypeError for a name that is no string, is empty, or has a brace, which would end the hash tag */
export function queueKeys(name: string): QueueKeys {
  checkName(name)
  if (/[{}]/.test(name)) throw new TypeError(`the name of a queue must have no braces: ${inspect(name)}`)
  return {
    ready: name,
    hot: `{${name}}:h`,
    leased: `{${name}}:f`,
    leases: `{${name}}:l`,
    delayed: `{${name}}:d`,
    dead: `{${name}}:x`,
  }
}

/** @throws TypeError for a name that is no string, or is empty */
export function checkName(name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`the name must be a string that is not empty, not ${inspect(name)}`)
}
