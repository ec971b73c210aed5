import { type Coroutine, coroutine } from '@fosen/coroutine'
import { EventLoop, gather, sleep } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { consume, type MessageQueue } from '@fosen/queue'
import { DequeQueue, SharedDeque } from '@fosen/queue-deque'
import { RedisQueue } from '@fosen/queue-redis'
import { Mutex } from '@fosen/shared-memory'
import { asyncCall, portable, type ThreadFuture, ThreadPool, type ThreadStream } from '@fosen/thread-async'

// Types as a user sees them: what is inferred, and what is refused. It is checked, and not run.

const double = asyncCall(import.meta, (n: number) => 2 * n, { name: 'double' })
const future: ThreadFuture<number> = double(1)
// @ts-expect-error: an argument is a number
double('1')
// @ts-expect-error: a future is no number
export const wrong: number = double(1)

const letters = portable(import.meta, function* letters(text: string) {
  yield* text
})
export const stream: ThreadStream<string, unknown> = new ThreadPool().submit(letters, 'ab')

const work = coroutine(function* (name: string): Generator<string, number, boolean> {
  return (yield name) ? 1 : 0
})
const coro: Coroutine<string, number, boolean> = work('a')
// @ts-expect-error: it is sent booleans
coro.send(1)

const nap = coroutine(function* () {
  yield* sleep(1)
  return 'done'
})
export const text: Promise<string> = new EventLoop().runUntilComplete(nap())
export const both: string[] = new VirtualEventLoop().runUntilCompleteSync(gather([nap(), nap()]))
// @ts-expect-error: the function is not called
new EventLoop().createTask(nap)

interface Job {
  readonly id: number
}
const queues: MessageQueue<Job>[] = [new DequeQueue<Job>(), new RedisQueue<Job>('jobs', { url: 'redis://127.0.0.1' })]
// @ts-expect-error: a job has an id
for (const queue of queues) queue.put({ name: 'a' })
for (const queue of queues) consume(queue, async ({ id }, { attempt }) => id.toFixed(attempt))
export const popped: string | undefined = new SharedDeque<string>().pop()
export const held: Promise<Disposable> = new Mutex().acquire()
export const value: Promise<number> = future.then(n => n)
