import { setTimeout } from 'node:timers/promises'
import { coroutine } from '@fosen/coroutine'
import {
  Context,
  ContextVar,
  copyContext,
  currentTask,
  EventLoop,
  gather,
  Lock,
  RuntimeError,
  sleep,
  Token,
} from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'

let loop: EventLoop
let variable: ContextVar<string>
beforeEach(() => {
  loop = new EventLoop()
  variable = new ContextVar('variable', { default: 'default' })
})
afterEach(() => loop.close())

describe('a ContextVar', () => {
  test.each([[5], [undefined], [null], [Symbol('name')]])('is not named %s', name => {
    expect(() => new ContextVar(name as never)).toThrow(TypeError)
  })

  test('without a value throws a ReferenceError that names it', () => {
    const unset = new ContextVar<number>('request')
    expect(unset.name).toBe('request')
    expect(() => unset.get()).toThrow(ReferenceError)
    expect(() => unset.get()).toThrow('request')
    expect([unset.get(undefined), unset.get(0)]).toEqual([undefined, 0])
    expectTypeOf(unset.get).returns.toEqualTypeOf<number>()
  })

  test('is set outside of loops for the thread, and seen by the tasks that are made there', async () => {
    const token = variable.set('of the thread')
    expectTypeOf(token).toEqualTypeOf<Token<string>>()
    const task = loop.createTask(async () => {
      const seen = variable.get()
      variable.set('of the task')
      await sleep(0)
      return [seen, variable.get()]
    })
    variable.set('later')
    expect(await loop.runUntilComplete(task)).toEqual(['of the thread', 'of the task'])
    expect(variable.get()).toBe('later')
    variable.reset(token)
    expect(variable.get()).toBe('default')
  })

  test('is reset by a token of an await before, and of no other task', async () => {
    const tokens: Token<string>[] = []
    const work = async () => {
      const own = variable.set('set')
      tokens.push(own)
      await setTimeout(1)
      const others = tokens.find(token => token !== own) as Token<string>
      expect(() => variable.reset(others)).toThrow('different context')
      await setTimeout(1)
      variable.reset(own)
      return variable.get()
    }
    const tasks = [loop.createTask(work), loop.createTask(work)]
    expect(await loop.runUntilComplete(gather(tasks))).toEqual(['default', 'default'])
  })

  test('is set back to undefined when it was set to that, and is not set when it was not', () => {
    const optional = new ContextVar<string | undefined>('optional')
    const [first, second] = [optional.set(undefined), optional.set('set')]
    expect([first.oldValue, second.oldValue]).toEqual([Token.MISSING, undefined])
    expectTypeOf(second.oldValue).toEqualTypeOf<string | undefined | typeof Token.MISSING>()
    optional.reset(second)
    expect(optional.get('fallback')).toBe(undefined)
    optional.reset(first)
    expect(optional.get('fallback')).toBe('fallback')
  })

  test.each([[5], [undefined], [null], [{ var: undefined }]])('is not reset by %s', token => {
    expect(() => variable.reset(token as never)).toThrow(TypeError)
  })
})

describe('a Context', () => {
  test('runs a function with its arguments, and gives what it returns or throws', () => {
    const context = copyContext()
    expect(context.run((a: number, b: number) => a + b, 1, 2)).toBe(3)
    expect(() =>
      context.run(() => {
        throw new RangeError('inside')
      }),
    ).toThrow('inside')
    expect(context.run(() => variable.get())).toBe('default')
  })

  test.each([[5], [undefined], [null], [{}]])('does not run %s', fn => {
    expect(() => new Context().run(fn as never)).toThrow(TypeError)
  })

  test('holds up to the first await of an async function, which goes on in that of its task', async () => {
    const context = new Context()
    context.run(() => variable.set('of the context'))
    const seen: string[] = []
    await loop.runUntilComplete(async () => {
      variable.set('of the task')
      await context.run(async () => {
        seen.push(variable.get())
        await sleep(0)
        seen.push(variable.get())
      })
    })
    expect(seen).toEqual(['of the context', 'of the task'])
    expect(context.get(variable)).toBe('of the context')
  })

  test('of a task is shared by the async bodies and coroutines that it runs', async () => {
    const inner = coroutine(function* () {
      yield* sleep(0)
      variable.set('of the coroutine')
    })
    const work = coroutine(function* () {
      yield* new Lock().with(async () => {
        await setTimeout(1)
        variable.set('of the body')
        await inner()
      })
      return [variable.get(), copyContext().get(variable)]
    })
    expect(await loop.runUntilComplete(work())).toEqual(['of the coroutine', 'of the coroutine'])
    expect(variable.get()).toBe('default')
  })

  test('of the task that runs cannot be entered by its async function either', async () => {
    const attempt = async () => {
      variable.set('set')
      await sleep(0)
      currentTask()
        ?.getContext()
        .run(() => {})
    }
    await expect(loop.runUntilComplete(attempt)).rejects.toThrow(RuntimeError)
  })

  test('that is copied from nothing is empty', () => {
    expect([new Context().size, [...new Context().copy()]]).toEqual([0, []])
    expect(() => new Context({} as never)).toThrow(TypeError)
  })
})
