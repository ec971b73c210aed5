import { coroutine } from '@fosen/coroutine'
import {
  type Awaitable,
  allTasks,
  asCompleted,
  type CoGenerator,
  currentTask,
  eagerTaskFactory,
  type Future,
  gather,
  isCancelled,
  shield,
  sleep,
  type Timeout,
  taskGroup,
  timeout,
  type Waited,
  wait,
  waitFor,
} from '@fosen/event-loop'
import { runOp } from './ops.ts'
import { type Block, callee, type Program, type Step, type SyncStep, type Try, textOf, type Wait } from './program.ts'
import { at, errorOf, World } from './world.ts'

/** Runs a program on fosen, in virtual time, and gives its trace. */
export function runFosen(program: Program): string[] {
  const world = new World()
  const { loop, trace } = world
  try {
    trace.returned(loop.runUntilCompleteSync(main(program, world)))
  } catch (error) {
    trace.raised(error)
  }
  const lines = [...trace.lines]
  loop.close()
  return lines
}

const main = coroutine(function* main(program: Program, world: World): CoGenerator<void> {
  const { loop } = world
  if (program.eager) loop.setTaskFactory(eagerTaskFactory)
  for (const [i] of program.bodies.entries()) world.spawn('main', me => body(program, world, i, me))
  yield* sleep(100)
  help(world)
  yield* sleep(1000)
  world.report()
  for (const task of allTasks()) if (task !== currentTask()) task.cancel('end')
  yield* sleep(1000)
  world.report()
})

/** Wakes what may wait for something that no task does. */
function help(world: World) {
  for (const [i] of world.futures.entries()) runOp(world, 'main', { name: 'setResult', args: [i, 9] })
  runOp(world, 'main', { name: 'setFlag', args: [] })
  for (const queue of ['queue', 'priority', 'lifo'] as const) {
    runOp(world, 'main', { name: 'putNowait', args: [queue, 9] })
  }
}

const body = coroutine(function* body(program: Program, world: World, index: number, me: number): CoGenerator<unknown> {
  const task = currentTask()
  task?.setName(`T${me}`)
  world.tasks[me] = task
  world.say(me, 'starts', task, world.seen())
  try {
    const returned = yield* new Runner(program, world, index).run(program.bodies[index] as Block, me)
    world.say(me, 'returns', returned?.value)
    return returned?.value
  } catch (error) {
    world.say(me, 'raises', error)
    throw error
  }
})

/** That the body returns. */
interface Returned {
  readonly value: number
}

/** Runs the steps of a body, as to-python.ts prints them. */
class Runner {
  readonly #program: Program
  readonly #world: World
  readonly #body: number

  constructor(program: Program, world: World, body: number) {
    this.#program = program
    this.#world = world
    this.#body = body
  }

  *run(block: Block, me: number): CoGenerator<Returned | undefined> {
    for (const step of block) {
      const returned = yield* this.#step(step, me)
      if (returned) return returned
    }
    return undefined
  }

  *#step(step: Step, me: number): CoGenerator<Returned | undefined> {
    const world = this.#world
    switch (step.kind) {
      case 'await':
        try {
          world.say(me, textOf(step.wait), yield* this.#wait(step.wait, me))
        } catch (error) {
          if (!step.guarded || isCancelled(error)) throw error
          world.say(me, textOf(step.wait), error)
        }
        return undefined
      case 'asCompleted':
        return yield* this.#asCompleted(step, me)
      case 'try':
        return yield* this.#try(step, me)
      case 'timeout': {
        let scope: Timeout | undefined
        try {
          return yield* timeout(step.ms ?? undefined, given => {
            scope = given
            world.scopes.push(given)
            return this.run(step.body, me)
          })
        } finally {
          world.say(me, 'timeout', scope?.expired(), scope?.when(), currentTask()?.cancelling())
        }
      }
      case 'group': {
        const returned = yield* taskGroup(group => {
          world.groups.push(group)
          return this.run(step.body, me)
        })
        if (!returned) world.say(me, 'group', currentTask()?.cancelling())
        return returned
      }
      case 'with': {
        const guard = step.guard === 'barrier' ? world.barrier : world.guards[step.guard]
        const body = (given?: number) => {
          world.say(me, `has ${step.guard}`, given)
          return this.run(step.body, me)
        }
        const returned = yield* guard.with(body)
        if (!returned) world.say(me, `left ${step.guard}`)
        return returned
      }
      case 'repeat':
        for (let i = 0; i < step.times; i++) {
          const returned = yield* this.run(step.body, me)
          if (returned) return returned
        }
        return undefined
      case 'return':
        return step
      default:
        this.#stepSync(step, me)
        return undefined
    }
  }

  #stepSync(step: SyncStep, me: number): void {
    const world = this.#world
    switch (step.kind) {
      case 'op':
        runOp(world, me, step.op)
        break
      case 'spawn':
        world.spawn(me, child => this.#wait(step.wait, child) as CoGenerator<unknown>, step.eager, step.group)
        break
      case 'callback':
        world.schedule(me, step.when, () => {
          for (const each of step.body) this.#stepSync(each, me)
        })
        break
      case 'raise':
        throw errorOf(step.error, step.message)
    }
  }

  *#try({ body, catches, handler, reraises, final }: Try, me: number): CoGenerator<Returned | undefined> {
    const world = this.#world
    try {
      return yield* this.run(body, me)
    } catch (error) {
      if (catches === 'nothing' || ((catches === 'errors') === isCancelled(error) && catches !== 'everything'))
        throw error
      world.say(me, 'catches', error, (error as Error).cause)
      const returned = yield* this.run(handler, me)
      if (reraises && !returned) throw error
      return returned
    } finally {
      if (catches === 'nothing' || final.length > 0) {
        world.say(me, 'finally')
        yield* this.run(final, me)
      }
    }
  }

  *#asCompleted(step: Step & { kind: 'asCompleted' }, me: number): CoGenerator<undefined> {
    const world = this.#world
    const completed = asCompleted(this.#list(step.of, me), { timeout: step.timeout ?? undefined })
    if (!step.async) {
      for (const each of completed) world.say(me, 'completed', yield* each)
      return
    }
    const steps = completed[Symbol.asyncIterator]()
    for (;;) {
      const { done, value } = yield* steps.next()
      if (done) return
      world.say(me, 'completed', world.label(value), world.stateOf(value))
    }
  }

  /** @param detached in a task of its own, so that a body has a number of its own */
  #wait(what: Wait, me: number, detached = false): Awaitable<unknown> {
    const world = this.#world
    switch (what.name) {
      case 'sleep':
        return sleep(...what.args)
      case 'future':
        return at(world.futures, what.args[0]) as Awaitable<unknown>
      case 'younger':
        return world.younger(me, what.args[0])
      case 'call': {
        const index = callee(this.#program, this.#body, what.args[0])
        return index === undefined ? sleep(0) : body(this.#program, world, index, detached ? world.new() : me)
      }
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
        return world.outer(gather(this.#list(what.args[0], me), { returnExceptions: what.args[1] }))
      case 'shield':
        return world.outer(shield(this.#wait(what.args[0], me, true)))
      case 'waitFor':
        return waitFor(this.#wait(what.args[0], me, detached), what.args[1] ?? undefined)
      case 'wait': {
        const [futures, returnWhen, ms] = what.args
        return waited(
          world,
          wait(this.#list(futures, me) as Future<unknown>[], { returnWhen, timeout: ms ?? undefined }),
        )
      }
    }
  }

  #list(waits: readonly Wait[], me: number): Awaitable<unknown>[] {
    return waits.map(wait => this.#wait(wait, me, true))
  }
}

const waited = coroutine(function* waited(
  world: World,
  waiting: Awaitable<Waited<Future<unknown>>>,
): CoGenerator<unknown> {
  const { done, pending } = yield* waiting
  return [done, pending].map(futures => [...futures].map(future => world.label(future)))
})
