import type { JobEvent, OperationEvent } from '../job.ts'
import { Slowest } from './slowest.ts'
import type { SlowFile } from './update.ts'
import { Window } from './window.ts'

/** Over how long rates and percentiles are taken, in milliseconds. */
const length = 3000
/** So many of the slowest files are shown. */
const shown = 12

/** How long it takes to handle a message, from its delivery on. */
export class Handling {
  readonly window = new Window(length)
  readonly slowest = new Slowest<SlowFile>(shown)
  readonly #running = new Map<string, OperationEvent>()

  add(event: JobEvent): void {
    if (event.type === 'worker-exit') {
      for (const [key, { pid }] of this.#running) if (pid === event.pid) this.#running.delete(key)
      return
    }
    if (!('channel' in event) || event.channel !== 'fosen:queue:process') return
    const { pid, threadId, operation } = event
    const key = `${pid} ${threadId} ${operation}`
    if (event.type === 'start') this.#running.set(key, event)
    else this.#end(key, event)
  }

  #end(key: string, { at, error, pid }: OperationEvent) {
    const begun = this.#running.get(key)
    this.#running.delete(key)
    if (!begun || error !== undefined) return
    const duration = at - begun.at
    this.window.add(at, duration)
    if (begun.file !== undefined) {
      this.slowest.add({ file: begun.file, duration, attempt: begun.attempt ?? 1, pid })
    }
  }
}
