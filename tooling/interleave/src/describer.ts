import { inspect } from 'node:util'
import type { Operation } from './intercept.ts'
import type { Memory } from './memory.ts'
import type { Done } from './operate.ts'
import type { Ended } from './run-program.ts'
import type { ThreadState } from './state.ts'

/** Puts in words what happens, with the names that memory has in what `setup` returned. */
export class Describer {
  readonly #memory: Memory
  readonly #names: { readonly name: string; readonly buffer: unknown; readonly byteOffset: number }[] = []

  constructor(shared: unknown, memory: Memory) {
    this.#memory = memory
    for (const [name, value] of [...Object.entries(Object(shared)), ['shared', shared] as const]) {
      const { buffer = value, byteOffset = 0 } = Object(value) as { buffer?: unknown; byteOffset?: number }
      this.#names.push({ name, buffer, byteOffset })
    }
  }

  /** @param state of the thread after it has done that */
  step(done: Done | Ended, state: ThreadState): string {
    if (done.type === 'sleeps') return `${this.#operation(done.operation)}, and sleeps`
    if (done.type !== 'operated') return done.type
    const end = state.type === 'ready' ? '' : `, and ${state.type}`
    return `${this.#operation(done.operation)} → ${show(done.result)}${end}`
  }

  thread(thread: ThreadState): string {
    if (thread.type !== 'asleep') return thread.type
    return `${thread.isWoken ? 'woken' : 'asleep'} in ${this.#operation(thread.operation)}`
  }

  #operation({ name, view, args }: Operation): string {
    return `${name}(${[this.#nameOf(view), ...args.map(show)].join(', ')})`
  }

  #nameOf({ buffer, byteOffset }: Operation['view']): string {
    const names = this.#names.filter(it => it.buffer === buffer)
    const found = names.find(it => it.byteOffset === byteOffset)
    if (found) return found.name
    return `${names[0]?.name ?? `memory ${this.#memory.indexOf(buffer)}`}${byteOffset === 0 ? '' : ` from byte ${byteOffset}`}`
  }
}

/** Words with many bits set are rather fields of bits than numbers. */
function show(value: unknown): string {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) < 2 ** 16) return inspect(value)
  return `0x${(value >>> 0).toString(16)}`
}
