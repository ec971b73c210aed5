import { workerData } from 'node:worker_threads'
import { shareOf, unpark } from '@fosen/shared-memory'
import { isImported } from '../import-module.ts'
import { findFunction, isGenerator, type Reference, resolveReference } from '../portable.ts'
import { setThreadCounts } from '../thread-count.ts'
import { credit } from '../thread-stream.ts'
import { decodeError, encodeError } from '../wire/error-codec.ts'
import type { FromThread, ThreadData, ToThread } from '../wire/messages.ts'
import { unpackArguments } from '../wire/wire-arguments.ts'
import { writeConsoleAtOnce } from './console.ts'
import { RunningCall } from './current-call.ts'

/** Runs the calls that are sent to this thread. */
export function serveCalls(): void {
  const { port, caller, cancelled, initializer, counts } = workerData as ThreadData
  setThreadCounts(counts)
  const word = new Int32Array(caller)
  const cells = new Int32Array(cancelled)
  const running = new Map<number, RunningCall>()

  const answer = (message: FromThread) => {
    try {
      port.postMessage(message)
    } catch (error) {
      if (message.type !== 'value') throw error
      // The value cannot be cloned: that fails this call, and nothing else.
      port.postMessage({ type: 'error', id: message.id, error: encodeError(error) } satisfies FromThread)
    }
    unpark(word)
  }

  writeConsoleAtOnce()
  process.on('uncaughtExceptionMonitor', error => {
    // One that the thread's own code handles is not its end.
    if (process.listenerCount('uncaughtException') > 0) return
    answer({ type: 'uncaught', error: encodeError(error) })
  })
  process.on('exit', code => answer({ type: 'exit', code }))
  const initialized = initializer && initialize(initializer, answer)
  port.on('message', (message: ToThread) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort(decodeError(message.reason))
    } else if (message.type === 'credit') {
      running.get(message.id)?.giveCredit(message.count)
    } else {
      const call = new RunningCall(cells, message.slot, message.id)
      running.set(message.id, call)
      if (initialized) void initialized.then(isReady => isReady && serve(message, call))
      else serve(message, call)
    }
  })

  function serve(message: CallMessage, call: RunningCall) {
    const { id } = message
    const send = (value: unknown) => answer({ type: 'item', id, value })
    const end = (result: FromThread) => {
      running.delete(id)
      answer(result)
    }
    const fail = (error: unknown) => end({ type: 'error', id, error: encodeError(error) })
    const succeed = (value: unknown) => {
      if (shareOf(value)) fail(new TypeError('a shareable object can be an argument of a call, and not its result'))
      else end({ type: 'value', id, value })
    }
    try {
      const value = run(message, call, send)
      // Without a turn of the event loop where none is needed.
      if (value instanceof Promise) value.then(succeed, fail)
      else succeed(value)
    } catch (error) {
      fail(error)
    }
  }
}

/** @returns whether calls can be run */
async function initialize(initializer: Reference, answer: (message: FromThread) => void): Promise<boolean> {
  try {
    const fn = await resolveReference(initializer)
    await fn()
    answer({ type: 'ready' })
    return true
  } catch (error) {
    answer({ type: 'broken', error: encodeError(error) })
    return false
  }
}

type CallMessage = Extract<ToThread, { type: 'call' }>
type Send = (value: unknown) => void

/** Runs the function: at once when its module is imported, and every argument is there. */
function run(message: CallMessage, call: RunningCall, send: Send): unknown {
  const { reference, args } = message
  if (!isImported(reference.module) || args.shared.length > 0) return runLater(message, call, send)
  return runWith(message, call, send, args.values)
}

async function runLater(message: CallMessage, call: RunningCall, send: Send): Promise<unknown> {
  await resolveReference(message.reference)
  return runWith(message, call, send, await unpackArguments(message.args))
}

function runWith({ reference }: CallMessage, call: RunningCall, send: Send, args: readonly unknown[]): unknown {
  // Cancelled before it began: nobody waits for it.
  if (call.cancelled) return undefined
  const fn = findFunction(reference)
  const made = call.run(() => fn(...(args as never[])))
  return isGenerator(reference) ? stream(made as AnyGenerator, call, send) : made
}

type AnyGenerator = Generator<unknown> | AsyncGenerator<unknown>

/** Sends what the generator yields, as far as there is credit; ends it when the call is cancelled. Gives what it returns. */
async function stream(generator: AnyGenerator, call: RunningCall, send: (value: unknown) => void): Promise<unknown> {
  call.giveCredit(credit)
  try {
    for (;;) {
      const step = await call.run(() => generator.next())
      if (step.done) return step.value
      await call.takeCredit()
      if (call.cancelled) return undefined
      send(step.value)
    }
  } finally {
    await call.run(() => generator.return(undefined))
  }
}
