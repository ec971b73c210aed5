import { setTimeout } from 'node:timers/promises'
import type { Contender, Suite, Untimed, Workload } from '../../workload.ts'
import { blockingWorkloads } from './blocking.ts'
import { person } from './functions.ts'
import { type Library, ours, type Pool } from './library.ts'
import { close, peers } from './peers.ts'

/** Milliseconds until what runs most often is compiled, for all five libraries. */
const warmUp = 2000

/** Calls of two threads of each library, and the start of one thread. */
export function threads(): Suite {
  const libraries = [ours, ...peers]
  const pools = new Map(libraries.map(library => [library, library.open(2)]))
  const inEach = (run: (pool: Pool, untimed: Untimed) => unknown) =>
    contenders(libraries, library => {
      const pool = pools.get(library) as Pool
      return untimed => run(pool, untimed)
    })
  const blocking = blockingWorkloads()

  return {
    workloads: [
      {
        title: 'await add(a, b), one after the other',
        warmUp,
        operations: 1000,
        expected: 1000,
        contenders: inEach(pool => inFlight(1000, 1, i => pool.call('add', i, 1 - i))),
        gate: { timesPeer: 2 },
      },
      {
        title: 'await add(a, b), one every 2 ms',
        operations: 50,
        expected: 50,
        contenders: inEach((pool, untimed) =>
          inFlight(50, 1, async i => {
            await untimed(() => setTimeout(2))
            return pool.call('add', i, 1 - i)
          }),
        ),
      },
      {
        title: 'await add(a, b), 64 in flight',
        warmUp,
        operations: 6400,
        expected: 6400,
        contenders: inEach(pool => inFlight(6400, 64, i => pool.call('add', i, 1 - i))),
        gate: { timesPeer: 4 },
      },
      {
        title: 'an object of 250 bytes in and out, one after the other',
        warmUp,
        operations: 1000,
        expected: 1000 * 37,
        contenders: inEach(pool => inFlight(1000, 1, () => age(pool))),
        gate: { timesPeer: 1.5 },
      },
      {
        title: 'an object of 250 bytes in and out, 64 in flight',
        warmUp,
        operations: 3200,
        expected: 3200 * 37,
        contenders: inEach(pool => inFlight(3200, 64, () => age(pool))),
        gate: { timesPeer: 1.5 },
      },
      {
        title: 'the first call of a new thread',
        operations: 1,
        expected: 3,
        contenders: contenders(libraries, library => untimed => firstCall(library, untimed)),
        gate: { timesPeer: 0.8 },
      },
      {
        title: '1000 calls behind one that takes a second',
        operations: 1000,
        expected: 1000,
        contenders: contenders(libraries, library => behindLong(pools.get(library) as Pool)),
        gate: { milliseconds: 150 },
      },
      {
        title: '1 MiB transferred in and out, one after the other',
        warmUp,
        operations: 250,
        expected: 250,
        contenders: inEach(pool => passOn(250, bytes => pool.move(bytes))),
        gate: { timesPeer: 0.8 },
      },
      {
        title: '1 MiB copied in and out, one after the other',
        operations: 50,
        expected: 50,
        contenders: inEach(pool => passOn(50, bytes => pool.call('bump', bytes))),
      },
      ...blocking.workloads,
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all([...pools.values()].map(close))
      await blocking[Symbol.asyncDispose]()
    },
  }
}

function contenders(libraries: Library[], of: (library: Library) => Contender['run']): Workload['contenders'] {
  return libraries.map(library => ({ name: library.name, run: of(library) })) as unknown as Workload['contenders']
}

/** The sum of so many calls, at most `limit` at a time. */
async function inFlight(count: number, limit: number, call: (i: number) => PromiseLike<number>): Promise<number> {
  let next = 0
  let sum = 0
  const work = async () => {
    while (next < count) {
      const value = await call(next++)
      sum += value
    }
  }
  await Promise.all(Array.from({ length: limit }, work))
  return sum
}

async function age(pool: Pool): Promise<number> {
  const { age } = await pool.call('grow', person)
  return age
}

async function firstCall(library: Library, untimed: Untimed): Promise<number> {
  const pool = library.open(1)
  const sum = await pool.call('add', 1, 2)
  await untimed(() => close(pool))
  return sum
}

/** One call that takes a second, and then a thousand that take no time. Contenders need not wait for each other's. */
function behindLong(pool: Pool): Contender['run'] {
  let long: PromiseLike<unknown> | undefined
  return async untimed => {
    await untimed(() => long)
    long = pool.call('wait', 1000)
    // The last one ends with its pool.
    long.then(null, () => {})
    return inFlight(1000, 1000, i => pool.call('add', i, 1 - i))
  }
}

/** The first of a mebibyte of zeros, each call having been given what the one before it gave. */
async function passOn(count: number, call: (bytes: ArrayBuffer) => PromiseLike<ArrayBuffer>) {
  let bytes = new ArrayBuffer(2 ** 20)
  for (let i = 0; i < count; i++) bytes = await call(bytes)
  return new Uint8Array(bytes)[0]
}
