import type { Suite, Workload } from '../../../workload.ts'
import { blockingPorts } from './blocking-ports.ts'
import { type Crossing, type Exchange, item } from './crossing.ts'
import { listeningPorts } from './listening-ports.ts'
import { sharedDeques } from './ours.ts'

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
  const [deques, blocking, listening] = [sharedDeques(), blockingPorts(), listeningPorts()] as const
  const receiving = (run: (crossing: Crossing) => unknown): Workload['contenders'] => {
    const contender = (crossing: Crossing) => ({ name: crossing.name, run: () => run(crossing) })
    return [contender(deques), contender(listening), contender(blocking)]
  }
  const exchanging = (...exchangers: Exchange[]) =>
    exchangers.map(({ name, exchange }) => ({
      name,
      run: () => exchange(exchanges),
    })) as unknown as Workload['contenders']
  const received = { warmUp: 2000, operations: items, expected: items * item.length }
  const exchanged = { warmUp: 2000, operations: exchanges, expected: exchanges }
  return {
    workloads: [
      {
        title: 'SharedDeque: 16 bytes from another thread, one at a time',
        ...received,
        contenders: receiving(crossing => crossing.receive(items)),
        gate: { timesPeer: 1.4 },
      },
      {
        title: `SharedDeque: 16 bytes from another thread, ${batch} at a time`,
        ...received,
        contenders: receiving(crossing => crossing.receiveMany(items, batch)),
      },
      {
        title: 'SharedDeque: a number there and back, blocking',
        ...exchanged,
        contenders: exchanging(deques, blocking),
        gate: { timesPeer: 3 },
      },
      {
        title: 'SharedDeque: a number there and back, awaited',
        ...exchanged,
        contenders: exchanging(deques.awaited, listening),
      },
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all([deques, blocking, listening].map(crossing => crossing.close()))
    },
  }
}
