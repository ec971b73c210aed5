import { fileURLToPath } from 'node:url'
import { ThreadPool } from '@fosen/thread-async'
import { createSyncFn } from 'synckit'
import type { Contender, Suite, Workload } from '../../compare.ts'
import { openPeers, type Peer } from './peers.ts'
import { add, grow, type Person, person, size, wait } from './work.ts'

/** Functions of this benchmark by name, as peers call them. */
const functions = { add, grow, size, wait }
type Name = keyof typeof functions

export function threads(): Suite {
  const pool = new ThreadPool({ max: 2 })
  const ours: Peer = {
    name: 'thread-async',
    call: (name, ...args) => pool.submit(functions[name as Name] as (...args: unknown[]) => unknown, ...args),
    close: () => pool.shutdown(),
  }
  const peers = openPeers()
  const all = [ours, ...peers] as const
  const each = (run: (peer: Peer) => unknown) =>
    all.map(peer => ({ name: peer.name, run: () => run(peer) })) as unknown as Workload['contenders']

  return {
    workloads: [
      {
        title: 'await add(a, b), one after the other',
        operations: 1000,
        expected: 1000,
        contenders: each(sequentialAdd),
        gate: 2,
      },
      { title: 'add(a, b), 64 in flight', operations: 6400, expected: 6400, contenders: each(manyAdd), gate: 4 },
      {
        title: 'an object of 250 bytes in and out, one after the other',
        operations: 500,
        expected: 500 * 37,
        contenders: each(sequentialGrow),
        gate: 1.5,
      },
      {
        title: 'an object of 250 bytes in and out, 64 in flight',
        operations: 3200,
        expected: 3200 * 37,
        contenders: each(manyGrow),
        gate: 1.5,
      },
      {
        title: '1000 calls behind one that takes a second',
        operations: 1000,
        expected: 1000,
        contenders: behindLong(all),
      },
      {
        title: 'result() of add(a, b), which blocks',
        operations: 500,
        expected: 500,
        contenders: blocking(pool),
        gate: 1.3,
      },
    ],
    async [Symbol.asyncDispose]() {
      await ours.close()
      // Not all peers come to an end: the process does not wait for them.
      for (const peer of peers) peer.close().then(null, () => {})
    },
  }
}

async function sequentialAdd({ call }: Peer) {
  let sum = 0
  for (let i = 0; i < 1000; i++) sum += (await call('add', i, 1 - i)) as number
  return sum
}

const manyAdd = ({ call }: Peer) => inFlight(6400, async i => (await call('add', i, 1 - i)) as number)

async function sequentialGrow({ call }: Peer) {
  let sum = 0
  for (let i = 0; i < 500; i++) sum += ((await call('grow', person)) as Person).age
  return sum
}

const manyGrow = ({ call }: Peer) => inFlight(3200, async () => ((await call('grow', person)) as Person).age)

/** Each has one call that takes a second, and then a thousand that take no time. */
function behindLong(peers: readonly Peer[]): Workload['contenders'] {
  const contenders = peers.map(({ name, call }) => {
    let long: PromiseLike<unknown>
    return {
      name,
      run() {
        long = call('wait', 1000)
        return inFlight(1000, async i => (await call('add', i, 1 - i)) as number, 1000)
      },
      settle: () => long,
    }
  })
  return contenders as unknown as Workload['contenders']
}

function blocking(pool: ThreadPool): readonly [Contender, Contender] {
  const synckit = createSyncFn<(a: number, b: number) => Promise<number>>(
    fileURLToPath(new URL('synckit-worker.mjs', import.meta.url)),
  )
  const repeat = (call: (a: number, b: number) => number) => () => {
    let sum = 0
    for (let i = 0; i < 500; i++) sum += call(i, 1 - i)
    return sum
  }
  return [
    { name: 'thread-async', run: repeat((a, b) => pool.submit(add, a, b).result()) },
    { name: 'synckit', run: repeat(synckit) },
  ]
}

/** The sum of so many calls, at most `limit` at a time. */
async function inFlight(count: number, call: (i: number) => Promise<number>, limit = 64): Promise<number> {
  let next = 0
  let sum = 0
  const worker = async () => {
    while (next < count) {
      const value = await call(next++)
      sum += value
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
  return sum
}
