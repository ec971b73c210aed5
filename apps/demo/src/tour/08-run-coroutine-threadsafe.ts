// Python: a loop in a daemon thread runs coroutines. result() waits for the first of them; then the main thread ends,
// and the program with it.
// Here: a LoopThread is the loop and its thread in one; the program ends when all coroutines have returned.
// coroutine(portable(import.meta, function* …)) is an async def that other threads can run, and `yield*` is await, with
// times in milliseconds. They find it by importing this file; hence import.meta.main, which is __name__ == "__main__".
import { coroutine } from '@fosen/coroutine'
import { LoopThread, runCoroutineThreadsafe, sleep } from '@fosen/event-loop'
import { portable } from '@fosen/thread-async'

export const threadExample = coroutine(
  portable(import.meta, function* threadExample(name: string) {
    console.log('正在执行:', name)
    yield* sleep(1000)
    return `返回结果:${name}`
  }),
)

if (import.meta.main) {
  const newLoop = new LoopThread({ daemon: true }).start()

  const future = runCoroutineThreadsafe(threadExample('1'), newLoop)
  console.log(future.result())

  runCoroutineThreadsafe(threadExample('2'), newLoop)
  console.log('主线程不阻塞')

  runCoroutineThreadsafe(threadExample('3'), newLoop)
  console.log('继续运行中...')
}
