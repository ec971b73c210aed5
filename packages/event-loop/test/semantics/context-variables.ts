// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { Context, ContextVar, copyContext, currentTask, sleep } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { type Log, sameTrace } from './same-trace.ts'

/** Logs what `fn` gives, or the name of what it throws, as the messages are not the same. */
function attempt(log: Log, name: string, fn: () => unknown) {
  try {
    log(name, fn())
  } catch (error) {
    log(name, (error as Error).name.replace('RangeError', 'ValueError').replace('ReferenceError', 'LookupError'))
  }
}

const pythonAttempt = `
      def attempt(name, fn):
          try:
              log(name, fn())
          except Exception as error:
              log(name, type(error).__name__)
`

describe('a context variable', () => {
  test('gives the value, the fallback, or the default, and where there is none, an error', () => {
    const python = `${pythonAttempt}
      async def main():
          without, default = ContextVar('without'), ContextVar('default', default=None)
          attempt('none', lambda: without.get())
          attempt('fallback', lambda: without.get('fallback'))
          attempt('default', lambda: default.get())
          attempt('fallback before default', lambda: default.get('fallback'))
          default.set('set')
          attempt('set', lambda: default.get('fallback'))
    `
    sameTrace(python, function* main(log) {
      const without = new ContextVar<string>('without')
      const value = new ContextVar<string | undefined>('default', { default: undefined })
      attempt(log, 'none', () => without.get())
      attempt(log, 'fallback', () => without.get('fallback'))
      attempt(log, 'default', () => value.get())
      attempt(log, 'fallback before default', () => value.get('fallback'))
      value.set('set')
      attempt(log, 'set', () => value.get('fallback'))
    })
  })

  test('is reset with a token of its own, once, in the context of its set', () => {
    const python = `${pythonAttempt}
      async def main():
          value, other = ContextVar('value'), ContextVar('other')
          first, second = value.set(1), value.set(2)
          context = copy_context()
          elsewhere = context.run(value.set, 3)
          attempt('no token', lambda: value.reset(5))
          attempt("another variable's", lambda: value.reset(other.set(1)))
          attempt("another context's", lambda: value.reset(elsewhere))
          attempt('there', lambda: context.run(value.reset, elsewhere))
          attempt('there, and copied from here', lambda: context.run(value.reset, first))
          value.reset(second)
          log(value.get())
          value.reset(first)
          attempt('not set', value.get)
          attempt('used', lambda: value.reset(first))
          attempt('used elsewhere', lambda: context.run(value.reset, first))
          attempt("used on another", lambda: other.reset(first))
    `
    sameTrace(python, function* main(log) {
      const [value, other] = [new ContextVar<number>('value'), new ContextVar<number>('other')]
      const [first, second] = [value.set(1), value.set(2)]
      const context = copyContext()
      const elsewhere = context.run(() => value.set(3))
      attempt(log, 'no token', () => value.reset(5 as never))
      attempt(log, "another variable's", () => value.reset(other.set(1)))
      attempt(log, "another context's", () => value.reset(elsewhere))
      attempt(log, 'there', () => context.run(() => value.reset(elsewhere)))
      attempt(log, 'there, and copied from here', () => context.run(() => value.reset(first)))
      value.reset(second)
      log(value.get())
      value.reset(first)
      attempt(log, 'not set', () => value.get())
      attempt(log, 'used', () => value.reset(first))
      attempt(log, 'used elsewhere', () => context.run(() => value.reset(first)))
      attempt(log, 'used on another', () => other.reset(first))
    })
  })
})

describe('a context', () => {
  test('is entered once at a time, and left also when the function throws', () => {
    const python = `${pythonAttempt}
      async def main():
          value = ContextVar('value', default='outside')
          context = copy_context()
          def fail():
              value.set('inside')
              raise ValueError
          def nested():
              attempt('entered again', lambda: context.run(log, 'not reached'))
              attempt('a copy', lambda: context.copy().run(value.get))
          attempt('fails', lambda: context.run(fail))
          attempt('again', lambda: context.run(value.get))
          attempt('nested', lambda: context.run(nested))
          attempt('of the task that runs', lambda: current_task().get_context().run(log, 'not reached'))
          log(value.get())
    `
    sameTrace(python, function* main(log) {
      const value = new ContextVar('value', { default: 'outside' })
      const context = copyContext()
      const fail = () => {
        value.set('inside')
        throw new RangeError()
      }
      const get = () => value.get()
      const nested = () => {
        attempt(log, 'entered again', () => context.run(log, 'not reached'))
        attempt(log, 'a copy', () => context.copy().run(get))
      }
      attempt(log, 'fails', () => context.run(fail))
      attempt(log, 'again', () => context.run(get))
      attempt(log, 'nested', () => context.run(nested))
      attempt(log, 'of the task that runs', () => currentTask()?.getContext().run(log, 'not reached'))
      log(value.get())
    })
  })

  test('of a task is the same one from its beginning to its end, whoever asks for it first', () => {
    const python = `
      value = ContextVar('value', default='default')

      async def sets():
          context = current_task().get_context()
          value.set('set')
          log(context.get(value), value.get())
          await sleep(0)
          log(context is current_task().get_context(), value.get())

      async def asks_inside_another():
          other = Context()
          context = other.run(lambda: current_task().get_context())
          log(context is other)
          value.set('set')
          log(context.get(value), value.get())

      async def main():
          await create_task(sets())
          await create_task(asks_inside_another())
          parent = current_task()
          async def child():
              return parent.get_context()
          context = await Task(child(), loop=loop, eager_start=True)
          log(context is parent.get_context())
          value.set('of main')
          log(context.get(value), copy_context().get(value))
          waits = create_task(sleep(10))
          waits.get_context().run(value.set, 'from outside')
          log(value.get(), waits.get_context().get(value))
    `.replace('Context()', 'type(copy_context())()')
    sameTrace(python, function* main(log, loop) {
      const value = new ContextVar('value', { default: 'default' })
      const sets = coroutine(function* () {
        const context = currentTask()?.getContext()
        value.set('set')
        log(context?.get(value), value.get())
        yield* sleep(0)
        log(context === currentTask()?.getContext(), value.get())
      })
      const asksInsideAnother = coroutine(function* () {
        const other = new Context()
        const context = other.run(() => currentTask()?.getContext())
        log(context === other)
        value.set('set')
        log(context?.get(value), value.get())
      })
      yield* loop.createTask(sets())
      yield* loop.createTask(asksInsideAnother())
      const parent = currentTask()
      const child = coroutine(function* () {
        return parent?.getContext()
      })
      const context = yield* loop.createTask(child(), { eagerStart: true })
      log(context === parent?.getContext())
      value.set('of main')
      log(context?.get(value), copyContext().get(value))
      const waits = loop.createTask(sleep(10))
      waits.getContext().run(() => value.set('from outside'))
      log(value.get(), waits.getContext().get(value))
    })
  })

  test('shows what is set in it, and its copies go on apart', () => {
    const python = `
      value = ContextVar('value', default='default')

      async def main():
          context = copy_context()
          log(len(context), value in context, context.get(value))
          context.run(value.set, 'set')
          copy = context.copy()
          copy.run(value.set, 'of the copy')
          log(len(context), value in context, context.get(value), list(context.values()), copy.get(value))
    `
    sameTrace(python, function* main(log) {
      const value = new ContextVar('value', { default: 'default' })
      const context = copyContext()
      log(context.size, context.has(value as ContextVar<unknown>), context.get(value))
      context.run(() => value.set('set'))
      const copy = context.copy()
      copy.run(() => value.set('of the copy'))
      const values = Array.from(context, ([, each]) => each)
      log(context.size, context.has(value as ContextVar<unknown>), context.get(value), values, copy.get(value))
    })
  })
})
