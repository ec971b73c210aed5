/** What has been asked of a task, or of what is stepped like one, that came between its coroutine and what it waits for. */
export class Interruption {
  /** Whether a cancellation that found nothing to cancel is raised at the next step. */
  cancels = false
  /** Of the last such cancellation; it stays when the coroutine has swallowed that. */
  message: string | undefined
  /** The error of a wait that is not allowed, which is raised at the next step. */
  refusal: Error | undefined
  /** How often a task was cancelled, less how often that was taken back. */
  requests = 0
  /** Of `task.signal`. */
  abort: AbortController | undefined
}
