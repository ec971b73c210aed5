import { tracingChannel } from 'node:diagnostics_channel'
import type { Task } from './task.ts'

/** What subscribers of the tracing channel `fosen:event-loop:task` get of a task; one object for all of its events. */
export interface TaskTrace {
  readonly task: Task<unknown>
  result?: unknown
  error?: unknown
}

const channel = tracingChannel<TaskTrace>('fosen:event-loop:task')

/** Publishes a task: `start` and `end` when it is made, `error` if it fails or is cancelled, `asyncStart` and `asyncEnd` when it is done. */
export function traceTask(task: Task<unknown>): void {
  if (!channel.hasSubscribers) return
  const trace: TaskTrace = { task }
  channel.start.publish(trace)
  channel.end.publish(trace)
  task.addWaiter({
    run() {
      const { failed, value } = task.outcome
      if (failed || task.cancelled()) {
        trace.error = value
        channel.error.publish(trace)
      } else {
        trace.result = value
      }
      channel.asyncStart.publish(trace)
      channel.asyncEnd.publish(trace)
    },
  })
}
