import { setTimeout as sleep } from 'node:timers/promises'
import { threadId, Worker } from 'node:worker_threads'
import { Mutex, markDead, shareOf, threadTable } from '@fosen/shared-memory'
import type { SoakData } from './increment.ts'
import { balance, cell, get, makeCells, slots } from './ledger.ts'

export interface SoakFigures {
  readonly increments: number
  /** Threads that ended before their time. */
  readonly deaths: number
  /** How often the mutex was taken over from one of them, and how often an increment was half-done. */
  readonly takenOver: number
  readonly halfDone: number
  /** The longest that a thread was blocked, in milliseconds. */
  readonly longest: number
  /** For how many milliseconds the machine had no time for any thread; and `longest` but for these. */
  readonly stalled: number
  readonly longestOwn: number
}

/** How long the threads may take to end, in milliseconds. */
const grace = 10_000

/**
 * Has threads increment a number under a mutex, ends them at random, and starts others in their place.
 *
 * @param duration milliseconds
 * @throws Error when an increment is not accounted for, but for one a death, or when a thread stays blocked
 */
export async function soakMutex(duration: number): Promise<SoakFigures> {
  const cells = makeCells()
  const mutex = new Mutex()
  const workers: Worker[] = []
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  let deaths = 0

  const start = (slot: number) => {
    const data = { table: threadTable(), parent: threadId, mutex: shareOf(mutex), cells, slot, isParent: slot === 0 }
    const worker = new Worker(new URL('increment.ts', import.meta.url), { workerData: data as SoakData })
    const id = worker.threadId
    worker.on('error', failed.reject)
    worker.on('exit', () => {
      markDead(id)
      if (Atomics.load(cells, cell.stop) !== 0) return
      deaths++
      start(slot)
    })
    workers[slot] = worker
  }
  const endAtRandom = async () => {
    for (const end = performance.now() + duration; performance.now() < end; await sleep(100 * Math.random())) {
      void workers[Math.floor(slots * Math.random())]?.terminate()
    }
  }

  const metronome = new Worker(new URL('metronome.ts', import.meta.url), { workerData: cells })
  for (let slot = 0; slot < slots; slot++) start(slot)
  try {
    await Promise.race([endAtRandom(), failed.promise])
  } finally {
    Atomics.store(cells, cell.stop, 1)
    Atomics.notify(cells, cell.stop)
    await end([metronome, ...workers])
  }
  await Promise.race([failed.promise, sleep(0)])

  balance(cells, mutex.acquireSync(grace))
  return {
    increments: get(cells, cell.total),
    deaths,
    takenOver: get(cells, cell.takenOver),
    halfDone: get(cells, cell.halfDone),
    longest: Math.max(...cells.subarray(cell.longest, cell.longest + slots)) / 1000,
    stalled: get(cells, cell.stalled) / 1000,
    longestOwn: Math.max(...cells.subarray(cell.longestOwn, cell.longestOwn + slots)) / 1000,
  }
}

/** Waits until the threads have ended. @throws Error when one has not, after its end */
async function end(workers: readonly Worker[]) {
  const living = new Set(workers.filter(({ threadId }) => threadId !== -1))
  const exits = [...living].map(
    worker =>
      new Promise<void>(resolve => {
        worker.once('exit', () => {
          living.delete(worker)
          resolve()
        })
      }),
  )
  await Promise.race([Promise.all(exits), sleep(grace, undefined, { ref: false })])
  if (living.size === 0) return
  const blocked = living.size
  await Promise.all([...living].map(worker => worker.terminate()))
  throw new Error(`${blocked} threads have stayed blocked`)
}
