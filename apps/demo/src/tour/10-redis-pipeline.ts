// Python: numbers go through a Redis list, lpush at one end and rpop at the other; a loop in a second thread runs a
// coroutine for each.
// Here: a RedisDeque is the list, `await list.appendLeft(x)` is lpush, and `await list.pop()` is rpop, which gives
// text, and not bytes as redis-py; `await using` closes it at the end, as `async with`. coroutine(portable(import.meta,
// function* …)) is an async def that other threads can run, and `yield*` is await, with times in milliseconds. An empty
// list ends the program, where Python asks again for ever.
import { parseArgs } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { LoopThread, runCoroutineThreadsafe, sleep } from '@fosen/event-loop'
import { RedisDeque } from '@fosen/queue-redis'
import { portable } from '@fosen/thread-async'

async function producer(list: RedisDeque) {
  for (let i = 0; i < 4; i++) await list.appendLeft(String(i))
}

export const threadExample = coroutine(
  portable(import.meta, function* threadExample(name: string) {
    console.log('正在执行:', name)
    yield* sleep(2000)
    return `返回结果:${name}`
  }),
)

if (import.meta.main) {
  const options = { 'redis-url': { type: 'string', default: 'redis://127.0.0.1:6379' } } as const
  const url = parseArgs({ options }).values['redis-url']
  await using list = new RedisDeque('Fosen', { url })
  await producer(list)

  const newLoop = new LoopThread({ daemon: true }).start()

  for (let msg = await list.pop(); msg !== undefined; msg = await list.pop()) {
    runCoroutineThreadsafe(threadExample(`Fosen_${msg}`), newLoop)
  }
}
