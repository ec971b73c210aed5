import { isDeepStrictEqual } from 'node:util'
import { isSame } from './intercept.ts'
import type { Memory } from './memory.ts'
import type { Numbers } from './numbers.ts'
import { type Entry, type Next, runProgram } from './run-program.ts'

/** What a thread has done so far: as a list that shares what came before with others. */
export interface Log {
  /** The same for the same entries. */
  readonly id: number
  readonly last?: { readonly entry: Entry; readonly before: Log } | undefined
  /** What the thread has really done, if this log is the one from before its last round in a loop. */
  readonly round?: Log | undefined
}

/** How many more rounds a loop is tried for, of which one was seen to make no difference. */
const trials = 100

/** The program of a thread: what comes next after each log. */
export class Program {
  readonly #run: () => unknown
  readonly #memory: Memory
  readonly #plain: Memory
  readonly #numbers: Numbers
  readonly #forgetsRounds: boolean
  readonly #next = new Map<string, Next>()
  /** By the number of a log: the one to which a loop leads back there. */
  readonly #heads = new Map<number, Log | undefined>()

  constructor(run: () => unknown, memory: Memory, plain: Memory, numbers: Numbers, forgetsRounds: boolean) {
    this.#run = run
    this.#memory = memory
    this.#plain = plain
    this.#numbers = numbers
    this.#forgetsRounds = forgetsRounds
  }

  /** What the thread does next. It depends on the log, and the plain memory. */
  next(log: Log): Next {
    const key = this.#keyOf(log)
    const known = this.#next.get(key)
    if (known) return known
    const next = this.#nextAfter(entriesOf(log))
    this.#next.set(key, next)
    return next
  }

  /** The log with one more entry; or, if a loop has led the thread back to where it was, the log that it had there. */
  append(log: Log, entry: Entry): Log {
    const longer = this.#append(log, entry)
    if (!this.#forgetsRounds) return longer
    const round = log.round && this.#append(log.round, entry)
    if (round && !isSameNext(this.next(longer), this.next(round))) return this.#refuse(longer)
    const head = this.#headOf(longer)
    return head ? { ...head, round: longer } : { ...longer, round }
  }

  #append(before: Log, entry: Entry): Log {
    return { id: this.#numbers.ofLog(before.id, entry), last: { entry, before } }
  }

  #headOf(log: Log): Log | undefined {
    if (!this.#heads.has(log.id)) this.#heads.set(log.id, this.#findHead(log))
    return this.#heads.get(log.id)
  }

  #findHead(log: Log): Log | undefined {
    const next = this.next(log)
    for (let head = log.last?.before; head; head = head.last?.before) {
      if (!isSamePlace(this.next(head), next)) continue
      const entries = entriesOf(head)
      const round = entriesOf(log).slice(entries.length)
      for (let i = 0; i < trials; i++) entries.push(...round)
      return isSamePlace(this.#nextAfter(entries), next) ? head : this.#refuse(log)
    }
    return undefined
  }

  #refuse(log: Log): Log {
    const error = new Error('the loops of the program are not stateless: another round makes a difference')
    this.#next.set(this.#keyOf(log), { type: 'threw', error, plain: this.#plain.save() })
    return log
  }

  #nextAfter(entries: readonly Entry[]): Next {
    return runProgram(this.#run, entries, this.#memory, this.#plain)
  }

  #keyOf({ id }: Log): string {
    return `${id} ${this.#plain.length === 0 ? '' : this.#numbers.ofBytes(this.#plain.save())}`
  }
}

function entriesOf(log: Log): Entry[] {
  const entries: Entry[] = []
  for (let { last } = log; last; last = last.before.last) entries.push(last.entry)
  return entries.reverse()
}

function isSamePlace(a: Next, b: Next): boolean {
  return a.type === 'operates' && b.type === 'operates' && a.place === b.place && isSame(a.operation, b.operation)
}

function isSameNext(a: Next, b: Next): boolean {
  if (a.type === 'operates') return b.type === 'operates' && isSame(a.operation, b.operation)
  return isDeepStrictEqual(a, b)
}
