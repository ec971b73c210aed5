import { Trace } from '@fosen/cpython'
import {
  Barrier,
  BoundedSemaphore,
  CancelledError,
  type CoGenerator,
  Condition,
  type Context,
  ContextVar,
  Event,
  type Future,
  type Handle,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  RuntimeError,
  Semaphore,
  Task,
  type TaskGroup,
  type Timeout,
  TimeoutError,
  type Token,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import type { ErrorName, Guard, Kind, QueueName, Spawn, When } from './program.ts'

type AnyFuture = Future<unknown>

const mostTasks = 40

/** What the tasks of a program share, and what is logged of it: as prelude.py, on the other side. */
export class World {
  readonly trace = new Trace()
  readonly loop = new VirtualEventLoop()
  readonly tasks: (Task<unknown> | undefined)[] = []
  readonly outers: AnyFuture[] = []
  readonly scopes: Timeout[] = []
  readonly groups: TaskGroup[] = []
  readonly handles: Handle[] = []
  readonly callbacks: { readonly target: AnyFuture; readonly callback: (future: AnyFuture) => void }[] = []
  readonly tokens: Token<number>[] = []
  readonly contexts: Context[] = []
  readonly futures: readonly Future<number>[] = Array.from({ length: 3 }, () => this.loop.createFuture<number>())
  readonly guards: Readonly<Record<Guard, Lock | Semaphore | Condition>>
  readonly lock = new Lock()
  readonly condition = new Condition(this.lock)
  readonly event = new Event()
  readonly barrier = new Barrier(2)
  readonly queues: Readonly<Record<QueueName, Queue<number>>> = {
    queue: new Queue<number>({ maxsize: 1 }),
    priority: new PriorityQueue<number>({ maxsize: 2 }),
    lifo: new LifoQueue<number>(),
  }
  readonly variables = [new ContextVar('a', { default: 0 }), new ContextVar('b', { default: 0 })]
  counter = 0

  constructor() {
    this.loop.setExceptionHandler(this.trace.onException)
    this.guards = {
      lock: this.lock,
      semaphore: new Semaphore(2),
      bounded: new BoundedSemaphore(1),
      condition: this.condition,
    }
  }

  say(me: number | 'main', ...values: unknown[]): void {
    this.trace.log(`T${me}`, this.loop.time(), ...values)
  }

  report(): void {
    const { log } = this.trace
    for (const [i, task] of this.tasks.entries()) log(`T${i}`, this.stateOf(task), task?.cancelling())
    log('outers', ...this.outers.map(outer => this.stateOf(outer)))
    log('futures', ...this.futures.map(future => this.stateOf(future)))
    log('guards', ...Object.values(this.guards).map(guard => guard.locked()))
    log('queues', ...Object.values(this.queues).map(queue => queue.qsize()))
    const cancelled = this.handles.map(handle => handle.cancelled())
    log(this.event.isSet(), this.barrier.nWaiting, this.barrier.broken, cancelled)
  }

  new(): number {
    return this.tasks.push(undefined) - 1
  }

  spawn(
    me: number | 'main',
    make: (child: number) => CoGenerator<unknown>,
    { eager = null, group = null, context = null }: Partial<Spawn> = {},
  ): void {
    if (this.tasks.length >= mostTasks) return
    const child = this.new()
    const owner = (group === null ? undefined : at(this.groups, -1 - group)) ?? this.loop
    const options = {
      name: `T${child}`,
      ...(eager === null ? {} : { eagerStart: eager }),
      context: context === null ? undefined : at(this.contexts, context),
    }
    try {
      this.tasks[child] = owner.createTask(make(child), options)
      this.say(me, 'spawned', this.tasks[child])
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error
      this.say(me, 'spawn', error)
    }
  }

  younger(me: number, index: number): AnyFuture {
    const tasks = this.tasks.slice(me + 1).filter(task => task !== undefined)
    return at<AnyFuture>(tasks.length > 0 ? tasks : this.futures, index) as AnyFuture
  }

  outer<F extends AnyFuture>(future: F): F {
    this.outers.push(future)
    return future
  }

  schedule(me: number, when: When, run: () => void): void {
    const { loop, handles } = this
    const callback = (future?: AnyFuture) => {
      this.called(me, future)
      run()
    }
    switch (when[0]) {
      case 'soon':
        handles.push(loop.callSoon(callback))
        break
      case 'later':
        handles.push(loop.callLater(when[1], callback))
        break
      case 'at':
        handles.push(loop.callAt(loop.time() + when[1], callback))
        break
      case 'done': {
        const target = this.choose(when[1], when[2])
        if (!target) return
        target.addDoneCallback(callback)
        this.callbacks.push({ target, callback })
      }
    }
  }

  called(me: number, future?: AnyFuture): void {
    this.say(me, 'callback', this.seen(), ...(future ? [this.label(future), this.stateOf(future)] : []))
  }

  seen(): number[] {
    return this.variables.map(variable => variable.get())
  }

  label(future: AnyFuture): string {
    const index = this.futures.indexOf(future as Future<number>)
    if (index >= 0) return `f${index}`
    const name = future instanceof Task ? future.getName() : ''
    return /^T\d+$/.test(name) ? name : 'unnamed'
  }

  stateOf(future: AnyFuture | undefined): unknown {
    if (!future) return 'nobody'
    if (!future.done()) return 'pending'
    try {
      return future.result()
    } catch (error) {
      return error
    }
  }

  counted(me: number, atLeast: number): boolean {
    this.say(me, 'looks')
    return this.counter >= atLeast
  }

  /** Counted from the last. */
  choose(kind: Kind, index: number): AnyFuture | undefined {
    const those = { task: this.tasks, future: this.futures, outer: this.outers }
    return at<AnyFuture | undefined>(those[kind], -1 - index)
  }

  task(index: number): Task<unknown> | undefined {
    return at(this.tasks, -1 - index)
  }
}

/** A negative index counts from the last; any is taken modulo the length. */
export function at<T>(these: readonly T[], index: number): T | undefined {
  return these.at(index % these.length)
}

export function errorOf(name: ErrorName, message: string): Error {
  return new errors[name](message)
}

const errors: Readonly<Record<ErrorName, new (message: string) => Error>> = {
  Exception: Error,
  ValueError: RangeError,
  TypeError,
  RuntimeError,
  TimeoutError,
  CancelledError,
}
