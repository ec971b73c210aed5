import type { Describer } from './describer.ts'
import { type Operation, real, withInterceptor } from './intercept.ts'
import { Memory } from './memory.ts'
import type { Model } from './model.ts'
import { Numbers } from './numbers.ts'
import { type Entry, runProgram } from './run-program.ts'
import {
  type Asleep,
  canGoOn,
  isAlive,
  type Log,
  type Move,
  type Ready,
  type State,
  type ThreadState,
} from './state.ts'

/** A state on its way to the next one. */
type Draft = { -readonly [K in keyof State]: State[K] } & { threads: ThreadState[] }

/** A state, and what has happened on the way there, in words. */
export interface Step {
  readonly state: State
  readonly describe: () => string
}

/** Knows what may happen in a state, and makes it happen: the threads of a model, on real memory. */
export class Machine<S> {
  readonly #model: Model<S>
  readonly #shared: S
  readonly #memory: Memory
  readonly #plain: Memory | undefined
  readonly #describer: Describer
  readonly #names: readonly string[]
  readonly #programs: readonly (() => unknown)[]
  readonly #mortal: readonly string[]
  readonly #numbers = new Numbers()

  constructor(model: Model<S>, shared: S, memory: Memory, describer: Describer) {
    const plain = model.plain?.(shared)
    this.#model = model
    this.#shared = shared
    this.#memory = memory
    this.#plain = plain && new Memory(plain)
    this.#describer = describer
    this.#names = Object.keys(model.threads)
    this.#programs = Object.values(model.threads).map(program => () => program(shared))
    this.#mortal = model.deaths?.of ?? this.#names
  }

  start(): State {
    return {
      memory: this.#memory.save(),
      threads: this.#names.map(() => ({ type: 'ready', log: { id: -1, entries: [] } })),
      sleepers: [],
      unnoticed: [],
      deathsLeft: this.#model.deaths?.most ?? 0,
      timeoutsLeft: this.#model.timeouts ?? 0,
    }
  }

  /** The same text for equal states. */
  keyOf(state: State): string {
    return this.#numbers.keyOf(state)
  }

  /** Puts the memory in the state, for a look at it. */
  enter({ memory }: State): void {
    this.#memory.load(memory)
  }

  movesFrom(state: State): Move[] {
    const moves: Move[] = state.unnoticed.map(thread => ({ type: 'notice', thread }))
    const timesOut = state.timeoutsLeft > 0 || this.#timesOutFreely(state)
    for (const [i, thread] of state.threads.entries()) {
      if (canGoOn(thread)) moves.push({ type: 'goOn', thread: i })
      if (thread.type === 'asleep' && thread.sleep.timeout !== Number.POSITIVE_INFINITY && timesOut) {
        moves.push({ type: 'timeOut', thread: i })
      }
      if (isAlive(thread) && state.deathsLeft > 0 && this.#mortal.includes(this.#name(i))) {
        moves.push({ type: 'die', thread: i })
      }
    }
    return moves
  }

  make(state: State, { type, thread }: Move): Step {
    const draft: Draft = { ...state, threads: [...state.threads] }
    this.enter(state)
    if (type === 'notice') return this.#notice(draft, thread)
    if (type === 'die') return this.#die(draft, thread)
    const before = draft.threads[thread] as Ready | Asleep
    if (before.type === 'ready') return this.#goOn(draft, thread, before.log)
    if (type === 'timeOut' && !this.#timesOutFreely(state)) draft.timeoutsLeft--
    return this.#wake(draft, thread, before, type === 'timeOut')
  }

  /** Nothing else can happen. */
  #timesOutFreely({ threads, unnoticed }: State): boolean {
    return (this.#model.timeoutsWhenStuck ?? true) && unnoticed.length === 0 && !threads.some(canGoOn)
  }

  #die(draft: Draft, thread: number): Step {
    draft.threads[thread] = { type: 'dead' }
    draft.sleepers = draft.sleepers.filter(it => it !== thread)
    draft.deathsLeft--
    if (this.#model.deaths?.onDeath) draft.unnoticed = [...draft.unnoticed, thread].sort()
    return { state: draft, describe: () => `${this.#name(thread)}  dies` }
  }

  #notice(draft: Draft, thread: number): Step {
    draft.unnoticed = draft.unnoticed.filter(it => it !== thread)
    const operate = (operation: Operation) => {
      const result = real[operation.name]?.(operation.view, ...operation.args)
      return operation.name === 'notify' ? this.#notify(draft, operation) : result
    }
    withInterceptor({ operate, now: () => 0 }, () => this.#model.deaths?.onDeath?.(this.#shared, this.#name(thread)))
    draft.memory = this.#memory.save()
    return { state: draft, describe: () => `the death of ${this.#name(thread)} is noticed` }
  }

  #wake(draft: Draft, thread: number, { log, sleep, isWoken }: Asleep, isTimeOver: boolean): Step {
    const result = isWoken ? 'ok' : 'timed-out'
    draft.sleepers = draft.sleepers.filter(it => it !== thread)
    const slept = isTimeOver ? sleep.timeout : 0
    const { state, describe } = this.#goOn(draft, thread, this.#append(log, { ...sleep, result, slept }))
    return {
      state,
      describe: () => `${describe()}  (having slept: ${result}${isWoken && isTimeOver ? ', and late' : ''})`,
    }
  }

  #goOn(draft: Draft, thread: number, log: Log): Step {
    const { progress, memory } = runProgram(this.#programs[thread] as () => unknown, log.entries, {
      memory: this.#memory,
      plain: this.#plain,
      notify: operation => this.#notify(draft, operation),
    })
    draft.memory = memory
    if (progress.type === 'operated') {
      draft.threads[thread] = progress.ended ?? { type: 'ready', log: this.#append(log, progress.entry) }
    } else if (progress.type === 'sleeps') {
      draft.threads[thread] = { type: 'asleep', log, sleep: progress.sleep, isWoken: false }
      draft.sleepers = [...draft.sleepers, thread]
    } else {
      draft.threads[thread] = progress
    }
    return { state: draft, describe: () => `${this.#name(thread)}  ${this.#describer.progress(progress)}` }
  }

  #append({ id, entries }: Log, entry: Entry): Log {
    return { id: this.#numbers.ofLog(id, entry), entries: [...entries, entry] }
  }

  /** Wakes the first that sleep there; they go on in steps of their own. */
  #notify(draft: Draft, { view, args }: Operation): number {
    const most = args[1] === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Number(args[1]))
    const byte = byteOf({ name: 'notify', view, args })
    const woken = draft.sleepers
      .filter(thread => {
        const { operation } = (draft.threads[thread] as Asleep).sleep
        return operation.view.buffer === view.buffer && byteOf(operation) === byte
      })
      .slice(0, most)
    draft.sleepers = draft.sleepers.filter(thread => !woken.includes(thread))
    for (const thread of woken) draft.threads[thread] = { ...(draft.threads[thread] as Asleep), isWoken: true }
    return woken.length
  }

  #name(thread: number): string {
    return this.#names[thread] as string
  }
}

function byteOf({ view, args }: Operation): number {
  return view.byteOffset + Number(args[0]) * view.BYTES_PER_ELEMENT
}
