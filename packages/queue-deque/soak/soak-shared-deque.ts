import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { threadId, Worker } from 'node:worker_threads'
import { SharedDeque } from '@fosen/queue-deque'
import { Mutex, markDead, threadTable } from '@fosen/shared-memory'
import {
  APPENDED,
  BEGUN,
  cell,
  END,
  GONE,
  Ledger,
  makeCells,
  REFUSED,
  REST,
  RESTING,
  RUN,
  RUNNING,
  slots,
} from './ledger.ts'
import { itemOf, nothing, type SoakData, type Value } from './values.ts'

export interface SoakFigures {
  readonly rounds: number
  readonly items: number
  /** Threads that ended before their time; how many of them in a pop, and how many, at least, with the deque's lock. */
  readonly deaths: number
  readonly inPop: number
  readonly withLock: number
  /** Each item that was lost with them, and in what. */
  readonly lost: readonly string[]
  /**
   * The longest that an operation took, or that those who wait took once there was something for them, in milliseconds, but
   * for `stalled`: when the machine had no time for any thread.
   */
  readonly longest: number
  readonly stalled: number
  /** What should not have happened. */
  readonly violations: readonly string[]
}

/** How long threads may take to come to rest, or to end, in milliseconds. */
const grace = 10_000

/**
 * Has threads append to a deque and pop from it, in rounds: in each one thread is ended at random, the others come to rest,
 * and every item is accounted for.
 *
 * @param duration milliseconds
 */
export async function soakSharedDeque(duration: number): Promise<SoakFigures> {
  const soak = new Soak()
  const metronome = new Worker(new URL('metronome.ts', import.meta.url), { workerData: soak.cells })
  for (let slot = 0; slot < slots; slot++) soak.start(slot)
  const end = performance.now() + duration
  try {
    while (performance.now() < end && soak.violations.length === 0) await soak.round()
  } finally {
    await soak.end(metronome)
  }
  return soak.figures()
}

class Soak {
  readonly cells = makeCells()
  readonly violations: string[] = []
  readonly #ledger = new Ledger()
  readonly #deque = new SharedDeque<Value>({ capacity: 4096 })
  readonly #workers: Worker[] = []
  /** The slots of those that died in this round, and how many items their pops may have taken. */
  readonly #dead = new Set<number>()
  #allowed = 0
  #longestRest = 0
  #rounds = 0
  #items = 0
  #deaths = 0
  #inPop = 0
  #withLock = 0
  readonly #lost: string[] = []

  start(slot: number): void {
    const { buffer } = this.#deque
    const shared = { table: threadTable(), buffer, cells: this.cells, items: this.#ledger.items }
    const workerData: SoakData = { ...shared, parent: threadId, slot, isParent: slot === 0 }
    const worker = new Worker(new URL('work.ts', import.meta.url), { workerData })
    const id = worker.threadId
    worker.on('error', error => this.violations.push(`a thread has failed: ${error.stack}`))
    worker.on('exit', () => {
      markDead(id)
      if (this.#isLockOfDead()) this.#withLock++
      if (Atomics.load(this.cells, cell.phase) !== END) this.#onDeath(slot)
    })
    this.#workers[slot] = worker
  }

  #onDeath(slot: number) {
    const inPop = Atomics.exchange(this.cells, cell.calls + slot, 0)
    Atomics.store(this.cells, cell.states + slot, GONE)
    this.#dead.add(slot)
    this.#deaths++
    this.#allowed += inPop
    if (inPop > 0) this.#inPop++
  }

  #isLockOfDead(): boolean {
    const { buffer } = this.#deque
    return Atomics.load(new Int32Array(buffer), 0) !== 0 && !new Mutex(buffer).locked()
  }

  async round(): Promise<void> {
    await this.#threadsStarted()
    this.#setPhase(RUN)
    await sleep(30 * Math.random())
    await this.#workers[Math.floor(slots * Math.random())]?.terminate()
    await sleep(10 * Math.random())
    this.#setPhase(REST)
    if (await this.#comeToRest()) this.#account()
    this.#rounds++
    for (const slot of this.#dead) this.start(slot)
    this.#dead.clear()
    this.#allowed = 0
  }

  async #threadsStarted() {
    const start = performance.now()
    while (!this.#isEach(slot => this.#dead.has(slot) || this.#stateOf(slot) === RESTING)) {
      if (performance.now() - start > grace) return this.#violate('a thread has not started')
      await sleep(1)
    }
  }

  #isEach(is: (slot: number) => boolean): boolean {
    return Array.from({ length: slots }, (_, slot) => slot).every(is)
  }

  #setPhase(phase: number) {
    Atomics.store(this.cells, cell.phase, phase)
    Atomics.notify(this.cells, cell.phase)
  }

  /** Gives those who wait what they wait for, and empties the deque. False when a thread stays blocked. */
  async #comeToRest(): Promise<boolean> {
    const [start, stalled] = [performance.now(), this.#stalled()]
    for (; !this.#isEach(slot => this.#stateOf(slot) !== RUNNING); await sleep(1)) {
      this.#drain()
      this.#deque.append(nothing)
      if (performance.now() - start < grace) continue
      this.#violate('a thread has stayed blocked')
      return false
    }
    this.#longestRest = Math.max(this.#longestRest, performance.now() - start - (this.#stalled() - stalled))
    this.#drain()
    return true
  }

  #stateOf(slot: number): number {
    return Atomics.load(this.cells, cell.states + slot)
  }

  #stalled(): number {
    return Atomics.load(this.cells, cell.stalled) / 1000
  }

  #drain() {
    for (let values = this.#deque.popLeftMany(100); values.length > 0; values = this.#deque.popLeftMany(100)) {
      for (const item of values.map(itemOf)) if (item !== nothing) this.#ledger.pop(item)
    }
  }

  /** Looks at what became of each item of the round. */
  #account() {
    const made = Atomics.exchange(this.cells, cell.next, 0)
    const lost: number[] = []
    for (let item = 0; item < made; item++) {
      const [outcome, popped] = [this.#ledger.outcomeOf(item), this.#ledger.poppedOf(item)]
      const isOfDead = this.#dead.has(this.#ledger.makerOf(item))
      if (popped > 1) this.#violate(`item ${item} was popped ${popped} times`)
      if (outcome === REFUSED && popped > 0) this.#violate(`item ${item} was popped, and its append had failed`)
      if (outcome === BEGUN && !isOfDead) this.#violate(`the append of item ${item} was not finished`)
      if (outcome === APPENDED && popped === 0) lost.push(item)
    }
    if (lost.length > this.#allowed) {
      this.#violate(`items ${lost} were lost, and the dead were in pops of ${this.#allowed} at most`)
    }
    this.#ledger.items.fill(0, 0, made)
    this.#items += made
    this.#lost.push(...lost.map(item => `item ${item} of round ${this.#rounds}, in a pop of ${this.#allowed} at most`))
  }

  #violate(what: string) {
    this.violations.push(`round ${this.#rounds}: ${what}`)
  }

  figures(): SoakFigures {
    return {
      rounds: this.#rounds,
      items: this.#items,
      deaths: this.#deaths,
      inPop: this.#inPop,
      withLock: this.#withLock,
      lost: this.#lost,
      longest: Math.max(
        this.#longestRest,
        ...this.cells.subarray(cell.longest, cell.longest + slots).map(it => it / 1000),
      ),
      stalled: this.#stalled(),
      violations: this.violations,
    }
  }

  /** Waits until the threads have ended. */
  async end(metronome: Worker): Promise<void> {
    this.#setPhase(END)
    this.#deque.close()
    const living = [metronome, ...this.#workers].filter(({ threadId }) => threadId !== -1)
    const ended = Promise.all(living.map(worker => once(worker, 'exit'))).then(() => true)
    if (await Promise.race([ended, sleep(grace, false, { ref: false })])) return
    this.violations.push('threads did not end')
    await Promise.all(living.map(worker => worker.terminate()))
  }
}
