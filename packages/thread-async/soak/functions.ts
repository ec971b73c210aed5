import { setTimeout as sleep } from 'node:timers/promises'
import { getEnvironmentData } from 'node:worker_threads'
import { currentCall, portable } from '@fosen/thread-async'

/** Under which each thread finds how often each call has run. */
export const runsKey = 'fosen.soak.runs'

const runs = getEnvironmentData(runsKey) as Int32Array<SharedArrayBuffer>
const begin = (id: number) => Atomics.add(runs, id, 1)

export const small = portable(import.meta, function small(id: number) {
  begin(id)
  return 2 * id
})
export const large = portable(import.meta, function large(id: number, text: string) {
  begin(id)
  return `${id} ${text}`
})
export const transferred = portable(import.meta, function transferred(id: number, bytes: Uint8Array) {
  begin(id)
  return bytes.byteLength + id
})
export const awaiting = portable(import.meta, async function awaiting(id: number, milliseconds: number) {
  begin(id)
  await sleep(milliseconds)
  return 2 * id
})
export const throwing = portable(import.meta, function throwing(id: number): number {
  begin(id)
  throw new RangeError(`of call ${id}`)
})
export const streaming = portable(import.meta, function* streaming(id: number, count: number) {
  begin(id)
  for (let i = 0; i < count; i++) yield id + i
  return id
})
/** Runs until it is cancelled, or for so many milliseconds. */
export const busy = portable(import.meta, function busy(id: number, milliseconds: number) {
  begin(id)
  const end = performance.now() + milliseconds
  while (performance.now() < end && !currentCall().cancelled);
  return 2 * id
})
