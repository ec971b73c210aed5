import { parentPort } from 'node:worker_threads'
import { resolveReference } from '../portable.ts'
import { encodeError } from '../wire/error-codec.ts'
import type { CallMessage, ResultMessage } from '../wire/messages.ts'
import { unpackArguments } from '../wire/wire-arguments.ts'

/** Runs the calls that the pool sends to this thread. */
export function serveCalls(): void {
  const port = parentPort
  if (!port) throw new Error('serveCalls runs in a thread that a pool has started')
  port.on('message', (message: CallMessage) => {
    if (message.type !== 'call') return
    void run(message).then(result => {
      try {
        port.postMessage(result)
      } catch (error) {
        // The value cannot be cloned: that fails this call, and nothing else.
        port.postMessage({ type: 'error', id: message.id, error: encodeError(error) } satisfies ResultMessage)
      }
    })
  })
}

async function run({ id, reference, args }: CallMessage): Promise<ResultMessage> {
  try {
    const fn = await resolveReference(reference)
    const value: unknown = await fn(...((await unpackArguments(args)) as never[]))
    return { type: 'value', id, value }
  } catch (error) {
    return { type: 'error', id, error: encodeError(error) }
  }
}
