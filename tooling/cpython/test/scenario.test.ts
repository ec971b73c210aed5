import { describe, expect, test } from 'vitest'
import { loadCpython } from '../src/index.ts'

const { runScenario } = await loadCpython()

describe('a scenario', () => {
  test('is refused when it is no Python', () => {
    expect(() => runScenario('async def main(:')).toThrow('SyntaxError')
  })

  test('is refused when it has no main', () => {
    expect(() => runScenario('x = 1')).toThrow("KeyError: 'main'")
  })

  test('shows what was logged, and what main has returned', () => {
    const trace = runScenario(`
      async def main():
          log('one', 2, 2.0, 0.5, None, True, [1, ('a', {'b': 2})], float('inf'))
          return 'done'
    `)
    expect(trace).toEqual(['one 2 2 0.5 None True [1, [a, {b: 2}]] inf', 'main returned done'])
  })

  test('goes on from its prelude, which is there anew for each', () => {
    const prelude = 'seen = []\ndef see(value):\n    seen.append(value)\n    log(seen)'
    const source = `
      async def main():
          see(1)
    `
    for (let i = 0; i < 2; i++) expect(runScenario(source, { prelude })).toEqual(['[1]', 'main returned None'])
  })

  test('is refused when its prelude is no Python', () => {
    expect(() => runScenario('async def main(): pass', { prelude: 'def' })).toThrow('SyntaxError')
  })

  test('shows what main has raised, with the errors of a group', () => {
    const trace = runScenario(`
      async def fail(error):
          raise error

      async def main():
          async with TaskGroup() as group:
              group.create_task(fail(ValueError('one')))
              group.create_task(fail(LookupError()))
    `)
    expect(trace).toEqual([
      'main raised ExceptionGroup(unhandled errors in a TaskGroup: ValueError(one), LookupError())',
    ])
  })

  test('shows that main was cancelled', () => {
    const trace = runScenario(`
      async def main():
          current_task().cancel('bye')
          await sleep(1)
    `)
    expect(trace).toEqual(['main raised CancelledError(bye)'])
  })

  test('ends when nothing can wake its loop', () => {
    expect(runScenario('async def main(): await Future()')).toEqual(['main waits for ever'])
  })

  test('ends after so many turns of its loop', () => {
    const source = `
      async def main():
          while True:
              await sleep(0)
              log('turn')
    `
    expect(runScenario(source, { maxTurns: 3 })).toEqual(['turn', 'turn', 'main does not end'])
  })

  test('has a clock in milliseconds, which jumps to the very time of the next timer', () => {
    const trace = runScenario(`
      async def main():
          log(loop.time())
          await sleep(0.1)
          await sleep(0.2)
          await sleep(1_000_000_000)
          log(loop.time())
    `)
    expect(trace).toEqual(['0', String(0.1 + 0.2 + 1_000_000_000), 'main returned None'])
  })

  test('shows what its loop tells the exception handler', () => {
    const trace = runScenario(`
      def fail():
          raise ValueError('oops')

      async def main():
          loop.call_soon(fail)
          loop.call_exception_handler({'message': 'said'})
          await sleep(1)
    `)
    expect(trace).toEqual([
      'exception handler: said',
      'exception handler: Exception in callback ValueError(oops)',
      'main returned None',
    ])
  })

  test('runs on the tasks and futures that are written in C', () => {
    expect(runScenario('async def main(): log(type(current_task()).__module__, type(Future()).__module__)')).toEqual([
      '_asyncio _asyncio',
      'main returned None',
    ])
  })
})
