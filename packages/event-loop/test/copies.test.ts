import { coroutine } from '@fosen/coroutine'
import { EventLoop, type Suspend, sleep } from '@fosen/event-loop'
import { expect, test } from 'vitest'

test('what waits in one copy of the package is understood by the tasks of another', async () => {
  const copy = (await import(`../src/loop/suspension.ts?copy=${1}`)) as typeof import('../src/loop/suspension.ts')
  const loop = new EventLoop()
  const future = loop.createFuture<string>()
  const otherCopys = {
    [Symbol.iterator]: function* (): Generator<Suspend, string> {
      copy.suspension.future = future as never
      yield copy.suspend
      return future.result()
    },
  }
  const main = coroutine(function* () {
    yield* sleep(0)
    return yield* otherCopys
  })
  loop.callSoon(() => future.setResult('understood'))
  expect(await loop.runUntilComplete(main())).toBe('understood')
  loop.close()
})
