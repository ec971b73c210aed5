/** The key of the method that says how `util.inspect`, and with it console.log, shows an object. */
export const inspected: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never

/** What Python's `repr` shows of such an object, without its address: `<Lock [locked, waiters:2]>`. */
export function repr(object: object, state: string): string {
  return `<${object.constructor.name} ${state}>`
}
