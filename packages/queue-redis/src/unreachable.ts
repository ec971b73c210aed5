import { RedisConnectionError } from './errors.ts'
import { withoutSecrets } from './secrets.ts'

/** @param address of the server, without passwords */
export function unreachable(address: string, error: unknown): RedisConnectionError {
  const cause = withoutSecrets(error) as Error
  return new RedisConnectionError(`cannot reach Redis at ${address}: ${messageOf(cause)}`, { cause })
}

/** Of a host with several addresses each has failed, and the error itself says nothing; of a cluster, each node. */
export function messageOf(error: Error): string {
  const { errors, lastNodeError } = error as Partial<AggregateError & { lastNodeError: Error }>
  if (lastNodeError) return messageOf(lastNodeError)
  if (error.message !== '') return error.message
  return (errors ?? []).map(messageOf).join(', ') || String(error)
}
