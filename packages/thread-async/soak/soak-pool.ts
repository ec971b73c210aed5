import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { setEnvironmentData, Worker } from 'node:worker_threads'
import { ThreadPool } from '@fosen/thread-async'
import { runsKey } from './functions.ts'
import { hasCrashed, kinds } from './kinds.ts'

export interface SoakFigures {
  /** Calls made, by kind, and how many of them ended with their thread. */
  readonly calls: { readonly [kind: string]: number }
  readonly crashed: number
  /** Threads that were ended before their time. */
  readonly deaths: number
  /** The longest that a call took, in milliseconds, and the latest that one was beyond its due, but for `stalled`. */
  readonly longest: number
  readonly latest: number
  /** For how many milliseconds the event loop of this thread stood still, at most at a time and altogether. */
  readonly longestStall: number
  readonly stalled: number
  /** For how many milliseconds the machine had no time for any thread. */
  readonly machineStalled: number
  /** What should not have happened. */
  readonly violations: readonly string[]
}

/** Calls that are under way at a time. */
const depth = 24
/** Milliseconds after which a call counts as lost, and that it may be late. */
const [patience, tolerance] = [10_000, 200]
/** Milliseconds for which the event loop may stand still, where the machine does not. */
const longestTurn = 2_000
const mostCalls = 2 ** 22
/** Milliseconds; what is twice as late has stood still. */
const beat = 5

/**
 * Has a pool run calls of all kinds while its threads are ended at random, and accounts for each of them.
 *
 * @param duration milliseconds
 */
export async function soakPool(duration: number): Promise<SoakFigures> {
  const runs = new Int32Array(new SharedArrayBuffer(4 * mostCalls))
  setEnvironmentData(runsKey, runs)
  const cells = new Int32Array(new SharedArrayBuffer(8))
  const metronome = new Worker(new URL('metronome.ts', import.meta.url), { workerData: cells })
  let [stalled, longestStall, lastBeat] = [0, 0, performance.now()]
  const beats = setInterval(() => {
    const late = performance.now() - lastBeat - beat
    if (late > beat) stalled += late
    longestStall = Math.max(longestStall, late)
    lastBeat += late + beat
  }, beat)

  const workers = new Set<Worker>()
  const onWorker = (message: unknown) => {
    const { worker } = message as { worker: Worker }
    workers.add(worker)
    worker.once('exit', () => workers.delete(worker))
  }
  subscribe('worker_threads', onWorker)
  const pool = new ThreadPool({ max: 3, grace: 20 })

  const names = Object.keys(kinds)
  const calls = Object.fromEntries(names.map(name => [name, 0]))
  const violations: string[] = []
  let [made, crashed, deaths, longest, latest] = [0, 0, 0, 0, 0]
  const end = performance.now() + duration

  const runOne = async () => {
    const id = made++
    const kind = names[Math.floor(names.length * Math.random())] as string
    calls[kind] = (calls[kind] as number) + 1
    const { future, due, isRight } = (kinds[kind] as (typeof kinds)[string])(pool, id)
    const [start, stalledBefore] = [performance.now(), stalled]
    let running = future.running() ? start : Number.POSITIVE_INFINITY
    const watch = setInterval(() => {
      if (future.running() && running > start) running = Math.min(running, performance.now())
    }, 20)
    const settled = new Promise<void>(resolve => future.addDoneCallback(() => resolve()))
    if (Math.random() < 0.02) {
      try {
        future.result(20)
      } catch {}
    }
    // A machine that stands still is no reason to give up: there may be a result as soon as it goes on.
    let isOver = false
    while (!isOver && performance.now() - start - (stalled - stalledBefore) < patience) {
      isOver = await Promise.race([settled.then(() => true), sleep(1_000, false, { ref: false })])
    }
    clearInterval(watch)
    const now = performance.now()
    // Who hears of the end in a turn that is late counts that as well.
    const stalledMeanwhile = stalled - stalledBefore + Math.max(0, now - lastBeat - beat)
    longest = Math.max(longest, now - start)
    latest = Math.max(latest, now - running - due - stalledMeanwhile)
    const outcome = future.peek()
    const what = `call ${id}, ${kind}, ${outcome ? inspect(outcome).slice(0, 200) : 'not ended'}, run ${runs[id]} times`
    if (!isOver || !outcome) violations.push(what)
    else if (hasCrashed(outcome)) crashed++
    else if (!isRight(outcome)) violations.push(what)
    else if (outcome.status === 'fulfilled' && runs[id] !== 1) violations.push(what)
    if ((runs[id] as number) > 1) violations.push(what)
  }
  const runMany = async () => {
    while (performance.now() < end && violations.length === 0 && made < mostCalls) await runOne()
  }
  const endAtRandom = async () => {
    for (; performance.now() < end; await sleep(200 * Math.random())) {
      const [...living] = workers
      const worker = living[Math.floor(living.length * Math.random())]
      if (!worker) continue
      deaths++
      void worker.terminate()
    }
  }
  try {
    await Promise.all([endAtRandom(), ...Array.from({ length: depth }, runMany)])
    // None runs a second time later.
    if (runs.subarray(0, made).some(count => count > 1)) violations.push('a call has run twice')
    const isShut = await Promise.race([pool.shutdown().then(() => true), sleep(patience, false, { ref: false })])
    if (!isShut) violations.push('the pool did not shut down')
    if (longestStall - Atomics.load(cells, 1) > longestTurn) {
      violations.push(`the event loop stood still for ${Math.round(longestStall)} ms`)
    }
    if (latest > tolerance) violations.push(`a call was ${Math.round(latest)} ms late`)
  } finally {
    unsubscribe('worker_threads', onWorker)
    clearInterval(beats)
    Atomics.store(cells, 0, 1)
    Atomics.notify(cells, 0)
    await Promise.all([...workers, metronome].map(worker => worker.terminate()))
  }
  return {
    calls,
    crashed,
    deaths,
    longest,
    latest,
    longestStall,
    stalled,
    machineStalled: Atomics.load(cells, 1),
    violations,
  }
}
