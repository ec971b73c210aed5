import { coroutine, next } from '@fosen/coroutine'
import { expect, test } from 'vitest'
import { traces } from './same-trace.ts'

test('a loop of JavaScript that is left closes the coroutine, and one of Python leaves it open', () => {
  const python = `
    def body():
        try:
            yield 1
            yield 2
        finally:
            log('cleans up')
    coro = body()
    for each in coro:
        log(each)
        break
    log('left')
    attempt(lambda: next(coro))
    attempt(coro.close)
  `
  const { cpython, fosen } = traces(python, ({ log, attempt }) => {
    const body = coroutine(function* () {
      try {
        yield 1
        yield 2
      } finally {
        log('cleans up')
      }
    })
    const coro = body()
    for (const each of coro) {
      log(each)
      break
    }
    log('left')
    attempt(() => next(coro))
    attempt(() => coro.close())
  })
  expect(cpython).toEqual(['1', 'left', '2', 'cleans up', 'None', 'main returned None'])
  expect(fosen).toEqual(['1', 'cleans up', 'left', 'StopIteration None', 'None', 'main returned None'])
})

test("JavaScript's own methods drop a first value, end quietly, and leave the mode of a return that comes upon a yield", () => {
  const python = `
    def body():
        try:
            yield 1
        finally:
            yield 2
    coro = body()
    attempt(lambda: coro.send('dropped'))
    attempt(lambda: next(coro))
    attempt(coro.close)
    attempt(lambda: next(coro))
    attempt(lambda: next(coro))
  `
  const { cpython, fosen } = traces(python, ({ attempt }) => {
    const body = coroutine(function* (): Generator<number, string, unknown> {
      try {
        yield 1
      } finally {
        yield 2
      }
      return 'end'
    })
    const coro = body()
    attempt(() => coro.next('dropped'))
    attempt(() => coro.return('value'))
    attempt(() => coro.next())
    attempt(() => coro.next())
  })
  expect(cpython).toEqual([
    'TypeError',
    '1',
    'RuntimeError',
    'GeneratorExit',
    'StopIteration None',
    'main returned None',
  ])
  expect(fosen).toEqual([
    '{value: 1, done: False}',
    '{value: 2, done: False}',
    '{value: value, done: True}',
    '{value: None, done: True}',
    'main returned None',
  ])
})
