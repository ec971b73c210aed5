import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { packArguments, type Reference, referenceOf } from '@fosen/thread-async/worker'
import { expect, test } from 'vitest'
import { LoopState } from '../src/threads/loop-state.ts'
import type { ToLoop } from '../src/threads/messages.ts'
import { serveLoop } from '../src/threads/serve-loop.ts'
import { append } from './fixtures/coroutines.ts'

test('a callback is not called when its cancellation arrives while it waits for its turn', async () => {
  const opened = Promise.withResolvers<void>()
  Object.assign(globalThis, { gate: opened.promise })
  const order = new Int32Array(new SharedArrayBuffer(16))
  const { port1: near, port2: far } = new MessageChannel()
  const send = (message: ToLoop) => near.postMessage(message)
  const call = (id: number, reference: Reference | undefined, fn: number) => {
    const { args } = packArguments([order, id])
    send({ type: 'call', id, fn, reference, args })
  }
  const served = serveLoop(new LoopState().buffer, far)
  far.on('message', (message: ToLoop) => message.type === 'cancel' && opened.resolve())

  const module = new URL('fixtures/gated.ts', import.meta.url).href
  call(1, { module, name: 'gated', shape: 'Function of 0' }, 0)
  call(2, referenceOf(append), 1)
  for (const id of [3, 4]) call(id, undefined, 1)
  send({ type: 'cancel', id: 3 })
  send({ type: 'stop' })
  await Promise.all([served, once(near, 'close')])
  expect([...order]).toEqual([2, 2, 4, 0])
})
