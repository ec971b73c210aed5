import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { packArguments, referenceOf } from '@fosen/thread-async/worker'
import { expect, test } from 'vitest'
import type { ToLoop } from '../src/threads/messages.ts'
import { serveLoop } from '../src/threads/serve-loop.ts'
import { append } from './fixtures/coroutines.ts'

test('a callback is not called when its cancellation arrives while it waits for its turn', async () => {
  const opened = Promise.withResolvers<void>()
  Object.assign(globalThis, { gate: opened.promise })
  const order = new Int32Array(new SharedArrayBuffer(16))
  const call = (id: number): ToLoop => {
    const { args } = packArguments([order, id])
    return { type: 'call', id, reference: referenceOf(append), args }
  }
  const { port1, port2 } = new MessageChannel()
  const served = serveLoop(port2, new SharedArrayBuffer(4))
  port2.on('message', (message: ToLoop) => message.type === 'cancel' && opened.resolve())

  const module = new URL('fixtures/gated.ts', import.meta.url).href
  const gated = { ...referenceOf(append), module, name: 'gated', shape: 'Function of 0' }
  port1.postMessage({ type: 'call', id: 1, reference: gated, args: packArguments([]).args } satisfies ToLoop)
  for (const id of [2, 3, 4]) port1.postMessage(call(id))
  port1.postMessage({ type: 'cancel', id: 3 } satisfies ToLoop)
  port1.postMessage({ type: 'stop' } satisfies ToLoop)
  await Promise.all([served, once(port1, 'close')])
  expect([...order]).toEqual([2, 2, 4, 0])
})
