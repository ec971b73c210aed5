import { inspect } from 'node:util'

/** A value on one line, for the message of an error and for who prints what has it. */
export function shown(value: unknown): string {
  return inspect(value, { depth: 0, maxStringLength: 60, maxArrayLength: 6, breakLength: Number.POSITIVE_INFINITY })
}
