export { type AsCompleted, type AsCompletedOptions, asCompleted } from './as-completed.ts'
export type { AsyncFunction, Awaitable, AwaitedOf, Body, Co, CoGenerator, Suspend } from './awaitable.ts'
export { BlockingEventLoop } from './blocking-event-loop.ts'
export {
  type CallGraphOptions,
  captureCallGraph,
  type FrameCallGraphEntry,
  type FutureCallGraph,
} from './call-graph.ts'
export { isCancelled } from './cancelled-error.ts'
export { Context, copyContext } from './context/context.ts'
export { ContextVar, Token } from './context/context-var.ts'
export { createTask } from './create-task.ts'
export { eagerTaskFactory } from './eager-task-factory.ts'
export { ensureFuture } from './ensure-future.ts'
export {
  BrokenBarrierError,
  CancelledError,
  DeadlockError,
  InvalidStateError,
  KeyboardInterrupt,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  TimeoutError,
} from './errors.ts'
export { EventLoop } from './event-loop.ts'
export { type ExceptionCondition, ExceptionGroup } from './exception-group.ts'
export { formatCallGraph, printCallGraph } from './format-call-graph.ts'
export { fromPromise } from './from-promise.ts'
export { Future, isFuture } from './future.ts'
export { gather } from './gather.ts'
export { BaseEventLoop, type TaskFactory } from './loop/base-event-loop.ts'
export type { ExceptionHandler } from './loop/exception-reports.ts'
export { Handle, TimerHandle } from './loop/handle.ts'
export { currentTask, getRunningLoop } from './loop/running-loop.ts'
export type { ExceptionContext } from './loop/unretrieved.ts'
export { newEventLoop } from './new-event-loop.ts'
export { LifoQueue } from './queues/lifo-queue.ts'
export { PriorityQueue, type PriorityQueueOptions } from './queues/priority-queue.ts'
export { Queue, type QueueOptions } from './queues/queue.ts'
export type { QueueItems } from './queues/queue-items.ts'
export { run } from './run.ts'
export { type RunnableLoop, Runner, type RunnerOptions } from './runner.ts'
export { shield } from './shield.ts'
export { sleep } from './sleep.ts'
export { Barrier } from './sync/barrier.ts'
export { BoundedSemaphore } from './sync/bounded-semaphore.ts'
export { Condition } from './sync/condition.ts'
export { Event } from './sync/event.ts'
export { Lock } from './sync/lock.ts'
export { Semaphore } from './sync/semaphore.ts'
export { allTasks, Task, type TaskOptions } from './task.ts'
export { TaskGroup, taskGroup } from './task-group.ts'
export type { TaskTrace } from './task-trace.ts'
export { LoopThread, type LoopThreadOptions, type ThreadHandle } from './threads/loop-thread.ts'
export { runCoroutineThreadsafe } from './threads/run-coroutine-threadsafe.ts'
export { toThread } from './threads/to-thread.ts'
export { wrapFuture } from './threads/wrap-future.ts'
export { Timeout, timeout, timeoutAt } from './timeout.ts'
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  type Waited,
  type WaitOptions,
  wait,
} from './wait.ts'
export { waitFor } from './wait-for.ts'
