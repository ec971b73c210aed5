import type { Call } from './call.ts'
import { WorkerCrashedError } from './errors.ts'
import type { PoolThread, PoolThreadEnd } from './pool-thread.ts'
import type { SentCalls } from './sent-calls.ts'

/**
 * Takes a call from a thread that is no more. Gives what settles it: with its result when the thread had finished it, and
 * with a WorkerCrashedError otherwise.
 */
export function takeFromDead(call: Call, thread: PoolThread, end: PoolThreadEnd, sent: SentCalls): () => void {
  const { slot, future, reference } = call
  const isDone = slot >= 0 && sent.memory.ring.isDone(slot)
  const result = isDone ? sent.memory.result(slot) : undefined
  if (slot >= 0) sent.release(call)
  call.deadline?.clear()
  if (isDone) return () => future.setResult(result)
  const { exitCode, error } = end
  const how =
    error !== undefined ? ' with an uncaught error' : exitCode === undefined ? '' : ` with exit code ${exitCode}`
  const cause = error === undefined ? undefined : { cause: error }
  const crash = new WorkerCrashedError(`thread ${thread.name} ended${how} while it ran ${reference.name}`, cause)
  return () => future.setException(crash)
}
