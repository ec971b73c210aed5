import { ThreadPool } from '@fosen/thread-async'
import { createSyncFn } from 'synckit'
import type { Suite, Workload } from '../../workload.ts'
import { type Person, person } from './functions.ts'
import { workerFile } from './peers.ts'
import { work } from './work.ts'

interface Calls {
  add(a: number, b: number): number
  grow(record: Person): Person
}

/** Calls that block until they have their result. */
export function blockingWorkloads(): Suite {
  const pool = new ThreadPool({ max: 2 })
  const ours: Calls = {
    add: (a, b) => pool.submit(work.add, a, b).result(),
    grow: record => pool.submit(work.grow, record).result(),
  }
  const file = workerFile('synckit')
  const synckit: Calls = {
    add: createSyncFn<(a: number, b: number) => Promise<number>>(file),
    grow: createSyncFn<(record: Person) => Promise<Person>>(file),
  }
  const sumOfEach = (call: (calls: Calls, i: number) => number): Workload['contenders'] => {
    const sum = (calls: Calls) => () => {
      let sum = 0
      for (let i = 0; i < 2000; i++) sum += call(calls, i)
      return sum
    }
    return [
      { name: 'thread-async', run: sum(ours) },
      { name: 'synckit', run: sum(synckit) },
    ]
  }
  return {
    workloads: [
      {
        title: 'result() of add(a, b), which blocks',
        warmUp: 2000,
        operations: 2000,
        expected: 2000,
        contenders: sumOfEach(({ add }, i) => add(i, 1 - i)),
        gate: { timesPeer: 1.3 },
      },
      {
        title: 'result() of an object of 250 bytes in and out, which blocks',
        warmUp: 2000,
        operations: 2000,
        expected: 2000 * 37,
        contenders: sumOfEach(({ grow }) => grow(person).age),
        gate: { timesPeer: 1.3 },
      },
    ],
    [Symbol.asyncDispose]: () => pool.shutdown(),
  }
}
