import { explore, type Model } from '@fosen/interleave'
import { beforeEach, describe, expect, test } from 'vitest'
import { CallMemory } from '../src/ring/call-memory.ts'
import { ThreadCells } from '../src/ring/thread-cells.ts'

const slots = 2
const [awake, dozing, woken] = [0, -2, -3]
/** Whether a message is on its way. */
const [none, wake] = [0, 1]

type Words = Int32Array<SharedArrayBuffer>
const words = (): Words => new Int32Array(new SharedArrayBuffer(4))

function setup() {
  const threads = [1, 2].map(() => ({ cells: new ThreadCells(slots, 1).buffer, mail: words() }))
  return { memory: new CallMemory(slots).buffer, mail: words(), threads }
}
type Shared = ReturnType<typeof setup>

/** Reads its state by Atomics only: what is read without would be read again in another state of the memory. */
class Cells extends ThreadCells {
  readonly #state: Words

  constructor(buffer: SharedArrayBuffer) {
    super(slots, 1, buffer)
    this.#state = new Int32Array(buffer, 0, 1)
  }

  override setAwake(): void {
    Atomics.store(this.#state, 0, awake)
  }

  override rouse(): boolean {
    if (Atomics.compareExchange(this.#state, 0, dozing, woken) !== dozing) return false
    Atomics.notify(this.#state, 0)
    return true
  }
}

function post(mail: Words, bits: number) {
  Atomics.store(mail, 0, bits)
  Atomics.notify(mail, 0)
}

/** Sleeps in the event loop until a message has come. */
function receive(mail: Words): number {
  Atomics.wait(mail, 0, none)
  return Atomics.exchange(mail, 0, none)
}

/** One side's view of what is shared. */
function open({ memory, threads, mail }: Shared, count: number) {
  const links = threads.slice(0, count).map(({ cells, mail }) => ({ cells: new Cells(cells), mail }))
  return { memory: new CallMemory(memory), threads: links, mail }
}
type View = ReturnType<typeof open>
type Link = View['threads'][0]

/** As Answers does it. */
function givePlace({ memory, mail }: View, { cells }: Link) {
  cells.givePlace()
  if (memory.takeWantsPlace()) post(mail, wake)
}

/** As CallPuller looks for a call: at once, and then in its sleep. */
function doze({ memory: { ring } }: View, { cells }: Link): boolean {
  if (cells.taken > 0) return false
  cells.doze(() => ring.waiting > 0 || cells.taken > 0, 1)
  return ring.waiting > 0
}

/** As CallPuller takes a call; sleeps when there is none, until a message has come. */
function takeCall(view: View, link: Link, number: number, dozes: boolean): number {
  const { ring } = view.memory
  for (;;) {
    link.cells.setAwake()
    while (link.cells.takePlace()) {
      const slot = ring.take(number)
      if (slot >= 0) return slot
      givePlace(view, link)
      if (dozes && doze(view, link)) continue
      link.cells.setParked()
      if (ring.waiting === 0) break
      link.cells.setAwake()
    }
    receive(link.mail)
  }
}

/** A thread that takes so many calls, one after the other. */
const thread =
  (number: number, calls: 1 | 2, dozes = false) =>
  (shared: Shared): string => {
    const view = open(shared, number)
    const link = view.threads[number - 1] as Link
    const first = takeCall(view, link, number, dozes)
    if (calls === 1) return `${first}`
    link.cells.givePlace()
    return `${first}, ${takeCall(view, link, number, dozes)}`
  }

/** As PoolThread does it. */
function wakeThread({ cells, mail }: Link): boolean {
  if (cells.rouse()) return true
  if (!cells.takeWake()) return false
  post(mail, wake)
  cells.rouse()
  return true
}

/** As CallDispatch does it. */
function wakeFor(threads: readonly Link[], waiting: number) {
  for (const thread of threads) if (waiting > 0 && wakeThread(thread)) waiting--
}

function publish({ memory: { ring }, threads }: View, slot: number) {
  if (!ring.publish(slot)) throw new Error('there is no room')
  wakeFor(
    threads,
    threads.reduce((waiting, { cells }) => waiting - cells.looksFor, ring.waiting),
  )
}

/** Makes so many calls, and goes to sleep. */
const caller =
  (threads: number, calls: 1 | 2) =>
  (shared: Shared): void => {
    const view = open(shared, threads)
    publish(view, 0)
    if (calls === 2) publish(view, 1)
    wakeFor(view.threads, view.memory.ring.waiting)
  }

let outcomes: Set<unknown>
beforeEach(() => {
  outcomes = new Set()
})
const model = {
  setup,
  statelessLoops: true,
  // Who is not woken sleeps for ever.
  timeoutsWhenStuck: false,
  atEnd: (_, { returned }) => void outcomes.add(Object.values(returned).filter(Boolean).join('; ')),
} satisfies Partial<Model<Shared>>

describe('no call is missed by a thread that goes to sleep', () => {
  test('in its event loop', () => {
    explore({ ...model, threads: { caller: caller(1, 2), A: thread(1, 2) } })
    expect(outcomes).toEqual(new Set(['0, 1']))
  })

  test('where it is woken sooner', () => {
    explore({ ...model, threads: { caller: caller(1, 2), A: thread(1, 2, true) } })
    expect(outcomes).toEqual(new Set(['0, 1']))
  })

  test('where it is woken sooner, and in its event loop when the time for that is over', () => {
    explore({ ...model, threads: { caller: caller(1, 1), A: thread(1, 1, true) }, timeouts: 1 })
    expect(outcomes).toEqual(new Set(['0']))
  })
})

describe('a caller that goes to sleep', () => {
  /** As Answers does it. */
  const announce = ({ memory, threads, mail }: View, slot: number) => {
    threads[0]?.cells.announce(slot)
    if (memory.takeWake()) post(mail, wake)
  }

  /** As ResultWatch sleeps until there is a result. */
  const nextResult = ({ memory, threads, mail }: View) => {
    const { cells } = threads[0] as Link
    for (;;) {
      if (cells.hasResult) return cells.nextResult()
      memory.setAsleep(true)
      if (!cells.hasResult) receive(mail)
    }
  }

  test('misses no result', () => {
    const caller = (shared: Shared) => {
      const view = open(shared, 1)
      return [nextResult(view), nextResult(view)].join(', ')
    }
    const announcing = (shared: Shared) => {
      const view = open(shared, 1)
      announce(view, 1)
      announce(view, 0)
    }
    explore({ ...model, threads: { caller, announcing } })
    expect(outcomes).toEqual(new Set(['1, 0']))
  })

  test('is told of a place that a thread has had in vain', () => {
    // As CallDispatch looks for one, and again when it is woken.
    const caller = (shared: Shared) => {
      const { memory, threads, mail } = open(shared, 1)
      const { cells } = threads[0] as Link
      const find = () => {
        if (cells.takePlace()) return true
        memory.setWantsPlace()
        return cells.takePlace()
      }
      while (!find()) receive(mail)
      return 'has it'
    }
    const takesNone = (shared: Shared) => {
      const view = open(shared, 1)
      const link = view.threads[0] as Link
      const once = () => {
        if (link.cells.takePlace()) givePlace(view, link)
      }
      once()
      once()
    }
    explore({ ...model, threads: { caller, A: takesNone } })
    expect(outcomes).toEqual(new Set(['has it']))
  })
})

describe('a thread that its pool closes', () => {
  const takeIfPlace = (shared: Shared) => {
    const { memory, threads } = open(shared, 1)
    if (!threads[0]?.cells.takePlace()) return 'no place'
    return memory.ring.take(1) >= 0 ? 'a call' : 'no call'
  }

  test('because it is idle, takes no call', () => {
    const close = (shared: Shared) => {
      const { memory, threads } = open(shared, 1)
      const isClosed = threads[0]?.cells.closeIfIdle()
      memory.ring.publish(0)
      return isClosed ? 'closed' : 'in use'
    }
    explore({ ...model, threads: { close, A: takeIfPlace } })
    expect(outcomes).toEqual(new Set(['closed; no place', 'in use; a call', 'in use; no call']))
  })

  test('for a moment, takes the call that has come meanwhile when it is opened', () => {
    const closeAndOpen = (shared: Shared) => {
      const view = open(shared, 1)
      const { cells, mail } = view.threads[0] as Link
      cells.close()
      publish(view, 0)
      cells.open()
      // As PoolThread does it, since the thread may have found no place.
      post(mail, wake)
      cells.rouse()
    }
    explore({ ...model, threads: { pool: closeAndOpen, A: thread(1, 1) } })
    expect(outcomes).toEqual(new Set(['0']))
  })
})
