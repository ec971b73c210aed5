import { type End, explore, type Model } from '@fosen/interleave'
import { Mutex, type MutexGuard, markDead, setThreadTable, TimeoutError, threadTable } from '@fosen/shared-memory'
import { afterEach, beforeEach, expect, test } from 'vitest'

const table = threadTable()
afterEach(() => setThreadTable(table))

const names = ['A', 'B', 'C']

function setup() {
  setThreadTable(new SharedArrayBuffer(4 * 8))
  return { lock: new SharedArrayBuffer(4), inside: new Int32Array(new SharedArrayBuffer(4)) }
}
type Shared = ReturnType<typeof setup>

/** The thread's Mutex; to look several times before it sleeps would add nothing but states. */
const open = (lock: SharedArrayBuffer, thread: number) => new Mutex(lock, { thread, spins: 0 })
type Acquire = (mutex: Mutex) => MutexGuard | undefined

const block: Acquire = mutex => mutex.acquireSync()
const attempt: Acquire = mutex => mutex.tryAcquire()
const blockFor10: Acquire = mutex => {
  try {
    return mutex.acquireSync(10)
  } catch (error) {
    if (error instanceof TimeoutError) return undefined
    throw error
  }
}

/** Takes the lock in one way after the other, and gives what has come of it. Whoever is inside says who he is. */
const program =
  (thread: number, ...[first, second]: [Acquire, Acquire?]) =>
  ({ lock, inside }: Shared): string => {
    const mutex = open(lock, thread)
    const enter = (acquire: Acquire) => {
      using guard = acquire(mutex)
      if (!guard) return 'missed'
      const found = Atomics.exchange(inside, 0, thread)
      // What a thread has left behind that died inside is told to the next one.
      if (found !== 0 && !guard.ownerDied) throw new Error(`${names[found - 1]} is inside`)
      if (Atomics.compareExchange(inside, 0, thread, 0) !== thread) throw new Error('another one has come inside')
      return guard.ownerDied ? 'taken over' : 'taken'
    }
    const outcome = enter(first)
    return second ? `${outcome}, ${enter(second)}` : outcome
  }

let outcomes: Set<string>
beforeEach(() => {
  outcomes = new Set()
})

const model: Pick<Model<Shared>, 'setup' | 'atEnd' | 'statelessLoops'> = {
  setup,
  statelessLoops: true,
  atEnd({ lock }: Shared, { returned, died }: End) {
    outcomes.add(names.map(name => (died.includes(name) ? 'died' : returned[name])).join('; '))
    if (!open(lock, 4).tryAcquire()) throw new Error('nobody can take the lock any more')
  },
}
/** Where a wait only ends when it is notified, a wake-up that is lost is a deadlock. */
const withoutSlices = { ...model, timeoutsWhenStuck: false }
const deaths = { onDeath: (_: Shared, name: string) => markDead(names.indexOf(name) + 1) }

test('two threads that take the lock twice get it twice', () => {
  explore({ ...withoutSlices, threads: { A: program(1, block, block), B: program(2, block, block) } })
  expect(outcomes).toEqual(new Set(['taken, taken; taken, taken; ']))
})

test('three threads get it', () => {
  explore({ ...withoutSlices, threads: { A: program(1, block), B: program(2, block), C: program(3, block) } })
  expect(outcomes).toEqual(new Set(['taken; taken; taken']))
})

test('a thread that only tries gets it or not, and keeps nobody waiting', () => {
  explore({
    ...withoutSlices,
    threads: { A: program(1, block), B: program(2, block), C: program(3, attempt, attempt) },
  })
  const tries = ['missed, missed', 'missed, taken', 'taken, missed', 'taken, taken']
  expect(outcomes).toEqual(new Set(tries.map(its => `taken; taken; ${its}`)))
})

test('a thread that gives up, also when it is notified at the last moment, keeps nobody waiting', () => {
  const threads = { A: program(1, block), B: program(2, block), C: program(3, blockFor10) }
  explore({ ...withoutSlices, threads, timeouts: 2 })
  expect(outcomes).toEqual(new Set(['taken; taken; missed', 'taken; taken; taken']))
})

test('whoever takes it over wakes those who still wait for the dead thread', () => {
  const retry: Acquire = mutex => {
    for (;;) {
      const guard = mutex.tryAcquire()
      if (guard) return guard
    }
  }
  explore({
    ...withoutSlices,
    setup() {
      const shared = setup()
      open(shared.lock, 3).acquireSync()
      return shared
    },
    threads: { A: program(1, block), B: program(2, retry), noticing: () => markDead(3) },
  })
  expect(outcomes).toEqual(new Set(['taken over; taken; ', 'taken; taken over; ']))
})

test('of two threads that take it twice, either may die at any point, or both', () => {
  const threads = { A: program(1, block, block), B: program(2, block, block) }
  explore({ ...model, threads, timeouts: 1, deaths: { ...deaths, most: 2 } })
  const survivors = ['taken, taken', 'taken over, taken', 'taken, taken over']
  const one = survivors.flatMap(survivor => [`died; ${survivor}; `, `${survivor}; died; `])
  expect(outcomes).toEqual(new Set([...one, 'died; died; ', 'taken, taken; taken, taken; ']))
})

test('of three threads any two may die, and the others get it', () => {
  const threads = { A: program(1, block), B: program(2, block), C: program(3, block) }
  explore({ ...model, threads, deaths: { ...deaths, most: 2 } })
  const ways = ['died', 'taken', 'taken over']
  const all = ways.flatMap(a => ways.flatMap(b => ways.map(c => [a, b, c])))
  const possible = all.filter(these => {
    const [died, over] = [these.filter(it => it === 'died').length, these.filter(it => it === 'taken over').length]
    return died <= 2 && over <= died
  })
  expect(outcomes).toEqual(new Set(possible.map(these => these.join('; '))))
})

test('a thread that only tries, or gives up, takes it over too', () => {
  const threads = { A: program(1, block), B: program(2, attempt), C: program(3, blockFor10) }
  explore({ ...model, threads, timeouts: 1, deaths: { ...deaths, most: 1, of: ['A'] } })
  const over = [...outcomes].filter(outcome => outcome.includes('over'))
  expect(new Set(over)).toEqual(
    new Set(
      ['missed; taken over', 'taken over; missed', 'taken over; taken', 'taken; taken over'].map(it => `died; ${it}`),
    ),
  )
})
