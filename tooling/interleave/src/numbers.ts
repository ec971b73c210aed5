import { inspect } from 'node:util'
import type { Entry } from './run-program.ts'
import type { State, ThreadState } from './state.ts'

/** Gives things a number, the same one to equal things, so that states can be compared as short strings. */
export class Numbers {
  readonly #numbers = new Map<string, number>()

  of(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(text, number)
    return number
  }

  ofBytes({ buffer }: Uint8Array): number {
    return this.of(`bytes ${Buffer.from(buffer).toString('latin1')}`)
  }

  /** Of a log that goes on with the entry: what the operation is follows from the log before. */
  ofLog(log: number, { result, slept, plain }: Entry): number {
    return this.of(`${log} ${String(result)} ${slept} ${plain.length === 0 ? '' : this.ofBytes(plain)}`)
  }

  keyOf({ memory, threads, sleepers, unnoticed, deathsLeft, timeoutsLeft }: State): string {
    const parts = threads.map(thread => this.#keyOfThread(thread))
    return [this.ofBytes(memory), ...parts, sleepers.join(), unnoticed.join(), deathsLeft, timeoutsLeft].join(' ')
  }

  #keyOfThread(thread: ThreadState): string {
    switch (thread.type) {
      case 'ready':
        return `${thread.log.id}`
      case 'asleep':
        return `${thread.isWoken ? 'woken' : 'asleep'}${thread.log.id}/${this.ofBytes(thread.plain)}`
      case 'returned':
        // What it has done besides matters to nobody any more.
        return `returned${this.of(inspect(thread.value, { depth: Number.POSITIVE_INFINITY }))}`
      default:
        return thread.type
    }
  }
}
