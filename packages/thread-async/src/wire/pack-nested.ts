import { types } from 'node:util'
import type { Transferable } from 'node:worker_threads'
import { shareOf } from '@fosen/shared-memory'
import { transferListOf } from '../transfer.ts'
import type { PackedArguments, SharedPlace } from './wire-arguments.ts'

/**
 * Replaces shareable objects also where they are parts of arguments: in arrays, plain objects and the values of Maps, of
 * which it makes copies. It takes a walk through all that the arguments hold, so it is for those that cannot be cloned.
 *
 * @param packed by `packArguments`
 * @returns undefined when there are none, or the arguments do not let themselves be walked through
 */
export function packNested(packed: PackedArguments): PackedArguments | undefined {
  try {
    const nested = new NestedArguments(packed)
    return nested.places.length > packed.args.shared.length ? nested.packed : undefined
  } catch {
    return undefined
  }
}

class NestedArguments {
  readonly places: SharedPlace[]
  readonly #originals: object[]
  readonly #transfer: Set<Transferable>
  readonly #values: unknown[] = []
  readonly #copies = new Map<object, object>()

  constructor({ args, transfer, originals }: PackedArguments) {
    this.#originals = [...originals]
    this.#transfer = new Set(transfer)
    this.places = args.shared.map(({ key }) => ({ holder: this.#values, key }))
    // What is moved is not copied, and neither are forms that are shared already.
    for (const it of [...transfer, ...args.shared.map(({ key }) => args.values[key as number])]) {
      this.#copies.set(it as object, it as object)
    }
    for (const value of args.values) this.#values.push(this.#copyOf(value))
  }

  get packed(): PackedArguments {
    const args = { values: this.#values, shared: this.places }
    return { args, transfer: [...this.#transfer], originals: this.#originals }
  }

  #copyOf(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const known = this.#copies.get(value)
    if (known) return known
    if (Array.isArray(value)) return this.#copyProperties(value, new Array(value.length))
    if (types.isMap(value)) return this.#copyMap(value)
    const prototype = Object.getPrototypeOf(value)
    return prototype === Object.prototype || prototype === null ? this.#copyProperties(value, {}) : value
  }

  #copyProperties(value: object, copy: object): object {
    this.#copies.set(value, copy)
    for (const [key, held] of Object.entries(value)) {
      const property = { value: this.#partOf(copy, key, held), writable: true, enumerable: true, configurable: true }
      Object.defineProperty(copy, key, property)
    }
    return copy
  }

  #copyMap(value: Map<unknown, unknown>): object {
    const copy = new Map<unknown, unknown>()
    this.#copies.set(value, copy)
    for (const [key, held] of value) copy.set(key, this.#partOf(copy, key, held))
    return copy
  }

  #partOf(holder: object, key: unknown, part: unknown): unknown {
    const form = shareOf(part)
    if (!form) return this.#copyOf(part)
    this.places.push({ holder, key })
    this.#originals.push(part as object)
    for (const it of transferListOf(form.state)) this.#transfer.add(it)
    return form
  }
}
