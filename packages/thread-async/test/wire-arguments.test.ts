import { Mutex } from '@fosen/shared-memory'
import { expect, test } from 'vitest'
import { keepArguments, packArguments, restoreArguments } from '../src/wire/wire-arguments.ts'

test('a call that its own thread runs gets the very objects that are shareable, in copies of what holds them', () => {
  const mutex = new Mutex()
  const given = [mutex, { list: [mutex] }] as const
  const [first, second] = restoreArguments(keepArguments(packArguments(given), 'name')) as typeof given
  expect([first === mutex, second.list[0] === mutex]).toEqual([true, true])
  expect([second === given[1], second.list === given[1].list]).toEqual([false, false])
})
