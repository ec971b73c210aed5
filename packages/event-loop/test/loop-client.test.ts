import { MessageChannel } from 'node:worker_threads'
import { encodeError, referenceOf } from '@fosen/thread-async/worker'
import { beforeEach, expect, test } from 'vitest'
import { LoopClient } from '../src/threads/loop-client.ts'
import { LoopState } from '../src/threads/loop-state.ts'
import { count } from './fixtures/coroutines.ts'

let state: LoopState
beforeEach(() => {
  state = new LoopState()
  state.start()
})

function connect(): Side {
  const { port1, port2 } = new MessageChannel()
  const ends: unknown[] = []
  const client: LoopClient = new LoopClient('test', state, port1, {
    onClose: () => client.end(),
    onEnd: crash => ends.push(crash?.cause),
  })
  const tell = () => port2.postMessage({ type: 'crashed', cause: encodeError(new RangeError('why')) })
  return { client, ends, tell }
}

test('a thread that blocks waits for the reason of a crash that another thread knows of already', () => {
  const [first, second] = [connect(), connect()]

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

test('a loop whose thread is terminated while it tells of its crash has crashed, also for who was not told', () => {
  const [first, second] = [connect(), connect()]
  expect(() =>
    state.crash(() => {
      first.tell()
      first.client.drain()
      throw new Error('terminated')
    }),
  ).toThrow('terminated')
  second.client.check()
  expect([second.ends, state.isOver]).toEqual([[], false])
  first.client.end()
  second.client.check()
  expect([first.ends, second.ends]).toEqual([[new RangeError('why')], [undefined]])
})

interface Side {
  readonly client: LoopClient
  /** The causes it was told of. */
  readonly ends: unknown[]
  readonly tell: () => void
}
