import { expect, test } from 'vitest'
import { loadCpython, Trace } from '../src/index.ts'

const { runScenario } = await loadCpython()

class ExceptionGroup extends Error {
  override readonly name = 'ExceptionGroup'
  readonly errors: Error[]

  constructor(message: string, errors: Error[]) {
    super(message)
    this.errors = errors
  }
}

test('the values of JavaScript are written as those of Python', () => {
  const python = runScenario(`
    async def main():
        log('a b', 1, -0.5, float('inf'), float('-inf'), float('nan'), True, False, None)
        log([1, 'a', [None]], {2, 3}, {'key': 1.0, 'other': []}, dict([(1, 2)]))
        log(ValueError('v'), Exception('e'), TypeError(), TimeoutError())
        log(ExceptionGroup('g', [ValueError('v'), ExceptionGroup('h', [TypeError('t')])]))
        log(current_task(), Future())
        log()
  `)
  class Future {}
  const trace = new Trace()
  trace.log('a b', 1, -0.5, Infinity, -Infinity, NaN, true, false, undefined)
  trace.log([1, 'a', [null]], new Set([2, 3]), { key: 1, other: [] }, new Map([[1, 2]]))
  const timeout = Object.assign(new Error(), { name: 'TimeoutError' })
  trace.log(new RangeError('v'), new Error('e'), new TypeError(), timeout)
  trace.log(new ExceptionGroup('g', [new RangeError('v'), new ExceptionGroup('h', [new TypeError('t')])]))
  trace.log({ getName: () => 'Task-1' }, new Future())
  trace.log()
  trace.returned(undefined)
  expect(trace.lines).toEqual(python)
})

test('what a loop tells its exception handler is written alike', () => {
  const python = runScenario(`
    def fail():
        raise ValueError('oops')

    async def main():
        loop.call_soon(fail)
        loop.call_exception_handler({'message': f'{current_task()!r} was destroyed but it is pending!'})
        loop.call_exception_handler({'message': 'said', 'exception': TypeError()})
        shielded = Future()
        shield(shielded).cancel()
        await sleep(0)
        shielded.set_exception(ValueError('late'))
        await sleep(0)
  `)
  const trace = new Trace()
  trace.onException(undefined, { message: 'Task t was destroyed but it is pending!' })
  trace.onException(undefined, { message: 'said', error: new TypeError() })
  trace.onException(undefined, { message: 'Exception in callback fail', error: new RangeError('oops') })
  trace.onException(undefined, { message: 'RangeError exception in shielded future', error: new RangeError('late') })
  trace.returned(undefined)
  expect(trace.lines).toEqual(python)
})
