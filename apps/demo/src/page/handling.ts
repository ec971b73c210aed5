import type { JobEvent, OperationEvent } from '../job.ts'
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
  /** Which attempt at a file a process is at, or was: other threads may tell of it later. */
  readonly #attempts = new Map<string, number>()

  add(event: JobEvent): void {
    if (!('channel' in event)) {
      if (event.type === 'worker-exit') this.#forget(event.pid)
      return
    }
    const isMessage = event.channel === 'fosen:queue:process'
    // Rows that come from workers are messages, too, and of no file.
    if (event.file === undefined || !(isMessage || event.channel === 'fosen:thread-async:run')) return
    const key = `${event.pid} ${event.threadId} ${event.operation}`
    const ofFile = `${event.pid} ${event.file}`
    if (event.type === 'start') {
      this.#running.set(key, event)
      if (isMessage) this.#attempts.set(ofFile, event.attempt ?? 1)
      return
    }
    const begun = this.#running.get(key)
    this.#running.delete(key)
    if (!begun || event.error !== undefined) return
    const duration = event.at - begun.at
    if (isMessage) {
      this.window.add(event.at, duration)
    } else {
      const { pid, file } = event
      this.slowest.add({ file, duration, attempt: this.#attempts.get(ofFile) ?? 1, pid })
    }
  }

  /** What a process that has ended was at has no end. */
  #forget(pid: number) {
    for (const map of [this.#running, this.#attempts]) {
      for (const key of map.keys()) if (key.startsWith(`${pid} `)) map.delete(key)
    }
  }
}
