import { workerData } from 'node:worker_threads'
import { unpark } from '@fosen/shared-memory'
import { resolveReference } from '../portable.ts'
import { decodeError, encodeError } from '../wire/error-codec.ts'
import type { FromThread, ThreadData, ToThread } from '../wire/messages.ts'
import { unpackArguments } from '../wire/wire-arguments.ts'
import { writeConsoleAtOnce } from './console.ts'
import { RunningCall } from './current-call.ts'

/** Runs the calls that are sent to this thread. */
export function serveCalls(): void {
  const { port, caller, cancelled } = workerData as ThreadData
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
  port.on('message', async (message: ToThread) => {
    if (message.type === 'cancel') return running.get(message.id)?.abort(decodeError(message.reason))
    const call = new RunningCall(cells, message.slot, message.id)
    running.set(message.id, call)
    const result = await run(message, call)
    running.delete(message.id)
    answer(result)
  })
}

async function run(message: Extract<ToThread, { type: 'call' }>, call: RunningCall): Promise<FromThread> {
  const { id, reference, args } = message
  try {
    const fn = await resolveReference(reference)
    const given = (await unpackArguments(args)) as never[]
    return { type: 'value', id, value: await call.run(() => fn(...given)) }
  } catch (error) {
    return { type: 'error', id, error: encodeError(error) }
  }
}
