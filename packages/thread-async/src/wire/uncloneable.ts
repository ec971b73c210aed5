import { inspect, types } from 'node:util'
import { isMarkedAsUntransferable } from 'node:worker_threads'
import { transferListOf } from '../transfer.ts'
import { type Culprit, findCulprit } from './find-culprit.ts'

/**
 * The error of a call whose arguments could not be sent: a DataCloneError that names the path to the culprit.
 *
 * @param error what structured clone has thrown: the `cause`
 * @param name the function that was called
 */
export function uncloneableArguments(
  error: unknown,
  name: string,
  args: readonly unknown[],
  transfer: readonly unknown[],
): DOMException {
  const fault = faultOfList(transfer)
  if (fault) return explain(error, `the arguments of ${name}`, `their transfer list ${fault}`)
  for (const [index, value] of args.entries()) {
    const culprit = findCulprit(value, transfer)
    if (culprit) return explain(error, `argument ${index + 1} of ${name}`, describe(culprit))
  }
  return explain(error, `the arguments of ${name}`)
}

/**
 * As `uncloneableArguments`, for one value.
 *
 * @param what that value: `the result of resize`
 */
export function uncloneable(error: unknown, what: string, value: unknown): DOMException {
  const transfer = transferListOf(value)
  const fault = faultOfList(transfer)
  if (fault) return explain(error, what, `its transfer list ${fault}`)
  const culprit = findCulprit(value, transfer)
  return explain(error, what, culprit && describe(culprit))
}

function explain(cause: unknown, what: string, why = cause instanceof Error ? cause.message : inspect(cause)) {
  const error = new DOMException(`${what} could not be cloned: ${why}`, { name: 'DataCloneError', cause })
  // A stack has ten lines: those that say nothing would take the place of the caller's.
  Error.captureStackTrace(error, explain)
  return error
}

function describe({ path, fault, holder }: Culprit): string {
  const what = `${path || 'it'} ${fault}`
  return holder ? `${what} (${holder.path || 'it'} is ${holder.name})` : what
}

/** What is wrong with a transfer list, where that can be seen. */
function faultOfList(transfer: readonly unknown[]): string | undefined {
  for (const entry of transfer) {
    if (typeof entry !== 'object' || entry === null) return `holds ${String(entry)}, which is no object`
    if (ArrayBuffer.isView(entry)) return `holds a ${entry.constructor.name}: list its buffer`
    if (types.isSharedArrayBuffer(entry)) return 'holds a SharedArrayBuffer, which is never moved'
    if (types.isArrayBuffer(entry) && entry.detached) return 'holds an ArrayBuffer that was moved before'
    if (isMarkedAsUntransferable(entry)) return `holds an object that was marked as untransferable`
    if (isData(entry)) return `holds ${Array.isArray(entry) ? 'an array' : 'a plain object'}: list what it holds`
  }
  return undefined
}

const isData = (value: object) => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
