import assert from 'node:assert/strict'
import { coroutine, next, StopIteration, yieldFrom } from '@fosen/coroutine'

const echo = coroutine(function* echo(name) {
  const sent = yield name
  return `${name}, ${sent}`
})

const spelling = coroutine(function* spelling(text) {
  yield* yieldFrom(text)
})

export function useCoroutines() {
  const coro = echo('hi')
  assert.equal(next(coro), 'hi')
  assert.throws(
    () => coro.send(1),
    error => error instanceof StopIteration && error.value === 'hi, 1',
  )
  assert.equal(next(coro, 'ended'), 'ended')

  const letters = spelling('ab')
  assert.throws(() => letters.send(1), TypeError)
  assert.equal(next(letters), 'a')
  assert.equal(letters.close(), undefined)
  assert.equal(letters.state, 'CORO_CLOSED')
}
