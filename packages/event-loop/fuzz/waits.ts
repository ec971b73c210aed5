import { coroutine } from '@fosen/coroutine'
import {
  type Awaitable,
  type CoGenerator,
  type Future,
  gather,
  shield,
  sleep,
  type Waited,
  wait,
  waitFor,
} from '@fosen/event-loop'
import type { Wait } from './program.ts'
import { at, type World } from './world.ts'

/** Who waits. */
export interface Waiter {
  readonly world: World
  /** The number of the task that runs it. */
  readonly me: number
  /** The body with a number, as it sees them; undefined when there is none. */
  call(number: number, detached: boolean): Awaitable<unknown> | undefined
}

/**
 * What is waited for: a future, or a coroutine that has not begun.
 *
 * @param detached in a task of its own, so that a body has a number of its own
 */
export function awaitable(waiter: Waiter, what: Wait, detached = false): Awaitable<unknown> {
  const { world, me } = waiter
  switch (what.name) {
    case 'sleep':
      return sleep(...what.args)
    case 'future':
      return at(world.futures, what.args[0]) as Awaitable<unknown>
    case 'younger':
      return world.younger(me, what.args[0])
    case 'call':
      return waiter.call(what.args[0], detached) ?? sleep(0)
    case 'acquire':
      return world.guards[what.args[0]].acquire()
    case 'flagged':
      return world.event.wait()
    case 'notified':
      return world.condition.wait()
    case 'counted':
      return world.condition.waitFor(() => world.counted(me, what.args[0]))
    case 'put':
      return world.queues[what.args[0]].put(what.args[1])
    case 'get':
    case 'join':
      return world.queues[what.args[0]][what.name]()
    case 'meet':
      return world.barrier.wait()
    case 'resetBarrier':
      return world.barrier.reset()
    case 'abortBarrier':
      return world.barrier.abort()
    case 'gather':
      return world.outer(gather(awaitables(waiter, what.args[0]), { returnExceptions: what.args[1] }))
    case 'shield':
      return world.outer(shield(awaitable(waiter, what.args[0], true)))
    case 'waitFor':
      return waitFor(awaitable(waiter, what.args[0], detached), what.args[1] ?? undefined)
    case 'wait': {
      const [futures, returnWhen, ms] = what.args
      const options = { returnWhen, timeout: ms ?? undefined }
      return waited(world, wait(awaitables(waiter, futures) as Future<unknown>[], options))
    }
  }
}

/** Each in a task of its own. */
export function awaitables(waiter: Waiter, waits: readonly Wait[]): Awaitable<unknown>[] {
  return waits.map(wait => awaitable(waiter, wait, true))
}

const waited = coroutine(function* waited(
  world: World,
  waiting: Awaitable<Waited<Future<unknown>>>,
): CoGenerator<unknown> {
  const { done, pending } = yield* waiting
  return [done, pending].map(futures => [...futures].map(future => world.label(future)))
})
