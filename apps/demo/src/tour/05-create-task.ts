// Python: create_task has the loop run a coroutine later. The task shows in what state it is, and asking for its result
// raises InvalidStateError until there is one.
// Here: coroutine(function* …) is an async def and `yield*` is await, with times in milliseconds; None is undefined.
import { coroutine } from '@fosen/coroutine'
import { BlockingEventLoop, InvalidStateError, sleep } from '@fosen/event-loop'

const coroutineExample = coroutine(function* coroutineExample() {
  yield* sleep(1000)
  console.log('Fosen')
})

const coro = coroutineExample()
const loop = new BlockingEventLoop()
const task = loop.createTask(coro)
console.log('运行情况:', task)
try {
  console.log('返回值:', task.result())
} catch (error) {
  if (!(error instanceof InvalidStateError)) throw error
  console.log('task 状态未完成,捕获 InvalidStateError')
}
loop.runUntilComplete(task)
console.log('再看下运行情况:', task)
console.log('返回值:', task.result())
loop.close()
