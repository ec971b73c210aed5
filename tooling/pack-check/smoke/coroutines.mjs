import assert from 'node:assert/strict'
import { coroutine, next, StopIteration } from '@fosen/coroutine'

const echo = coroutine(function* echo(name) {
  const sent = yield name
  return `${name}, ${sent}`
})

export function useCoroutines() {
  const coro = echo('hi')
  assert.equal(next(coro), 'hi')
  assert.throws(
    () => coro.send(1),
    error => error instanceof StopIteration && error.value === 'hi, 1',
  )
  assert.equal(next(coro, 'ended'), 'ended')
}
