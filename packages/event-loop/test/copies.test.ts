import { EventLoop, sleep } from '@fosen/event-loop'
import { expect, test } from 'vitest'

test('what waits in one copy of the package is understood by the tasks of another', async () => {
  const copy = (await import(`../src/loop/suspension.ts?copy=${1}`)) as typeof import('../src/loop/suspension.ts')
  const loop = new EventLoop()
  const step = sleep(0).next()
  expect(step.value).toBe(copy.suspend)
  expect(loop.createFuture().next()).toBe(copy.suspended)
  expect(copy.suspension.future).toBeInstanceOf(Object)
  loop.close()
})
