import { standIn } from './stand-in.ts'

/** A coroutine that has not begun. */
interface Unbegun {
  readonly name: string
  /** Where it was made. */
  readonly stack: string
}

/**
 * Coroutines that were made in debug mode and have not begun: one that is collected, or left over when the program ends,
 * was forgotten.
 */
class NeverAwaited {
  readonly #unbegun = new Set<Unbegun>()
  readonly #collected = new FinalizationRegistry<Unbegun>(unbegun => this.#tell(unbegun))
  readonly #onExit = () => {
    for (const unbegun of this.#unbegun) this.#tell(unbegun)
  }

  /** Has a coroutine watched until it begins. */
  watch(coroutine: Generator, name: string): void {
    const { stack = '' } = new Error()
    const unbegun = { name, stack: stack.split('\n').slice(3).join('\n') }
    if (this.#unbegun.size === 0) process.on('exit', this.#onExit)
    this.#unbegun.add(unbegun)
    this.#collected.register(coroutine, unbegun, unbegun)
    for (const method of ['next', 'return', 'throw'] as const) {
      Object.defineProperty(coroutine, method, {
        configurable: true,
        value: (value: unknown) => {
          for (const each of ['next', 'return', 'throw'] as const) delete (coroutine as Partial<Generator>)[each]
          this.#forget(unbegun)
          return coroutine[method](value)
        },
      })
    }
  }

  #forget(unbegun: Unbegun) {
    this.#collected.unregister(unbegun)
    if (this.#unbegun.delete(unbegun) && this.#unbegun.size === 0) process.off('exit', this.#onExit)
  }

  #tell(unbegun: Unbegun) {
    this.#forget(unbegun)
    // Not by emitWarning, which comes too late when the process ends.
    console.error(`RuntimeWarning: coroutine '${unbegun.name}' was never awaited; it was made\n${unbegun.stack}`)
  }
}

const neverAwaited = new NeverAwaited()

/** Has what a generator function makes watched, until it begins. */
export function watched<A extends unknown[], G extends Generator>(fn: (...args: A) => G): (...args: A) => G {
  return standIn(fn, function (this: unknown, ...args: A) {
    const coroutine = fn.apply(this, args)
    neverAwaited.watch(coroutine, fn.name)
    return coroutine
  })
}
