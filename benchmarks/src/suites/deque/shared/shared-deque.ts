import type { Suite, Workload } from '../../../workload.ts'
import { type Crossing, item } from './crossing.ts'
import { sharedDeques } from './ours.ts'
import { ports } from './ports.ts'

/** How much one run does. */
export interface CrossingSizes {
  /** Items that come from another thread. */
  readonly items: number
  /** Values that go there and back. */
  readonly exchanges: number
}

const batch = 100

/** Values that cross between two threads. */
export function sharedDeque({ items, exchanges }: CrossingSizes): Suite {
  const crossings = [sharedDeques(), ports()]
  const contenders = (run: (crossing: Crossing) => unknown) =>
    crossings.map(crossing => ({ name: crossing.name, run: () => run(crossing) })) as unknown as Workload['contenders']
  const received = { warmUp: 2000, operations: items, expected: items * item.length }
  const exchanged = { warmUp: 2000, operations: exchanges, expected: exchanges }
  return {
    workloads: [
      {
        title: 'SharedDeque: 16 bytes from another thread, one at a time',
        ...received,
        contenders: contenders(crossing => crossing.receive(items)),
        gate: { timesPeer: 1.4 },
      },
      {
        title: `SharedDeque: 16 bytes from another thread, ${batch} at a time`,
        ...received,
        contenders: contenders(crossing => crossing.receiveMany(items, batch)),
      },
      {
        title: 'SharedDeque: a number there and back, blocking',
        ...exchanged,
        contenders: contenders(crossing => crossing.exchangeSync(exchanges)),
        gate: { timesPeer: 3 },
      },
      {
        title: 'SharedDeque: a number there and back, awaited',
        ...exchanged,
        contenders: contenders(crossing => crossing.exchange(exchanges)),
      },
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all(crossings.map(crossing => crossing.close()))
    },
  }
}
