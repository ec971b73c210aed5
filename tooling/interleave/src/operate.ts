import { type Operation, real } from './intercept.ts'

/** What has come of an operation. */
export type Done =
  | { readonly type: 'operated'; readonly operation: Operation; readonly result: unknown }
  | { readonly type: 'sleeps'; readonly operation: Operation; readonly timeout: number }
  | { readonly type: 'threw'; readonly error: unknown }

/** Wakes the first who sleep at this byte of the buffer; gives how many. */
export type Notify = (buffer: SharedArrayBuffer, byte: number, most: number) => number

/** Does an operation as Atomics does it, but for its effect on threads: one that waits is said to sleep. */
export function operate(operation: Operation, notify: Notify): Done {
  const { name, view, args } = operation
  try {
    if (name === 'waitAsync') throw new Error('waitAsync blocks nobody: what comes of it cannot be explored')
    // A wait for no time tells whether it would sleep.
    const result = real[name]?.(view, ...(name === 'wait' ? [args[0], args[1], 0] : args))
    if (name === 'wait' && result === 'timed-out') {
      const timeout = numberOr(Number.POSITIVE_INFINITY, args[2])
      if (timeout > 0) return { type: 'sleeps', operation, timeout }
    }
    if (name !== 'notify') return { type: 'operated', operation, result }
    const most = Math.max(0, numberOr(Number.POSITIVE_INFINITY, args[1]))
    return { type: 'operated', operation, result: notify(view.buffer, byteOf(operation), most) }
  } catch (error) {
    return { type: 'threw', error }
  }
}

/** Where in its buffer an operation takes place. */
export function byteOf({ view, args }: Operation): number {
  return view.byteOffset + Number(args[0]) * view.BYTES_PER_ELEMENT
}

function numberOr(otherwise: number, given: unknown): number {
  return given === undefined || Number.isNaN(Number(given)) ? otherwise : Number(given)
}
