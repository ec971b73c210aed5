import type { Gate } from '../../gate.ts'
import type { Untimed, Workload } from '../../workload.ts'
import { Contestant, chunk, concurrency } from './contestant.ts'
import { openQueues } from './queues/open-queue.ts'

/** How much one run does. */
export interface QueueSizes {
  /** Messages that are put by the thousand, and handled by gated workloads. */
  readonly many: number
  /** Messages that are handled where no gate is. */
  readonly fewer: number
  /** Messages that are put one by one, 64 in flight; a multiple of 64. */
  readonly inFlight: number
  /** Messages that are put one after the other. */
  readonly single: number
  /** Messages of which each finds its consumer idle. */
  readonly idle: number
  /** Messages whose memory is measured. */
  readonly held: number
}

export const queueSizes: QueueSizes = {
  many: 15_000,
  fewer: 4_000,
  inFlight: 2_048,
  single: 512,
  idle: 30,
  held: 12_800,
}

/** RedisQueue beside BullMQ, Bee-Queue, and a bare list of ioredis; each with a database of its own on these servers. */
export async function queueWorkloads(
  url: string,
  syncedUrl: string,
  sizes: QueueSizes,
  opened: AsyncDisposableStack,
): Promise<Workload[]> {
  const at = async (where: string) => (await openQueues(where)).map(queue => opened.use(new Contestant(queue)))
  const all = await at(url)
  const synced = await at(syncedUrl)
  const { many, fewer, inFlight, single, idle, held } = sizes
  const compared = (
    title: string,
    messages: number,
    run: (contestant: Contestant, untimed: Untimed) => Promise<unknown>,
    { gate, operations = messages, among = all, bytes }: Details = {},
  ): Workload => ({
    title: `RedisQueue: ${title}`,
    operations,
    expected: messages,
    contenders: among.map(each => ({
      name: each.queue.name,
      run: (untimed: Untimed) => run(each, untimed),
      ...(bytes && { bytes: () => bytes(each) }),
    })) as unknown as Workload['contenders'],
    warmUp: 1000,
    gate,
  })
  const consumed = `handle, ${concurrency} at a time`
  return [
    compared(`putMany in ${chunk}s, 32 B`, many, (each, untimed) => each.putMany(many, untimed), {
      gate: times(20, 5),
      bytes: each => each.bytesWaiting(held),
    }),
    compared('put, 64 in flight, 32 B', inFlight, (each, untimed) => each.put(inFlight, 64, untimed), {
      gate: times(6, 2.5),
    }),
    compared('put, one in flight, 32 B', single, (each, untimed) => each.put(single, 1, untimed), {
      gate: times(1.2, 0.75),
    }),
    compared(`${consumed}, 32 B`, many, (each, untimed) => each.handle(many, 32, untimed), {
      gate: { all: [times(15, 10), { bytes: 80 }] },
      bytes: each => each.bytesInFlight(held),
    }),
    compared(`${consumed}, 1 KiB`, many, (each, untimed) => each.handle(many, 1024, untimed), { gate: times(5, 4) }),
    compared('from put to an idle consumer, the median', idle, each => each.deliver(idle), {
      operations: 1,
      gate: times(2, 1),
    }),
    compared(`${consumed}, 32 B, CPU of the client`, fewer, (each, untimed) => each.clientCpu(fewer, untimed)),
    compared(`${consumed}, 32 B, CPU of the server`, fewer, (each, untimed) => each.serverCpu(fewer, untimed)),
    ...[2, 4].map(processes =>
      compared(`${consumed} in each of ${processes} processes, 32 B`, fewer, (each, untimed) =>
        each.handleElsewhere(fewer, processes, untimed),
      ),
    ),
    compared(`putMany in ${chunk}s, 32 B, everysec`, many, (each, untimed) => each.putMany(many, untimed), {
      among: synced,
    }),
    compared(`${consumed}, 32 B, everysec`, fewer, (each, untimed) => each.handle(fewer, 32, untimed), {
      among: synced,
    }),
  ]
}

interface Details {
  readonly gate?: Gate
  /** Messages, by default. */
  readonly operations?: number
  readonly among?: readonly Contestant[]
  readonly bytes?: (contestant: Contestant) => Promise<number>
}

function times(bullMQ: number, beeQueue: number): Gate {
  return {
    all: [
      { timesPeer: bullMQ, of: ['BullMQ'] },
      { timesPeer: beeQueue, of: ['Bee-Queue'] },
    ],
  }
}
