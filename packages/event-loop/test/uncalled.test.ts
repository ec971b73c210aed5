import { coroutine } from '@fosen/coroutine'
import { type CoGenerator, EventLoop, ensureFuture, Runner, run, sleep, TaskGroup } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest'

let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
})
afterEach(() => loop.close())

const make = () =>
  coroutine(function* main(): CoGenerator<string> {
    yield* sleep(0)
    return 'ran'
  })
const portable = Object.assign(
  function* main(): CoGenerator<string> {
    yield* sleep(0)
    return 'ran'
  },
  { [Symbol.for('fosen.portable')]: 'anything' },
)
const watched = () => {
  vi.stubEnv('FOSEN_DEBUG', '1')
  try {
    return make()
  } finally {
    vi.unstubAllEnvs()
  }
}

describe.each([
  ['a coroutine function', make()],
  ['one that is portable', coroutine(portable)],
  ['one that was made with FOSEN_DEBUG', watched()],
])('%s that was not called', (_, main) => {
  test('is refused at once, by an error that says to call it', async () => {
    const calls = [
      // @ts-expect-error: it is to be called
      () => loop.createTask(main),
      // @ts-expect-error: it is to be called
      () => ensureFuture(main, loop),
      // @ts-expect-error: it is to be called
      () => run(main),
      // @ts-expect-error: it is to be called
      () => new Runner().run(main),
    ]
    for (const call of calls) expect(call).toThrow(/call it.*\(main\(\)\)/)
    for (const each of [loop, new VirtualEventLoop()]) {
      // @ts-expect-error: it is to be called
      await expect(each.runUntilComplete(main)).rejects.toThrow('call it')
    }
    expect(loop.tasks.size).toBe(0)
  })

  test('is refused by a group, which goes on', async () => {
    const group = new TaskGroup()
    const body = group.run(function* () {
      // @ts-expect-error: it is to be called
      expect(() => group.createTask(main)).toThrow('call it')
      return yield* group.createTask(main())
    })
    expect(await loop.runUntilComplete(body)).toBe('ran')
  })
})

test('an async function is taken, and the type of what it returns', async () => {
  const result = await run(async () => sleep(0, 5))
  expectTypeOf(result).toEqualTypeOf<number>()
  expect(result).toBe(5)
})
