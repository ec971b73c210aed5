import type { Describer } from './describer.ts'
import { type Operation, withInterceptor } from './intercept.ts'
import { Memory } from './memory.ts'
import type { Model } from './model.ts'
import { Numbers } from './numbers.ts'
import { byteOf, type Done, operate } from './operate.ts'
import { type Log, Program } from './program.ts'
import type { Ended, Entry } from './run-program.ts'
import { type Asleep, canGoOn, isAlive, type Move, type Ready, type State, type ThreadState } from './state.ts'

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
  readonly #plain: Memory
  readonly #quiet: readonly ArrayBufferView[]
  readonly #describer: Describer
  readonly #names: readonly string[]
  readonly #programs: readonly Program[]
  readonly #mortal: readonly string[]
  readonly #numbers = new Numbers()

  constructor(model: Model<S>, shared: S, memory: Memory, describer: Describer) {
    this.#model = model
    this.#shared = shared
    this.#memory = memory
    this.#plain = new Memory(model.plain?.(shared) ?? [])
    this.#quiet = model.quiet?.(shared) ?? []
    this.#describer = describer
    this.#names = Object.keys(model.threads)
    this.#programs = Object.values(model.threads).map(
      run => new Program(() => run(shared), memory, this.#plain, this.#numbers, model.statelessLoops ?? false),
    )
    this.#mortal = model.deaths?.of ?? this.#names
  }

  start(): State {
    return {
      memory: this.#memory.save(),
      threads: this.#names.map(() => ({ type: 'ready', log: { id: -1 } })),
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
    const moves: Move[] = state.unnoticed.map(thread => ({ type: 'notice', thread, isOptional: false }))
    const isFree = this.#timesOutFreely(state)
    for (const [i, thread] of state.threads.entries()) {
      if (canGoOn(thread)) moves.push({ type: 'goOn', thread: i, isOptional: false })
      const hasTimeout = thread.type === 'asleep' && thread.timeout !== Number.POSITIVE_INFINITY
      if (hasTimeout && (isFree || state.timeoutsLeft > 0))
        moves.push({ type: 'timeOut', thread: i, isOptional: !isFree })
      const mayDie = isAlive(thread) && state.deathsLeft > 0 && this.#mortal.includes(this.#name(i))
      if (mayDie) moves.push({ type: 'die', thread: i, isOptional: true })
    }
    return moves
  }

  make(state: State, { type, thread, isOptional }: Move): Step {
    const draft: Draft = { ...state, threads: [...state.threads] }
    this.enter(state)
    if (type === 'notice') return this.#notice(draft, thread)
    if (type === 'die') return this.#die(draft, thread)
    const before = draft.threads[thread] as Ready | Asleep
    if (before.type === 'ready') return this.#goOn(draft, thread, before.log)
    if (type === 'timeOut' && isOptional) draft.timeoutsLeft--
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
    const act = (operation: Operation) => {
      const done = this.#operate(draft, operation)
      if (done.type === 'threw') throw done.error
      return done.type === 'operated' ? done.result : 'timed-out'
    }
    const onDeath = () => this.#model.deaths?.onDeath?.(this.#shared, this.#name(thread))
    withInterceptor({ operate: act, now: () => 0 }, onDeath)
    draft.memory = this.#memory.save()
    return { state: draft, describe: () => `the death of ${this.#name(thread)} is noticed` }
  }

  /** Ends the wait that the thread is in, and has it go on. */
  #wake(draft: Draft, thread: number, asleep: Asleep, isTimeOver: boolean): Step {
    const { log, operation, plain, timeout, isWoken } = asleep
    const result = isWoken ? 'ok' : 'timed-out'
    draft.sleepers = draft.sleepers.filter(it => it !== thread)
    const entry: Entry = { operation, plain, result, slept: isTimeOver ? timeout : 0 }
    const { state, describe } = this.#goOn(draft, thread, this.#program(thread).append(log, entry))
    return { state, describe: () => `${describe()}  (woken: ${result}${isWoken && isTimeOver ? ', late' : ''})` }
  }

  #goOn(draft: Draft, thread: number, log: Log): Step {
    const plain = this.#plain.save()
    const next = this.#program(thread).next(log)
    this.#plain.load(next.plain)
    const done = next.type === 'operates' ? this.#operate(draft, next.operation) : next
    const state = this.#goOnQuietly(draft, thread, this.#stateAfter(done, thread, log, plain))
    if (state.type === 'asleep') draft.sleepers = [...draft.sleepers, thread]
    draft.threads[thread] = state
    draft.memory = this.#memory.save()
    return { state: draft, describe: () => `${this.#name(thread)}  ${this.#describer.step(done, state)}` }
  }

  /** Has the thread do what is no step. */
  #goOnQuietly(draft: Draft, thread: number, state: ThreadState): ThreadState {
    if (this.#quiet.length === 0 || state.type !== 'ready') return state
    const next = this.#program(thread).next(state.log)
    if (next.type !== 'operates' || !this.#quiet.includes(next.operation.view)) return state
    const done = this.#operate(draft, next.operation)
    return this.#goOnQuietly(draft, thread, this.#stateAfter(done, thread, state.log, this.#plain.save()))
  }

  #stateAfter(done: Done | Ended, thread: number, log: Log, plain: Uint8Array): ThreadState {
    if (done.type === 'sleeps') return { ...done, type: 'asleep', log, plain, isWoken: false }
    if (done.type !== 'operated') return done
    const { operation, result } = done
    const longer = this.#program(thread).append(log, { operation, result, plain, slept: 0 })
    // Where the rest of a program touches no memory, it may as well be known that it has ended.
    const next = this.#plain.length === 0 && this.#program(thread).next(longer)
    return next && next.type !== 'operates' ? next : { type: 'ready', log: longer }
  }

  #operate(draft: Draft, operation: Operation): Done {
    if (this.#memory.indexOf(operation.view.buffer) < 0) {
      return { type: 'threw', error: new Error(`${operation.name} on shared memory that setup has not made`) }
    }
    return operate(operation, (buffer, byte, most) => {
      const isThere = ({ operation }: Asleep) => operation.view.buffer === buffer && byteOf(operation) === byte
      const woken = draft.sleepers.filter(it => isThere(draft.threads[it] as Asleep)).slice(0, most)
      draft.sleepers = draft.sleepers.filter(it => !woken.includes(it))
      for (const it of woken) draft.threads[it] = { ...(draft.threads[it] as Asleep), isWoken: true }
      return woken.length
    })
  }

  #program(thread: number): Program {
    return this.#programs[thread] as Program
  }

  #name(thread: number): string {
    return this.#names[thread] as string
  }
}
