import { expect, test } from 'vitest'
import { patienceOf } from '../src/client.ts'
import { checkSource } from '../src/source.ts'

test('a connection is waited for as long as its options say: 0 is for ever, and without them there are defaults', () => {
  const patience = (connectTimeout?: number, socketTimeout?: number) =>
    patienceOf(checkSource({ redis: { connectTimeout, socketTimeout } }))
  expect(patience(0, 0)).toEqual({ connect: Infinity, answer: Infinity })
  expect(patience(100, 200)).toEqual({ connect: 100, answer: 200 })
  expect(patience()).toEqual({ connect: 3_000, answer: 30_000 })
})
