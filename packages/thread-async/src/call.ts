import type { Transferable } from 'node:worker_threads'
import type { Deadline } from './deadline.ts'
import type { Reference } from './portable.ts'
import type { ThreadFuture } from './thread-future.ts'
import type { ThreadStream } from './thread-stream.ts'
import type { PackedArguments } from './wire/wire-arguments.ts'

/** A call on its way to a thread and back. */
export interface Call {
  readonly reference: Reference
  /** The arguments as they were given. */
  readonly given: readonly unknown[]
  readonly future: ThreadFuture<unknown>
  /** Where its values go, when it is a stream. */
  stream: ThreadStream<unknown, unknown> | undefined
  /** Milliseconds that it may run. */
  readonly timeout: number
  /** Milliseconds that it may go on running once it is cancelled; then its thread is ended. */
  readonly grace: number
  /** What is moved with the arguments, besides what these were marked with. */
  readonly transfer: readonly Transferable[]
  /** Whether it is one for a message, whatever its arguments. */
  readonly needsMessage: boolean
  /** The arguments ready to be sent in a message; undefined before it is known that they are. */
  packed: PackedArguments | undefined
  /** The arguments as they are written into the pool's memory, of a call that waits for room there. */
  kept: Uint8Array | undefined
  /** Whether code of the user runs for it, which reads its arguments: what that code does must not send it once more. */
  isRead: boolean
  /** Which of the pool's calls it is; 0 before it is sent. */
  id: number
  /** Its place in the pool's memory; -1 when it has none. */
  slot: number
  /** When something is done about it: it is cancelled, or its thread is ended. */
  deadline: Deadline | undefined
}
