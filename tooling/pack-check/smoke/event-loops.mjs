import assert from 'node:assert/strict'
import { threadId } from 'node:worker_threads'
import { coroutine } from '@fosen/coroutine'
import { EventLoop, gather, LoopThread, runCoroutineThreadsafe, sleep } from '@fosen/event-loop'
import { portable } from '@fosen/thread-async'

const work = coroutine(
  portable(import.meta, function* work(name) {
    yield* sleep(1)
    return { name, threadId }
  }),
)

const both = coroutine(function* both() {
  return yield* gather([work('1'), work('2')])
})

export async function useEventLoops() {
  const loop = new EventLoop()
  assert.deepEqual(await loop.runUntilComplete(both()), [
    { name: '1', threadId },
    { name: '2', threadId },
  ])
  loop.close()
}

export async function useLoopThreads() {
  const thread = new LoopThread()
  const answer = await runCoroutineThreadsafe(work('3'), thread)
  assert.equal(answer.name, '3')
  assert.notEqual(answer.threadId, threadId)
  assert.ok(thread.utilization() >= 0)
  await thread.close()
}
