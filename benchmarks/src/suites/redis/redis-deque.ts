import { RedisDeque } from '@fosen/queue-redis'
import { Redis } from 'ioredis'
import type { Contender, Workload } from '../../workload.ts'

/** How much one run does. */
export interface DequeSizes {
  /** Values that go in and out by the thousand. */
  readonly many: number
  /** Values that go in and out with a command each; a multiple of 64. */
  readonly single: number
  /** Values that are waited for while the list is empty. */
  readonly waits: number
}

export const dequeSizes: DequeSizes = { many: 50_000, single: 2_048, waits: 500 }

const chunk = 1_000
const inFlight = 64

/** One of those that are compared, over a list of its own. */
interface List {
  readonly name: string
  push(value: string): Promise<unknown>
  pushMany(values: readonly string[]): Promise<unknown>
  pop(): Promise<string | null | undefined>
  popMany(count: number): Promise<readonly string[] | null>
  popWait(): Promise<string | undefined>
}

/** RedisDeque beside the same commands of ioredis, whose time for many values is that of one variadic command. */
export function dequeWorkloads(url: string, sizes: DequeSizes, opened: AsyncDisposableStack): Workload[] {
  const [ours, ...peers] = [fosen(url, opened), raw(url, opened)] as const
  const { many, single, waits } = sizes
  const compared = (title: string, operations: number, run: (list: List) => Promise<number>): Workload => ({
    title: `RedisDeque: ${title}`,
    operations,
    expected: operations,
    contenders: [contender(ours, run), ...peers.map(peer => contender(peer, run))],
    warmUp: 1000,
    gate: { timesPeer: 0.8 },
  })
  return [
    compared(`extendLeft and popMany, in ${chunk}s, 32 B`, many, list => inChunks(list, many)),
    compared('appendLeft and pop, one in flight', single, list => oneByOne(list, single, 1)),
    compared(`appendLeft and pop, ${inFlight} in flight`, single, list => oneByOne(list, single, inFlight)),
    compared('popWait of what is there', single, list => whatIsThere(list, single)),
    compared('from appendLeft to a popWait that waits', waits, list => whileEmpty(list, waits)),
  ]
}

function contender(list: List, run: (list: List) => Promise<number>): Contender {
  return { name: list.name, run: () => run(list) }
}

const value = 'x'.repeat(32)

async function inChunks(list: List, count: number): Promise<number> {
  let popped = 0
  const values = new Array<string>(chunk).fill(value)
  for (let left = count; left > 0; left -= chunk) await list.pushMany(values)
  for (let left = count; left > 0; left -= chunk) popped += (await list.popMany(chunk))?.length ?? 0
  return popped
}

async function oneByOne(list: List, count: number, inFlight: number): Promise<number> {
  let popped = 0
  const inTurns = async (work: () => Promise<void>) => {
    const worker = async () => {
      for (let i = 0; i < count / inFlight; i++) await work()
    }
    await Promise.all(Array.from({ length: inFlight }, worker))
  }
  await inTurns(async () => void (await list.push(value)))
  await inTurns(async () => {
    if ((await list.pop()) === value) popped++
  })
  return popped
}

async function whatIsThere(list: List, count: number): Promise<number> {
  await list.pushMany(new Array<string>(count).fill(value))
  let popped = 0
  for (let i = 0; i < count; i++) if ((await list.popWait()) === value) popped++
  return popped
}

async function whileEmpty(list: List, count: number): Promise<number> {
  let popped = 0
  for (let i = 0; i < count; i++) {
    const waiting = list.popWait()
    await list.push(value)
    if ((await waiting) === value) popped++
  }
  return popped
}

function fosen(url: string, opened: AsyncDisposableStack): List {
  const deque = opened.use(new RedisDeque('fosen', { url }))
  return {
    name: 'RedisDeque',
    push: value => deque.appendLeft(value),
    pushMany: values => deque.extendLeft(values),
    pop: () => deque.pop(),
    popMany: count => deque.popMany(count),
    popWait: () => deque.popWait(),
  }
}

function raw(url: string, opened: AsyncDisposableStack): List {
  const client = opened.adopt(new Redis(url), client => client.disconnect())
  const blocking = opened.adopt(new Redis(url), client => client.disconnect())
  return {
    name: 'ioredis',
    push: value => client.lpush('raw', value),
    pushMany: values => client.lpush('raw', ...values),
    pop: () => client.rpop('raw'),
    popMany: count => client.rpop('raw', count),
    popWait: async () => (await blocking.brpop('raw', 1))?.[1],
  }
}
