import { workerData } from 'node:worker_threads'
import { shareOf, unpark } from '@fosen/shared-memory'
import { isGenerator, type Reference, resolveReference } from '../portable.ts'
import { setThreadCount } from '../thread-count.ts'
import { credit } from '../thread-stream.ts'
import { decodeError, encodeError } from '../wire/error-codec.ts'
import type { FromThread, ThreadData, ToThread } from '../wire/messages.ts'
import { unpackArguments } from '../wire/wire-arguments.ts'
import { writeConsoleAtOnce } from './console.ts'
import { RunningCall } from './current-call.ts'

/** Runs the calls that are sent to this thread. */
export function serveCalls(): void {
  const { port, caller, cancelled, initializer, count } = workerData as ThreadData
  setThreadCount(new Int32Array(count))
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
  process.on('uncaughtExceptionMonitor', error => answer({ type: 'uncaught', error: encodeError(error) }))
  process.on('exit', code => answer({ type: 'exit', code }))
  const initialized = initializer ? initialize(initializer, answer) : true
  port.on('message', async (message: ToThread) => {
    if (message.type === 'cancel') return running.get(message.id)?.abort(decodeError(message.reason))
    if (message.type === 'credit') return running.get(message.id)?.giveCredit(message.count)
    const call = new RunningCall(cells, message.slot, message.id)
    running.set(message.id, call)
    if (!(await initialized)) return
    const result = await run(message, call, value => answer({ type: 'item', id: message.id, value }))
    running.delete(message.id)
    answer(result)
  })
}

/** @returns whether calls can be run */
async function initialize(initializer: Reference, answer: (message: FromThread) => void): Promise<boolean> {
  try {
    const fn = await resolveReference(initializer)
    await fn()
    return true
  } catch (error) {
    answer({ type: 'broken', error: encodeError(error) })
    return false
  }
}

type CallMessage = Extract<ToThread, { type: 'call' }>

async function run(message: CallMessage, call: RunningCall, send: (value: unknown) => void): Promise<FromThread> {
  const { id, reference, args } = message
  try {
    const fn = await resolveReference(reference)
    const given = (await unpackArguments(args)) as never[]
    const made = call.run(() => fn(...given))
    const value = isGenerator(reference) ? await stream(made as AnyGenerator, call, send) : await made
    if (shareOf(value)) throw new TypeError('a shareable object can be an argument of a call, and not its result')
    return { type: 'value', id, value }
  } catch (error) {
    return { type: 'error', id, error: encodeError(error) }
  }
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
