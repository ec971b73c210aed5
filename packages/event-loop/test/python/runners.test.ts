// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import {
  ContextVar,
  copyContext,
  currentTask,
  EventLoop,
  getRunningLoop,
  newEventLoop,
  Runner,
  run,
  sleep,
} from '@fosen/event-loop'
import { expect } from 'vitest'
import { testRows } from './table.ts'

const name = new ContextVar('name', { default: 'unset' })
const f = coroutine(function* () {
  yield* sleep(0)
  return [getRunningLoop(), name.get()] as const
})

testRows('Runners', {
  '`asyncio.run(main())`': async () => {
    const main = coroutine(function* () {
      const left = getRunningLoop().createTask(sleep(60_000))
      return [currentTask()?.loop, left] as const
    })
    const [loop, left] = await run(main())
    expect([loop?.isClosed(), left.cancelled()]).toEqual([true, true])
  },

  '`asyncio.run(main(), debug=True, loop_factory=asyncio.new_event_loop)`': async () => {
    const main = coroutine(function* () {
      return getRunningLoop()
    })
    const loop = await run(main(), { debug: true, loopFactory: newEventLoop })
    expect([loop instanceof EventLoop, loop.getDebug()]).toEqual([true, true])
  },

  '`with asyncio.Runner() as runner: runner.run(f())`': async () => {
    const runner = new Runner()
    const [loop] = await runner.run(f())
    expect([(await runner.run(f()))[0] === loop, loop.isClosed()]).toEqual([true, false])
    await runner.close()
    expect(loop.isClosed()).toBe(true)
  },

  '`runner.run(f(), context=context)`, `runner.get_loop()`': async () => {
    await using runner = new Runner()
    const context = copyContext()
    context.run(() => name.set('given'))
    expect(await runner.run(f(), { context })).toEqual([runner.getLoop(), 'given'])
    expect((await runner.run(f()))[1]).toBe('unset')
  },
})
