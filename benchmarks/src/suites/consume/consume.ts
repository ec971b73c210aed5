import { consume } from '@fosen/queue'
import { DequeQueue } from '@fosen/queue-deque'
import async from 'async'
import fastq from 'fastq'
import PQueue from 'p-queue'
import type { Contender, Workload } from '../../workload.ts'

const messages = 200_000
const concurrency = 16

/** Puts every message, handles each by an async function that adds it up, and waits until the last is done. */
interface Library {
  readonly name: string
  run(handle: (value: number) => Promise<void>): Promise<unknown>
}

const ours: Library = {
  name: 'DequeQueue',
  async run(handle) {
    const queue = new DequeQueue<number>()
    const consumer = consume(queue, handle, { concurrency })
    for (let i = 0; i < messages; i++) queue.put(1)
    await queue.join()
    await consumer.stop()
    await queue.close()
  },
}

const peers: readonly Library[] = [
  {
    name: 'fastq.promise',
    async run(handle) {
      const queue = fastq.promise(handle, concurrency)
      for (let i = 0; i < messages; i++) queue.push(1)
      await queue.drained()
    },
  },
  {
    name: 'async.queue',
    async run(handle) {
      const queue = async.queue(handle, concurrency)
      for (let i = 0; i < messages; i++) queue.push(1)
      await queue.drain()
    },
  },
  {
    name: 'p-queue',
    async run(handle) {
      const queue = new PQueue({ concurrency })
      for (let i = 0; i < messages; i++) queue.add(() => handle(1))
      await queue.onIdle()
    },
  },
]

function contender({ name, run }: Library): Contender {
  return {
    name,
    async run() {
      let sum = 0
      await run(async value => {
        sum += value
      })
      return sum
    },
  }
}

/** DequeQueue acks each message, would retry it, and has its AsyncLocalStorage; the peers call a function for each. */
export function consuming(): Workload {
  return {
    title: `put and handle ${messages.toLocaleString('en-US')} messages, ${concurrency} at a time`,
    operations: messages,
    expected: messages,
    contenders: [contender(ours), ...peers.map(contender)],
    warmUp: 15_000,
    gate: { timesPeer: 1.5 },
  }
}
