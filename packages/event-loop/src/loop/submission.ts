import { AsyncResource } from 'node:async_hooks'
import { running } from './running-loop.ts'

/**
 * Without a hook for its destruction. What triggered it is not told: by default that is an object of its own in each, and
 * the AsyncLocalStorage does not go by it.
 */
const options = { requireManualDestroy: true, triggerAsyncId: 0 }

/** Keeps the submitter's AsyncLocalStorage, for what is no part of the async function that submits it. */
export class Submission extends AsyncResource {
  constructor(type: string) {
    const { native } = running
    const body = native.getStore()
    if (body !== undefined) native.enterWith(undefined)
    super(type, options)
    if (body !== undefined) native.enterWith(body)
  }
}
