import { consume } from '@fosen/queue'
import { DequeQueue } from '@fosen/queue-deque'
import async from 'async'
import fastq from 'fastq'
import PQueue from 'p-queue'
import type { Suite } from '../../workload.ts'

const concurrency = 16

type Handler = (value: number) => Promise<void>

interface Library {
  readonly name: string
  /** Puts so many messages of 1, has each handled, and waits until the last is done. */
  run(messages: number, handler: Handler): Promise<unknown>
}

const ours: Library = {
  name: 'DequeQueue',
  async run(messages, handler) {
    await using queue = new DequeQueue<number>()
    const consumer = consume(queue, handler, { concurrency })
    for (let i = 0; i < messages; i++) queue.put(1)
    await queue.join()
    await consumer.stop()
  },
}

const peers: readonly Library[] = [
  {
    name: 'fastq.promise',
    async run(messages, handler) {
      const queue = fastq.promise(handler, concurrency)
      for (let i = 0; i < messages; i++) queue.push(1)
      await queue.drained()
    },
  },
  {
    name: 'async.queue',
    async run(messages, handler) {
      const queue = async.queue(handler, concurrency)
      for (let i = 0; i < messages; i++) queue.push(1)
      await queue.drain()
    },
  },
  {
    name: 'p-queue',
    async run(messages, handler) {
      const queue = new PQueue({ concurrency })
      for (let i = 0; i < messages; i++) queue.add(() => handler(1))
      await queue.onIdle()
    },
  },
]

/** A burst of messages for an async function that has next to nothing to do. */
export function consuming(messages = 200_000): Suite {
  const contender = ({ name, run }: Library) => ({
    name,
    async run() {
      let sum = 0
      await run(messages, async value => {
        sum += value
      })
      return sum
    },
  })
  return {
    workloads: [
      {
        title: `put ${messages.toLocaleString('en-US')} messages and handle them, ${concurrency} at a time`,
        operations: messages,
        expected: messages,
        contenders: [contender(ours), ...peers.map(contender)],
        warmUp: 10_000,
        gate: { timesPeer: 1.5 },
      },
    ],
    async [Symbol.asyncDispose]() {},
  }
}
