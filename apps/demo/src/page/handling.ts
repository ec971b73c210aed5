import type { JobEvent, OperationEvent } from '../job.ts'
import type { Attempts } from './attempts.ts'
import { operationKey } from './operation-key.ts'
import { Slowest } from './slowest.ts'
import type { SlowFile } from './update.ts'
import { Window } from './window.ts'

/** Over how long rates and percentiles are taken, in milliseconds. */
const length = 3000
/** So many of the slowest files are shown. */
const shown = 12

/** How long it takes to handle messages, from their delivery on, and which files take threads the longest. */
export class Handling {
  readonly window = new Window(length)
  readonly slowest = new Slowest<SlowFile>(shown)
  readonly #running = new Map<string, OperationEvent>()
  readonly #attempts: Attempts

  /** @param attempts is told of each event after this */
  constructor(attempts: Attempts) {
    this.#attempts = attempts
  }

  add(event: JobEvent): void {
    if (!('channel' in event)) {
      if (event.type === 'worker-exit') this.#forget(event.pid)
      return
    }
    const { pid, file } = event
    const isMessage = event.channel === 'fosen:queue:process'
    // Rows that come from workers are messages, too, and of no file.
    if (file === undefined || !(isMessage || event.channel === 'fosen:thread-async:run')) return
    const key = operationKey(event)
    if (event.type === 'start') {
      this.#running.set(key, event)
      return
    }
    const begun = this.#running.get(key)
    this.#running.delete(key)
    if (!begun || event.error !== undefined) return
    const duration = event.at - begun.at
    if (isMessage) this.window.add(event.at, duration)
    else this.slowest.add({ file, duration, attempt: this.#attempts.of(pid, file) ?? 1, pid })
  }

  /** What a process that has ended was at has no end. */
  #forget(pid: number) {
    for (const [key, event] of this.#running) if (event.pid === pid) this.#running.delete(key)
  }
}
