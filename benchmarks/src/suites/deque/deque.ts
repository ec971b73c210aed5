import type { Gate } from '../../gate.ts'
import { reachableBytes } from '../../heap.ts'
import { type Contender, type MissingPeer, type Suite, Timed, type Workload } from '../../workload.ts'
import { array, datastructures, denque, doubleEndedQueue, fosen, sdsl } from './libraries.ts'
import type { Held, Library } from './library.ts'
import { pythonDeque } from './python.ts'
import { type CrossingSizes, sharedDeque } from './shared/shared-deque.ts'

/** How much one run does. */
export interface Sizes extends CrossingSizes {
  /** Items that go through a deque, or are read. */
  readonly operations: number
  /** Items that the largest deque holds. */
  readonly many: number
  /** Items of the deque that is read and gone through, a power of two. */
  readonly read: number
}

export const fullSizes: Sizes = {
  operations: 100_000,
  many: 1_000_000,
  read: 2 ** 17,
  items: 50_000,
  exchanges: 2000,
}

/**
 * Items that go through deques of three lengths, and what they take in memory; items that are read, and gone through; and
 * those that cross between two threads.
 */
export async function deque(sizes: Sizes = fullSizes): Promise<Suite> {
  const { operations, many, read } = sizes
  const shared = sharedDeque(sizes)
  const queues = [fosen, denque, doubleEndedQueue, sdsl, datastructures]
  const python = await pythonDeque()
  const passing = (size: number) => (library: Library) =>
    contender(library, size, held => inSteps(operations, count => held.pass(count)))
  const measured = (of: Contender | MissingPeer, bytes: () => number | PromiseLike<number>) =>
    'run' in of ? { ...of, bytes } : of
  const parity: Gate = { all: [{ timesPeer: 0.8 }, { timesPeer: 2.5, of: [python.name] }] }
  const paritySdsl: Gate = { timesPeer: 0.8, of: [sdsl.name] }
  return {
    workloads: [
      ...[10, 1000].map(size =>
        workload(
          `append + popLeft, of ${shown(size)} items`,
          operations,
          [...[...queues, array].map(passing(size)), python.contender('pass', size, operations)],
          parity,
        ),
      ),
      workload(
        `append + popLeft, of ${shown(many)} items`,
        operations,
        [
          ...queues.map(library => measured(passing(many)(library), () => bytesEach(library, many))),
          // It moves all its items when one goes.
          measured(aTenThousandth(array, many, operations), () => bytesEach(array, many)),
          measured(python.contender('pass', many, operations), () => python.bytesEach(many)),
        ],
        parity,
      ),
      workload(`append ${shown(many)} items to a new deque, and popLeft them`, many, [
        ...queues.map(({ name, burst }) => ({ name, run: () => burst(many) })),
        python.contender('burst', many),
      ]),
      workload(
        `at(index), of ${shown(read)} items`,
        operations,
        [
          ...[fosen, denque, doubleEndedQueue, sdsl, array].map(library =>
            contender(library, read, held => inSteps(operations, count => held.read?.(count))),
          ),
          python.contender('read', read, operations),
        ],
        paritySdsl,
      ),
      workload(
        `for … of ${shown(read)} items`,
        read,
        [
          ...[fosen, sdsl, array].map(library => contender(library, read, held => held.iterate?.())),
          python.contender('iterate', read),
        ],
        paritySdsl,
      ),
      ...shared.workloads,
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all([python[Symbol.asyncDispose](), shared[Symbol.asyncDispose]()])
    },
  }
}

/** Each run of which gives the sum of as many ones as there are operations. */
function workload(
  title: string,
  operations: number,
  contenders: readonly (Contender | MissingPeer)[],
  gate?: Gate,
): Workload {
  return {
    title,
    operations,
    expected: operations,
    contenders: contenders as unknown as Workload['contenders'],
    warmUp: 2000,
    gate,
  }
}

function contender({ name, hold }: Library, size: number, run: (held: Held) => unknown): Contender {
  let held: Held | undefined
  return {
    name,
    run() {
      held ??= hold(size)
      return run(held)
    },
  }
}

/** In many calls: what is called once, and then goes on in a loop, is compiled for that call alone. */
function inSteps(count: number, work: (count: number) => number | undefined): number {
  let sum = 0
  for (let left = count; left > 0; left -= 100) sum += work(100) ?? Number.NaN
  return sum
}

function aTenThousandth({ name, hold }: Library, size: number, operations: number): Contender {
  let held: Held | undefined
  return {
    name: `${name}, a ten-thousandth`,
    run() {
      held ??= hold(size)
      const started = performance.now()
      const sum = held.pass(operations / 10_000)
      return new Timed(sum * 10_000, (performance.now() - started) * 10_000)
    },
  }
}

function bytesEach({ hold }: Library, size: number): number {
  const before = reachableBytes()
  const held = hold(size)
  const bytes = reachableBytes() - before
  // It must not be collected before that.
  held.pass(1)
  return bytes / size
}

const shown = (count: number) => count.toLocaleString('en-US')
