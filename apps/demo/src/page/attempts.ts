import type { JobEvent } from '../job.ts'

/**
 * Which attempt at a file a process is at, or was: the traces of its message alone say so, and those of another thread may
 * come after its end.
 */
export class Attempts {
  readonly #attempts = new Map<string, number>()

  /** To be told of each event when it is done with: until then, what a process was at that has ended can be asked. */
  add(event: JobEvent): void {
    if (!('channel' in event)) {
      if (event.type === 'worker-exit') this.#forget(event.pid)
      return
    }
    const { channel, type, pid, file, attempt = 1 } = event
    if (channel !== 'fosen:queue:process' || type !== 'start' || file === undefined) return
    this.#attempts.set(keyOf(pid, file), attempt)
  }

  of(pid: number, file: string): number | undefined {
    return this.#attempts.get(keyOf(pid, file))
  }

  #forget(pid: number) {
    for (const key of this.#attempts.keys()) if (key.startsWith(keyOf(pid, ''))) this.#attempts.delete(key)
  }
}

const keyOf = (pid: number, file: string) => `${pid} ${file}`
