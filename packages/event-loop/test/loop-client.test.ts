import { MessageChannel } from 'node:worker_threads'
import { encodeError, referenceOf } from '@fosen/thread-async/worker'
import { expect, test } from 'vitest'
import { LoopClient } from '../src/threads/loop-client.ts'
import { LoopState } from '../src/threads/loop-state.ts'
import { count } from './fixtures/coroutines.ts'

test('a thread that blocks waits for the reason of a crash that another thread knows of already', () => {
  const state = new LoopState()
  state.start()
  const [first, second] = [1, 2].map(() => {
    const { port1, port2 } = new MessageChannel()
    const ends: unknown[] = []
    const client: LoopClient = new LoopClient('test', state, port1, {
      onClose: () => client.end(),
      onEnd: crash => ends.push(crash?.cause),
    })
    const tell = () => port2.postMessage({ type: 'crashed', cause: encodeError(new RangeError('why')) })
    return { client, ends, tell }
  }) as [Side, Side]

  state.crash(() => {
    first.tell()
    first.client.drain()
    expect(first.ends).toEqual([new RangeError('why')])
    second.client.check()
    expect(() => second.client.call(referenceOf(count), [])).toThrow('has crashed')
    expect(second.ends).toEqual([])
    second.tell()
  })
  second.client.check()
  expect(second.ends).toEqual([new RangeError('why')])
})

interface Side {
  readonly client: LoopClient
  /** The causes it was told of. */
  readonly ends: unknown[]
  readonly tell: () => void
}
