import { allTasks, copyContext, currentTask } from '@fosen/event-loop'
import type { Op, Ops } from './program.ts'
import { at, errorOf, type World } from './world.ts'

/** Takes a step that is done at once, and logs what it gives or throws. */
export function runOp(world: World, me: number | 'main', { name, args }: Op): void {
  let result: unknown
  try {
    result = (ops[name] as (world: World, ...args: unknown[]) => unknown)(world, ...args)
  } catch (error) {
    result = error
  }
  world.say(me, name, ...args, '->', result)
}

/** As OPS in prelude.py. */
const ops: { readonly [K in keyof Ops]: (world: World, ...args: Ops[K]) => unknown } = {
  cancel: (world, kind, index, message) => world.choose(kind, index)?.cancel(message ?? undefined),
  uncancel: (world, index) => world.task(index)?.uncancel(),
  cancelling: (world, index) => world.task(index)?.cancelling(),
  state: (world, kind, index) => world.stateOf(world.choose(kind, index)),
  setResult: (world, index, value) => at(world.futures, index)?.setResult(value),
  setException: (world, index, name, message) => at(world.futures, index)?.setException(errorOf(name, message)),
  release: ({ guards }, guard) => guards[guard].release(),
  locked: ({ guards }, guard) => guards[guard].locked(),
  notify: ({ condition }, count) => condition.notify(count),
  notifyAll: ({ condition }) => condition.notifyAll(),
  setFlag: ({ event }) => event.set(),
  clearFlag: ({ event }) => event.clear(),
  count: world => ++world.counter,
  putNowait: ({ queues }, queue, item) => queues[queue].putNowait(item),
  getNowait: ({ queues }, queue) => queues[queue].getNowait(),
  taskDone: ({ queues }, queue) => queues[queue].taskDone(),
  shutdown: ({ queues }, queue, immediate) => queues[queue].shutdown({ immediate }),
  size: ({ queues }, queue) => [queues[queue].qsize(), queues[queue].empty(), queues[queue].full()],
  barrierState: ({ barrier }) => [barrier.nWaiting, barrier.broken],
  reschedule({ scopes, loop }, index, delay) {
    const scope = at(scopes, index)
    scope?.reschedule(delay === null ? undefined : loop.time() + delay)
    return scope?.when()
  },
  setVariable({ variables, tokens }, index, value) {
    const token = at(variables, index)?.set(value)
    if (token) tokens.push(token)
  },
  getVariable: ({ variables }, index) => at(variables, index)?.get(),
  resetVariable({ tokens }, index) {
    const token = at(tokens, index)
    token?.var.reset(token)
  },
  copyContext({ contexts }) {
    contexts.push(copyContext())
  },
  removeCallback({ callbacks }, index) {
    const entry = at(callbacks, index)
    return entry?.target.removeDoneCallback(entry.callback)
  },
  cancelHandle: ({ handles }, index) => at(handles, index)?.cancel(),
  burst({ loop, trace }) {
    const timers = Array.from({ length: 150 }, (_, i) => loop.callLater((i * 7) % 11, trace.log, 'timer', i))
    for (const [i, timer] of timers.entries()) if (i % 25 > 0) timer.cancel()
  },
  flock({ loop, trace }) {
    for (let i = 0; i < 150; i++) {
      if (i % 50 === 0) loop.callSoon(trace.log, 'callback', i)
      else loop.callSoon(() => {})
    }
  },
  who(world) {
    const task = currentTask()
    return [task && world.label(task), allTasks().size]
  },
}
