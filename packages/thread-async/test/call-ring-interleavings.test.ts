import { type End, explore, type Model } from '@fosen/interleave'
import { beforeEach, describe, expect, test } from 'vitest'
import { CallRing } from '../src/ring/call-ring.ts'

const slots = 2
/** Where the ring keeps its counters: the first call starts before they wrap, and a later one after. */
const [head, tail] = [0, 16]
const aboutToWrap = 2 ** 31 - 1

/** Calls are known by numbers from 1 on: `calls` has the one that is in each slot, `takes` how often each was taken. */
function setup() {
  const words = new Int32Array(new SharedArrayBuffer(4 * CallRing.words(slots)))
  words[head] = aboutToWrap
  words[tail] = aboutToWrap
  return {
    words,
    calls: new Int32Array(new SharedArrayBuffer(4 * slots)),
    takes: new Int32Array(new SharedArrayBuffer(4 * 8)),
  }
}
type Shared = ReturnType<typeof setup>

const ringOf = ({ words }: Shared) => new CallRing(words, slots)

/** Entries of calls that were taken back, which stay until the head passes them. */
function leaveStale(shared: Shared, slot: number, entries: number) {
  const ring = ringOf(shared)
  for (let i = 0; i < entries; i++) {
    if (!ring.publish(slot) || !ring.takeBack(slot)) throw new Error('there is no room for another entry')
  }
}

/** The caller, for whom a slot is free once it took its call back or has seen that it is done. */
class Caller {
  readonly #shared: Shared
  readonly #ring: CallRing
  /** What has become of each call. */
  readonly #calls = new Map<number, 'published' | 'refused' | 'taken back' | 'done'>()

  constructor(shared: Shared) {
    this.#shared = shared
    this.#ring = ringOf(shared)
  }

  publish(slot: number, call: number): boolean {
    Atomics.store(this.#shared.calls, slot, call)
    const isPublished = this.#ring.publish(slot)
    this.#calls.set(call, isPublished ? 'published' : 'refused')
    return isPublished
  }

  takeBack(slot: number, call: number): boolean {
    const isBack = this.#ring.takeBack(slot)
    if (isBack) this.#calls.set(call, 'taken back')
    return isBack
  }

  freeIfDone(slot: number, call: number): boolean {
    if (!this.#ring.isDone(slot)) return false
    this.#ring.free(slot)
    this.#calls.set(call, 'done')
    return true
  }

  get outcome(): string {
    return [...this.#calls].map(([call, state]) => `${call} ${state}`).join(', ')
  }
}

/** A thread that tries so many times to take a call, and runs each one that it gets. */
const takes =
  (thread: number, times: 1 | 2 | 3) =>
  (shared: Shared): void => {
    const ring = ringOf(shared)
    const take = () => {
      const slot = ring.take(thread)
      if (slot < 0) return
      const call = Atomics.load(shared.calls, slot)
      Atomics.add(shared.takes, call, 1)
      if (ring.threadOf(slot) !== thread) throw new Error(`call ${call} is not the thread's that took it`)
      ring.finish(slot, thread)
    }
    // Not a loop: each time is another place in the program.
    take()
    if (times > 1) take()
    if (times > 2) take()
  }

let outcomes: Set<string>
beforeEach(() => {
  outcomes = new Set()
})

/** Checks that each call was taken, or is where it was left: in the ring, or with a thread that died. */
function atEnd(shared: Shared, { returned, died }: End) {
  const ring = ringOf(shared)
  const held = new Map<number, number>()
  for (let slot = 0; slot < slots; slot++) {
    if (ring.threadOf(slot) > 0) held.set(shared.calls[slot] as number, ring.threadOf(slot))
  }
  const waiting = new Set<number>()
  for (let slot = ring.take(9); slot >= 0; slot = ring.take(9)) waiting.add(shared.calls[slot] as number)
  for (let slot = 0; slot < slots; slot++) if (ring.takeBack(slot)) throw new Error(`no thread finds slot ${slot}`)
  if (ring.waiting !== 0) throw new Error(`${ring.waiting} calls are said to wait`)

  const outcome = String(returned.caller)
  outcomes.add(outcome)
  for (const [, call, state] of outcome.matchAll(/(\d) (\w+)/g)) {
    const taken = shared.takes[Number(call)] as number
    const isWaiting = waiting.has(Number(call))
    const isHeldByDead = died.includes(String.fromCharCode(64 + (held.get(Number(call)) ?? 0)))
    const what = `call ${call}, ${state}, was taken ${taken} times`
    if (taken > 1) throw new Error(what)
    if (taken === 1 && isWaiting) throw new Error(`${what}, and waits`)
    if (state === 'published' && taken === 0 && !isWaiting && !isHeldByDead) throw new Error(`${what}: it is lost`)
    if (state === 'done' && taken === 0) throw new Error(what)
    if ((state === 'taken' || state === 'refused') && (taken === 1 || isWaiting)) throw new Error(what)
  }
}

/** @param threads how often each tries; their names are A, B, …, and their numbers 1, 2, … */
function exploreRing(
  caller: (caller: Caller) => void,
  {
    prepare,
    threads = [2, 2],
    deaths = 0,
  }: { prepare?: (shared: Shared) => void; threads?: (1 | 2 | 3)[]; deaths?: number } = {},
) {
  const programs = threads.map((times, i) => [String.fromCharCode(65 + i), takes(i + 1, times)] as const)
  const model: Model<Shared> = {
    setup() {
      const shared = setup()
      prepare?.(shared)
      return shared
    },
    threads: {
      caller(shared) {
        const it = new Caller(shared)
        caller(it)
        return it.outcome
      },
      ...Object.fromEntries(programs),
    },
    deaths: { most: deaths, of: programs.map(([name]) => name) },
    atEnd,
    statelessLoops: true,
  }
  return explore(model)
}

describe('in every interleaving, and whichever threads die,', () => {
  test('calls are taken once, or wait, or are with the thread that died', () => {
    exploreRing(
      caller => {
        caller.publish(0, 1)
        caller.publish(1, 2)
      },
      { deaths: 2 },
    )
    expect(outcomes).toEqual(new Set(['1 published, 2 published']))
  })

  test('a call that was taken back is not taken, nor is the next one in its slot taken for it', () => {
    exploreRing(
      caller => {
        caller.publish(0, 1)
        if (caller.takeBack(0, 1)) caller.publish(0, 2)
      },
      { deaths: 2 },
    )
    expect(outcomes).toEqual(new Set(['1 published', '1 taken back, 2 published']))
  })

  test('a slot is used again for the next call once its call is done', () => {
    exploreRing(
      caller => {
        caller.publish(0, 1)
        caller.publish(1, 2)
        if (caller.freeIfDone(0, 1)) caller.publish(0, 3)
      },
      { deaths: 1 },
    )
    expect(outcomes).toEqual(new Set(['1 published, 2 published', '1 done, 2 published, 3 published']))
  })

  test('entries of calls that were taken back keep no room from later ones', () => {
    // There are four entries, and this is the fifth: the head passes one.
    const publish = (caller: Caller) => caller.publish(1, 1)
    exploreRing(publish, { prepare: shared => leaveStale(shared, 0, 4), threads: [1, 1], deaths: 1 })
    expect(outcomes).toEqual(new Set(['1 published']))
  })

  test('a call is refused only while one waits that the head cannot pass, and can be published after it', () => {
    exploreRing(
      caller => {
        if (!caller.publish(1, 1)) caller.publish(1, 2)
      },
      {
        prepare(shared) {
          shared.calls[0] = 3
          ringOf(shared).publish(0)
          leaveStale(shared, 1, 3)
        },
        threads: [1, 1],
      },
    )
    expect(outcomes).toEqual(new Set(['1 published', '1 refused, 2 published', '1 refused, 2 refused']))
  })
})
