import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import type { Task } from './task.ts'

/** What subscribers of the tracing channel `fosen:event-loop:task` get of a task; one object for all of its events. */
export interface TaskTrace {
  readonly task: Task<unknown>
  result?: unknown
  error?: unknown
}

const channel = tracingChannel<TaskTrace>('fosen:event-loop:task')

// Bun says it of the five channels alone.
const isHeard = (tracing: TracingChannel<unknown, object>): boolean =>
  tracing.hasSubscribers ??
  [tracing.start, tracing.end, tracing.asyncStart, tracing.asyncEnd, tracing.error].some(it => it.hasSubscribers)

const traces = new WeakMap<Task<unknown>, TaskTrace>()

/** Publishes that a task was made: `start` and `end`. */
export function traceTask(task: Task<unknown>): void {
  if (!isHeard(channel)) return
  const trace: TaskTrace = { task }
  traces.set(task, trace)
  channel.start.publish(trace)
  channel.end.publish(trace)
}

/** Publishes that it is done: `error` if it has failed or was cancelled, then `asyncStart` and `asyncEnd`. */
export function traceTaskEnd(task: Task<unknown>): void {
  const trace = isHeard(channel) ? traces.get(task) : undefined
  if (!trace) return
  const { failed, value } = task.outcome
  if (failed || task.cancelled()) {
    trace.error = value
    channel.error.publish(trace)
  } else {
    trace.result = value
  }
  channel.asyncStart.publish(trace)
  channel.asyncEnd.publish(trace)
}
