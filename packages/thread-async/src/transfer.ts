import { MessagePort, type Transferable } from 'node:worker_threads'

const key = Symbol.for('fosen.transfer/1')
const globals = globalThis as { [key]?: WeakMap<object, readonly Transferable[]> }
globals[key] ??= new WeakMap()
const marked = globals[key]

/**
 * Marks an object, so that what is in the list is moved with it to the other thread instead of being cloned.
 *
 * That holds for an argument of a call, for the result of a function, and for what a generator function yields; for the
 * object itself, and not when it is a part of another one. The sender cannot use what was moved any more. When an entry
 * cannot be moved, the call fails with a DataCloneError, and nothing is moved.
 *
 * @param value the object; marking it again replaces its list
 * @param list ArrayBuffers (not their views), MessagePorts, streams: what `postMessage` can move
 * @returns `value`
 * @throws TypeError when `value` is no object, or `list` no array
 * @example
 * ```ts
 * import { asyncCall, transfer } from '@fosen/thread-async'
 *
 * const render = asyncCall(import.meta, function render(width: number, height: number) {
 *   const pixels = new Uint8Array(4 * width * height).fill(255)
 *   return transfer({ width, height, pixels }, [pixels.buffer])
 * })
 *
 * if (import.meta.main) {
 *   const { pixels } = await render(1920, 1080)
 *   console.log(pixels.length)
 * }
 * ```
 * ```text
 * 8294400
 * ```
 */
export function transfer<T extends object>(value: T, list: readonly Transferable[]): T {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`only an object moves what it holds, not ${value === null ? 'null' : typeof value}`)
  }
  if (!Array.isArray(list)) throw new TypeError(`a transfer list is an array, not ${typeof list}`)
  marked.set(value, [...list])
  return value
}

/** Whether something is moved with the value. */
export function isMarked(value: unknown): boolean {
  return typeof value === 'object' && value !== null && marked.has(value)
}

/** What is moved with a value that crosses to another thread: what it was marked with, and a port, which cannot be cloned. */
export function transferListOf(value: unknown): readonly Transferable[] {
  if (typeof value !== 'object' || value === null) return nothing
  const list = marked.get(value) ?? nothing
  return value instanceof MessagePort && !list.includes(value) ? [...list, value] : list
}

const nothing: readonly Transferable[] = []
