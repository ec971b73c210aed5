// Python: a loop runs for ever in a second thread; the main thread has it call functions, and cancels the first call.
// Here: a LoopThread is the loop and its thread in one, and close() ends it. portable(import.meta, function …) is a def
// that other threads can call. They find it by importing this file, as processes of multiprocessing do; hence the
// import.meta.main, which is __name__ == "__main__".
import { LoopThread } from '@fosen/event-loop'
import { portable } from '@fosen/thread-async'

export const threadExample = portable(import.meta, function threadExample(name: string) {
  console.log('正在执行:', name)
  return `返回结果:${name}`
})

if (import.meta.main) {
  const newLoop = new LoopThread().start()

  const handle = newLoop.callSoonThreadsafe(threadExample, '1')
  handle.cancel()

  newLoop.callSoonThreadsafe(threadExample, '2')
  console.log('主线程不阻塞')

  newLoop.callSoonThreadsafe(threadExample, '3')
  console.log('继续运行中...')

  await newLoop.close()
}
