// Python: three tasks run at the same time; asyncio.wait waits for all of them, and then each has its result.
// Here: coroutine(function* …) is an async def and `yield*` is await, with times in milliseconds. An EventLoop leaves
// Node free for other things while it runs, which is why run_until_complete is `await loop.runUntilComplete(…)`.
import { coroutine } from '@fosen/coroutine'
import { EventLoop, sleep, wait } from '@fosen/event-loop'

const coroutineExample = coroutine(function* (name: string) {
  console.log('正在执行:', name)
  yield* sleep(2000)
  console.log('执行完毕:', name)
  return `返回值:${name}`
})

const loop = new EventLoop()
const tasks = [0, 1, 2].map(i => loop.createTask(coroutineExample(`Fosen_${i}`)))
const waitCoro = wait(tasks)
await loop.runUntilComplete(waitCoro)
for (const task of tasks) console.log(task.result())
loop.close()
