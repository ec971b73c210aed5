import type { OperationEvent } from '../job.ts'

/** What its start and its end have in common, and no other operation of the run has. */
export function operationKey({ pid, threadId, operation }: OperationEvent): string {
  return `${pid} ${threadId} ${operation}`
}
