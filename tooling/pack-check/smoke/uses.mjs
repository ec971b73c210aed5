import { useAsyncFunctions } from './async-functions.mjs'
import { useCoroutines } from './coroutines.mjs'
import { useEventLoops, useLoopThreads } from './event-loops.mjs'
import { useQueues } from './queues.mjs'
import { useRedis } from './redis.mjs'
import { useSharedDeques, useSharedDequesOfAnything } from './shared-deques.mjs'
import {
  useBlockingResults,
  useCallerStacks,
  useCalls,
  useCancellation,
  useErrors,
  useMutexes,
  useStreams,
  useThreadDeaths,
  useThreadDeathsWhileBlocked,
} from './threads.mjs'
import { useTracing } from './tracing.mjs'

/** What users do with the packages, by what the README calls it. */
export const uses = {
  'coroutine: `send`, `raise`, `close`, `yieldFrom`': useCoroutines,
  'thread-async: calls in threads, `transfer`, `stats`': useCalls,
  'thread-async: errors keep their class, and name what cannot be cloned': useErrors,
  'thread-async: errors show where the call was awaited': useCallerStacks,
  'thread-async: `result()`, which blocks': useBlockingResults,
  'thread-async: streams': useStreams,
  'thread-async: cancelled and timed calls': useCancellation,
  'thread-async: threads that die': useThreadDeaths,
  'thread-async: threads that die while `result()` blocks': useThreadDeathsWhileBlocked,
  'shared-memory: `Mutex` between threads': useMutexes,
  'event-loop: coroutines': useEventLoops,
  'event-loop: async functions, cancellation, contexts': useAsyncFunctions,
  'event-loop: `LoopThread`': useLoopThreads,
  'queue and queue-deque: `Deque`, `DequeQueue`, `consume`': useQueues,
  'queue-deque: `SharedDeque` of strings and numbers': useSharedDeques,
  'queue-deque: `SharedDeque` of Maps, Dates, typed arrays': useSharedDequesOfAnything,
  'tracing channels of calls, tasks and messages': useTracing,
  'queue-redis: tells at once that there is no Redis': useRedis,
}
