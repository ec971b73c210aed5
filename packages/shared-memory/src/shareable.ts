/**
 * How an object travels to another thread by reference: as a small state that both sides hold, such as shared memory. A
 * state that is a MessagePort is transferred.
 */
export interface ShareableCodec<T, S> {
  /** What crosses: a value that structured clone takes, with the shared memory or the port in it. */
  share(value: T): S
  /** The object of the other thread, made of that state. */
  receive(state: S): T
}

/** What crosses a thread boundary in the place of a shareable object. */
export interface Shared {
  /** URL of the module that makes the class shareable; the other thread imports it. */
  readonly module: string
  readonly name: string
  readonly state: unknown
}

/** An object knows its shared form by this method; registered, so that copies of this package agree. */
const share = Symbol.for('fosen.share')

type Registry = Map<string, (state: never) => unknown>
const registryKey = Symbol.for('fosen.shareable/1')
const globals = globalThis as { [registryKey]?: Registry }
globals[registryKey] ??= new Map()
const registry = globals[registryKey]

/** Modules that were imported to receive something. */
const imported = new Set<string>()

const keyOf = (module: string, name: string) => `${module}#${name}`

/**
 * Makes the objects of a class pass by reference when they are arguments of a call in another thread.
 *
 * Call it once for a class, in the module that defines the class: the other thread imports that module to receive them.
 * A part of an argument would be cloned, as a plain object: have the constructor call `markAsUncloneable(this)`, of
 * `node:worker_threads`, and it passes by reference as well, in arrays, plain objects and values of Maps.
 *
 * @param meta `import.meta` of the module that defines the class
 * @param Class the class; subclasses are not included
 * @param codec what crosses, and how the other side makes an object of it
 * @throws Error when the module made another class of this name shareable
 * @example
 * ```ts
 * import { receive, shareable, shareOf } from '@fosen/shared-memory'
 *
 * class Counter {
 *   readonly cells: Int32Array
 *   constructor(buffer = new SharedArrayBuffer(4)) {
 *     this.cells = new Int32Array(buffer)
 *   }
 *   increment() {
 *     return Atomics.add(this.cells, 0, 1) + 1
 *   }
 * }
 * shareable(import.meta, Counter, {
 *   share: counter => counter.cells.buffer as SharedArrayBuffer,
 *   receive: buffer => new Counter(buffer),
 * })
 *
 * const counter = new Counter()
 * counter.increment()
 * const same = (await receive(shareOf(counter)!)) as Counter
 * console.log(same.increment())
 * ```
 * ```text
 * 2
 * ```
 */
export function shareable<T extends object, S>(
  meta: { readonly url: string },
  Class: abstract new (...args: never[]) => T,
  codec: ShareableCodec<T, S>,
): void {
  const { name } = Class
  const key = keyOf(meta.url, name)
  if (registry.has(key)) throw new Error(`${meta.url} has made a class named ${name} shareable already`)
  registry.set(key, codec.receive)
  Object.defineProperty(Class.prototype, share, {
    value(this: T): Shared | undefined {
      // A subclass inherits the method, but not a way to be made over there.
      if (Object.getPrototypeOf(this) !== Class.prototype) return undefined
      return { module: meta.url, name, state: codec.share(this) }
    },
  })
}

/** The form in which `value` crosses to another thread by reference; undefined when it is not shareable. */
export function shareOf(value: unknown): Shared | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as { [share]?: () => Shared | undefined })[share]?.()
}

/**
 * Makes this thread's object of what `shareOf` gave in another thread.
 *
 * @throws Error when the module named in it makes no class of that name shareable
 * @throws whatever the import of the module throws
 */
export async function receive(shared: Shared): Promise<unknown> {
  const key = keyOf(shared.module, shared.name)
  // One that was imported here is asked again: it may have failed after it made its class shareable.
  if (!registry.has(key) || imported.has(shared.module)) {
    imported.add(shared.module)
    await import(shared.module)
  }
  const make = registry.get(key)
  if (!make) throw new Error(`${shared.module} makes no class named ${shared.name} shareable`)
  return make(shared.state as never)
}
