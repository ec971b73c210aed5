import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { coroutine } from '@fosen/coroutine'
import { EventLoop, gather, sleep } from '@fosen/event-loop'
import { quantile } from '../../../compare.ts'
import { type Contender, type Suite, Timed, type Workload } from '../../../workload.ts'
import { ImmediateLoop } from './immediate-loop.ts'

/** A load goes on until this is over, and does not wait for it any other way. */
interface Until {
  over: boolean
}

const tasks = 100
/** How long the round trips may take before they count as starved. */
const patience = 60_000

/**
 * TCP round trips from another thread to a server in this one, whose event loop has always something to run: a loop that
 * keeps Node's from its I/O would be fast, and of no use.
 */
export async function saturated(trips: number): Promise<Suite> {
  const server = createServer({ noDelay: true }, socket => socket.on('data', data => socket.write(data)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const client = new Worker(new URL(`echo-client${extname(import.meta.url)}`, import.meta.url), { workerData: port })

  const measure = async (load: (until: Until) => PromiseLike<unknown>) => {
    const until = { over: false }
    const answered = once(client, 'message').finally(() => {
      until.over = true
    })
    client.postMessage(trips)
    // Whatever else starves, the load ends, and then the answer comes, too late.
    const [[times]] = (await Promise.all([answered, load(until)])) as [[number[]], unknown]
    return times
  }
  const contenders = (time: (times: readonly number[]) => number): Workload['contenders'] => {
    const contender = (name: string, load: (until: Until) => PromiseLike<unknown>): Contender => ({
      name,
      async run() {
        const times = await measure(load)
        return new Timed(times.length, time(times))
      },
    })
    return [contender('fosen', withTasks), contender('a batch per setImmediate', withImmediates)]
  }
  return {
    workloads: [
      {
        title: `TCP round trips beside ${tasks} tasks that give way all the time`,
        operations: trips,
        expected: trips,
        contenders: contenders(times => times.reduce((sum, time) => sum + time)),
        gate: { milliseconds: (trips / 300) * 1000 },
      },
      {
        title: `p99 of TCP round trips beside ${tasks} tasks that give way all the time`,
        operations: 1,
        expected: trips,
        contenders: contenders(times => quantile(times, 0.99)),
        gate: { timesPeer: 1 / 4 },
      },
    ],
    async [Symbol.asyncDispose]() {
      await client.terminate()
      server.close()
    },
  }
}

/** Gives way until it is over, but not for ever, should Node's loop not come to hear that it is. */
const watch = coroutine(function* (until: Until) {
  for (const end = performance.now() + patience; !until.over && performance.now() < end; ) yield* sleep(0)
  until.over = true
})

const giveWay = coroutine(function* (until: Until) {
  while (!until.over) yield* sleep(0)
})

const beTogether = coroutine(function* (until: Until) {
  yield* gather([watch(until), ...Array.from({ length: tasks - 1 }, () => giveWay(until))])
})

async function withTasks(until: Until): Promise<void> {
  using loop = new EventLoop()
  await loop.runUntilComplete(beTogether(until))
}

function* step(until: Until) {
  while (!until.over) yield
}

async function withImmediates(until: Until): Promise<void> {
  await new ImmediateLoop(Array.from({ length: tasks }, () => step(until))).run()
}
