import assert from 'node:assert/strict'
import { type Codec, jsonCodec } from '../../codec.ts'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, finish, next, nothing } from '../helpers.ts'

/** JSON, except that it cannot read what says so. */
const partial: Codec<string> = {
  ...jsonCodec<string>(),
  decode(bytes) {
    const value: string = JSON.parse(bytes.toString())
    if (value === 'unreadable') throw new SyntaxError('it is unreadable')
    return value
  },
}

export const values: Behaviours = {
  async 'delivers any text as it was put'({ create }) {
    await using queue = await create()
    const texts = ['', ' ', '\0', '"', '\r\n', 'žluťoučký', '正在执行', '😀', 'x'.repeat(100_000)]
    await queue.putMany(texts)
    assert.deepEqual(await next(queue, texts.length), texts)
  },
}

export const codec: Behaviours = {
  async 'refuses a value that cannot be encoded, and with it the whole putMany'({ create }) {
    await using queue = await create({ codec: jsonCodec<string>() })
    const unencodable = (() => {}) as unknown as string
    await assert.rejects(async () => queue.put(unencodable))
    await assert.rejects(async () => queue.putMany(['a', unencodable, 'c']))
    await assert.rejects(async () => queue.putMany(new Array<string>(2)))
    assert.deepEqual(await countsOf(queue), nothing)
    await queue.put('d')
    assert.equal((await queue.get()).value, 'd')
  },

  async 'takes the bytes of a codec whether or not they are a Buffer'({ create }) {
    const encode = (value: string) => new TextEncoder().encode(`<${value}`).subarray(1)
    await using queue = await create({ codec: { encode, decode: bytes => bytes.toString() } })
    await queue.put('žluťoučký')
    assert.deepEqual(await next(queue, 1), ['žluťoučký'])
  },

  async 'delivers what a value was when it was put, at each attempt'({ create }) {
    await using queue = await create({ codec: jsonCodec<{ tags: string[] }>() })
    const value = { tags: ['put'] }
    await queue.put(value)
    value.tags.push('changed by the producer')
    for (let attempt = 1; attempt <= 2; attempt++) {
      const delivery = await queue.get()
      assert.deepEqual(delivery.value, { tags: ['put'] })
      delivery.value.tags.push('changed by a handler')
      delivery.retry()
      await delivery.settled
    }
  },

  async 'gives up a message that cannot be decoded, with the reason, and delivers the others'({ create }) {
    await using queue = await create({ codec: partial })
    const [id] = await queue.putMany(['unreadable', 'a'])
    const delivery = await queue.get()
    assert.equal(delivery.value, 'a')
    const [letter, ...others] = await queue.deadLetters.list()
    assert.deepEqual(others, [])
    assert.deepEqual([letter?.id, letter?.value], [id, undefined])
    assert.deepEqual(letter?.error, { name: 'SyntaxError', message: 'it is unreadable' })
    await finish(delivery)
    await queue.join()
  },
}

export const references: Behaviours = {
  async 'delivers the very value that was put, whatever it is'({ create }) {
    await using queue = await create<unknown>()
    const holes = new Array<unknown>(2)
    await queue.putMany(holes)
    assert.deepEqual(await next(queue, 2), [undefined, undefined])
    const given = [undefined, null, Number.NaN, Symbol('symbol'), () => {}, { self: {} }]
    await queue.putMany(given)
    const got = await next(queue, given.length)
    for (const [i, value] of given.entries()) assert.ok(Object.is(got[i], value), `value ${i}`)
  },
}
