// Python: a loop runs a coroutine until it is done, and the program waits for that.
// Here: coroutine(function* …) is an async def, `yield*` is await, and sleep(1) is sleep(1000): times are in
// milliseconds. A BlockingEventLoop has the program wait, as Python's loop does.
import { coroutine } from '@fosen/coroutine'
import { BlockingEventLoop, sleep } from '@fosen/event-loop'

const coroutineExample = coroutine(function* () {
  yield* sleep(1000)
  console.log('Fosen')
})

const coro = coroutineExample()
const loop = new BlockingEventLoop()
loop.runUntilComplete(coro)
loop.close()
