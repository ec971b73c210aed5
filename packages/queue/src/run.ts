import type { Work } from './work.ts'

/** A handler that runs, with what it was called for. */
export class Run<T> {
  work: Work<T>
  /** What its signals were aborted with when its time was over. */
  overdue: Error | undefined
  /** Whether nobody waits for it any longer, since its grace was over, too. */
  isAbandoned = false
  /** Whether its messages were given back while it ran. */
  isHandedBack = false

  constructor(work: Work<T>) {
    this.work = work
  }
}
