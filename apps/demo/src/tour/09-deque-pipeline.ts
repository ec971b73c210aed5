// Python: the main thread puts numbers on a deque, a second thread takes each and makes a coroutine of it, and a loop
// in a third thread runs that.
// Here: portable(import.meta, function …) is a def that other threads can call, coroutine(portable(import.meta,
// function* …)) an async def that they can run, with `yield*` for await and times in milliseconds. They share a
// SharedDeque that they are given, whose popWaitSync() waits for what Python asks for again and again. An empty message
// ends the program after ten numbers.
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { LoopThread, runCoroutineThreadsafe, sleep } from '@fosen/event-loop'
import { SharedDeque } from '@fosen/queue-deque'
import { portable, Thread } from '@fosen/thread-async'
import { MersenneTwister19937 } from 'random-js'

export const consumer = portable(import.meta, function consumer(dp: SharedDeque<string>, newLoop: LoopThread) {
  for (let msg = dp.popWaitSync(); msg; msg = dp.popWaitSync()) {
    runCoroutineThreadsafe(threadExample(`Fosen_${msg}`), newLoop)
  }
})

export const threadExample = coroutine(
  portable(import.meta, function* threadExample(name: string) {
    console.log('正在执行:', name)
    yield* sleep(2000)
    return `返回结果:${name}`
  }),
)

/** As random.seed(seed) and random.randint(1, 10), which takes four random bits, and others until they are below ten. */
function randomNumbers(seed: string | undefined) {
  const random = seed ? MersenneTwister19937.seedWithArray([Number(seed)]) : MersenneTwister19937.autoSeed()
  return () => {
    let bits = random.next() >>> 28
    while (bits >= 10) bits = random.next() >>> 28
    return 1 + bits
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, pause: { type: 'string', default: '2000' } } })
  const randint = randomNumbers(values.seed)
  const dp = new SharedDeque<string>()

  const newLoop = new LoopThread().start()

  const consumerThread = new Thread({ target: consumer, args: [dp, newLoop] }).start()

  for (let n = 0; n < 10; n++) {
    dp.appendLeft(String(randint()))
    await setTimeout(Number(values.pause))
  }

  dp.appendLeft('')
  await consumerThread.join()
  await newLoop.close()
}
