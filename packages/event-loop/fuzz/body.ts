import { coroutine } from '@fosen/coroutine'
import {
  type Awaitable,
  asCompleted,
  type CoGenerator,
  currentTask,
  isCancelled,
  type Timeout,
  taskGroup,
  timeout,
} from '@fosen/event-loop'
import { runOp } from './ops.ts'
import { type Block, callee, type Program, type Step, type SyncStep, type Try, textOf } from './program.ts'
import { awaitable, awaitables, type Waiter } from './waits.ts'
import { errorOf, type World } from './world.ts'

/** Runs a body as part of the current task, whose number is `me`. */
export const body = coroutine(function* body(
  program: Program,
  world: World,
  index: number,
  me: number,
): CoGenerator<unknown> {
  const task = currentTask()
  task?.setName(`T${me}`)
  world.tasks[me] = task
  world.say(me, 'starts', task, world.seen())
  try {
    const returned = yield* new Steps(program, world, index, me).run(program.bodies[index] as Block)
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

/** What a `try` catches. */
const catchers: Readonly<Record<Try['catches'], (error: unknown) => boolean>> = {
  cancellation: isCancelled,
  errors: error => !isCancelled(error),
  everything: () => true,
  nothing: () => false,
}

/** Runs the steps of a body, as to-python.ts prints them. */
class Steps implements Waiter {
  readonly world: World
  readonly me: number
  readonly #program: Program
  readonly #body: number

  constructor(program: Program, world: World, body: number, me: number) {
    this.world = world
    this.me = me
    this.#program = program
    this.#body = body
  }

  call(number: number, detached: boolean): Awaitable<unknown> | undefined {
    const index = callee(this.#program, this.#body, number)
    if (index === undefined) return undefined
    return body(this.#program, this.world, index, detached ? this.world.new() : this.me)
  }

  *run(block: Block): CoGenerator<Returned | undefined> {
    for (const step of block) {
      const returned = yield* this.#step(step)
      if (returned) return returned
    }
    return undefined
  }

  *#step(step: Step): CoGenerator<Returned | undefined> {
    const { world, me } = this
    switch (step.kind) {
      case 'await':
        try {
          world.say(me, textOf(step.wait), yield* awaitable(this, step.wait))
        } catch (error) {
          if (!step.guarded || isCancelled(error)) throw error
          world.say(me, textOf(step.wait), error)
        }
        return undefined
      case 'asCompleted':
        return yield* this.#asCompleted(step)
      case 'try':
        return yield* this.#try(step)
      case 'timeout': {
        let scope: Timeout | undefined
        try {
          return yield* timeout(step.ms ?? undefined, given => {
            scope = given
            world.scopes.push(given)
            return this.run(step.body)
          })
        } finally {
          world.say(me, 'timeout', scope?.expired(), scope?.when(), currentTask()?.cancelling())
        }
      }
      case 'group': {
        const returned = yield* taskGroup(group => {
          world.groups.push(group)
          return this.run(step.body)
        })
        if (!returned) world.say(me, 'group', currentTask()?.cancelling())
        return returned
      }
      case 'with': {
        const guard = step.guard === 'barrier' ? world.barrier : world.guards[step.guard]
        const body = (given?: number) => {
          world.say(me, `has ${step.guard}`, given)
          return this.run(step.body)
        }
        const returned = yield* guard.with(body)
        if (!returned) world.say(me, `left ${step.guard}`)
        return returned
      }
      case 'repeat':
        for (let i = 0; i < step.times; i++) {
          const returned = yield* this.run(step.body)
          if (returned) return returned
        }
        return undefined
      case 'return':
        return step
      default:
        this.#stepSync(step)
        return undefined
    }
  }

  /** In the task with that number. */
  #as(me: number): Steps {
    return new Steps(this.#program, this.world, this.#body, me)
  }

  #stepSync(step: SyncStep): void {
    const { world, me } = this
    switch (step.kind) {
      case 'op':
        runOp(world, me, step.op)
        break
      case 'spawn':
        world.spawn(me, child => awaitable(this.#as(child), step.wait) as CoGenerator<unknown>, step)
        break
      case 'callback':
        world.schedule(me, step.when, () => {
          for (const each of step.body) this.#stepSync(each)
        })
        break
      case 'raise':
        throw errorOf(step.error, step.message)
    }
  }

  *#try({ body, catches, handler, reraises, final }: Try): CoGenerator<Returned | undefined> {
    const { world, me } = this
    try {
      return yield* this.run(body)
    } catch (error) {
      if (!catchers[catches](error)) throw error
      world.say(me, 'catches', error, (error as Error).cause)
      const returned = yield* this.run(handler)
      if (reraises && !returned) throw error
      return returned
    } finally {
      if (catches === 'nothing' || final.length > 0) {
        world.say(me, 'finally')
        yield* this.run(final)
      }
    }
  }

  *#asCompleted(step: Step & { kind: 'asCompleted' }): CoGenerator<undefined> {
    const { world, me } = this
    const completed = asCompleted(awaitables(this, step.of), { timeout: step.timeout ?? undefined })
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
}
