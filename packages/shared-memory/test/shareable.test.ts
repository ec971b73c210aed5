import { Mutex, receive, shareable, shareOf } from '@fosen/shared-memory'
import { describe, expect, test } from 'vitest'

class Box {
  readonly items: number[]
  constructor(items: number[]) {
    this.items = items
  }
}
shareable(import.meta, Box, { share: box => box.items, receive: items => new Box(items) })

describe('shareable', () => {
  test('gives objects a shared form, and makes objects of it', async () => {
    const shared = shareOf(new Box([1]))
    expect(shared).toEqual({ module: import.meta.url, name: 'Box', state: [1] })
    expect(shared && (await receive(shared))).toEqual(new Box([1]))
  })

  test('leaves every other value alone, subclasses included', () => {
    class Subclass extends Box {}
    for (const value of [new Subclass([]), {}, 5, 'text', null, undefined]) expect(shareOf(value)).toBeUndefined()
  })

  test('refuses a second class of the same name in one module', () => {
    expect(() => shareable(import.meta, class Box {}, { share: () => 0, receive: () => new Box([]) })).toThrow(
      'already',
    )
  })

  test('names module and class when there is nothing to receive with', async () => {
    const shared = shareOf(new Mutex())
    if (!shared) throw new Error('a mutex is shareable')
    await expect(receive({ ...shared, name: 'Lost' })).rejects.toThrow(/mutex\.ts makes no class named Lost/)
  })
})
