import { Array as Arr, Effect, Exit, Fiber, Queue } from 'effect'
import { reachableBytes } from '../../heap.ts'
import { delay, forever, type Peer, sum } from './programs.ts'

/** As asyncio's tasks, its fibers begin in a later turn, and can be waited for one by one. */
export const effect: Peer = {
  name: 'Effect 4',
  programs: {
    spawn: size => Effect.runPromise(spawn(size)),
    giveWay: (size, fibers = 1) => Effect.runPromise(giveWayTogether(size, fibers)),
    pingPong: size => Effect.runPromise(pingPong(size)),
    sleeps: size => Effect.runPromise(sleeps(size)),
    cancel: size => Effect.runPromise(cancel(size)),
    deepAwait: (size, levels = 1) => Effect.runPromise(deep(levels, size)),
    resolved: size => Effect.runPromise(resolved(size)),
  },
  bytesOfSleep: fibers => Effect.runPromise(bytesOfSleep(fibers)),
}

/** Its fastest way to have many results: each effect begins at once, and one that need not wait ends there. */
export const effectForEach: Peer = {
  name: 'Effect 4, forEach',
  programs: {
    spawn: size => Effect.runPromise(forEach(size, i => Effect.sync(() => i))),
  },
}

const forEach = (size: number, effect: (i: number) => Effect.Effect<number>) =>
  Effect.map(
    Effect.forEach(
      Arr.makeBy(size, i => i),
      effect,
      { concurrency: 'unbounded' },
    ),
    sum,
  )

// biome-ignore lint/correctness/useYield: it has nothing to wait for
const identity = Effect.fnUntraced(function* (i: number) {
  return i
})

const spawn = Effect.fnUntraced(function* (size: number) {
  const fibers = []
  for (let i = 0; i < size; i++) fibers.push(yield* Effect.forkChild(identity(i)))
  return sum(yield* Fiber.joinAll(fibers))
})

const giveWay = Effect.fnUntraced(function* (turns: number) {
  for (let i = 0; i < turns; i++) yield* Effect.yieldNow
  return turns
})

const giveWayTogether = (size: number, fibers: number) => forEach(fibers, () => giveWay(size / fibers))

const pong = Effect.fnUntraced(function* (size: number, requests: Queue.Queue<number>, answers: Queue.Queue<number>) {
  for (let i = 0; i < size; i++) Queue.offerUnsafe(answers, (yield* Queue.take(requests)) + 1)
})

const pingPong = Effect.fnUntraced(function* (size: number) {
  const requests = yield* Queue.unbounded<number>()
  const answers = yield* Queue.unbounded<number>()
  const other = yield* Effect.forkChild(pong(size, requests, answers))
  let count = 0
  for (let i = 0; i < size; i++) {
    Queue.offerUnsafe(requests, count)
    count = yield* Queue.take(answers)
  }
  yield* Fiber.join(other)
  return count
})

const sleeps = (size: number) => forEach(size, i => Effect.as(Effect.sleep(delay(i)), i))

const asleep = Effect.fnUntraced(function* (size: number) {
  const fibers = []
  for (let i = 0; i < size; i++) fibers.push(yield* Effect.forkChild(Effect.sleep(forever)))
  yield* Effect.yieldNow
  return fibers
})

const cancel = Effect.fnUntraced(function* (size: number) {
  const fibers = yield* asleep(size)
  yield* Fiber.interruptAll(fibers)
  const exits = yield* Fiber.awaitAll(fibers)
  return exits.filter(Exit.hasInterrupts).length
})

const deep: (levels: number, turns: number) => Effect.Effect<number> = Effect.fnUntraced(function* (levels, turns) {
  if (levels > 1) return yield* deep(levels - 1, turns)
  return yield* giveWay(turns)
})

const resolved = Effect.fnUntraced(function* (size: number) {
  let sum = 0
  for (let i = 0; i < size; i++) sum += yield* Effect.promise(() => Promise.resolve(1))
  return sum
})

const bytesOfSleep = Effect.fnUntraced(function* (size: number) {
  const before = reachableBytes()
  const fibers = yield* asleep(size)
  const bytes = (reachableBytes() - before) / size
  yield* Fiber.interruptAll(fibers)
  return bytes
})
