import { spawnSync } from 'node:child_process'
import { NotPortableError, portable } from '@fosen/thread-async'
import { referenceOf, resolveReference } from '@fosen/thread-async/worker'
import { describe, expect, test } from 'vitest'
import { add } from './fixtures/functions.ts'

const meta = { url: 'file:///somewhere/else.js' }

describe('portable', () => {
  test('gives the function back as it is', () => {
    expect(add(1, 2)).toBe(3)
    expect(add.name).toBe('add')
  })

  test.each([[undefined], [5], [null], [{}]])('refuses %s', value => {
    expect(() => portable(meta, value as never)).toThrow(TypeError)
  })

  test('refuses a function without a name, and takes the one it is given', () => {
    expect(() => portable(meta, () => 1)).toThrow(/options\.name/)
    expect(referenceOf(portable(meta, () => 1, { name: 'one' })).name).toBe('one')
  })

  test('refuses a second function of the same name in one module', () => {
    portable(meta, function twice() {})
    expect(() => portable(meta, function twice() {})).toThrow(/named twice portable already.*options\.name/)
  })

  test('leaves a function as it is that is portable already, and keeps it from a second name', () => {
    function again() {}
    portable(meta, again)
    expect(portable(meta, again)).toBe(again)
    expect(() => portable(meta, again, { name: 'other' })).toThrow('portable already, as again of')
    expect(() => portable({ url: 'file:///other.js' }, again)).toThrow('portable already')
    expect(() => portable(meta, function other() {}, { name: 'other' })).not.toThrow()
  })

  test('refuses something else in the place of import.meta', () => {
    expect(() => portable({} as never, function f() {})).toThrow(/import\.meta/)
  })

  test('says why code from the command line cannot run in a thread', () => {
    const code = "import { portable } from '@fosen/thread-async'; portable(import.meta, function f() {})"
    const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
    expect(stderr).toContain('has no module that a thread could import')
    expect(status).toBe(1)
  })
})

describe('a reference', () => {
  test('is refused for a function that is not portable', () => {
    expect(() => referenceOf(function plain() {})).toThrow(NotPortableError)
    expect(() => referenceOf(5)).toThrow('number is not portable')
  })

  test('finds the function in the module that registers it', async () => {
    expect(await resolveReference(referenceOf(add))).toBe(add)
  })

  test('is refused when the module registers no such function, or another one', async () => {
    const reference = referenceOf(add)
    await expect(resolveReference({ ...reference, name: 'lost' })).rejects.toThrow(/makes no function named lost/)
    await expect(resolveReference({ ...reference, shape: 'Function of 7' })).rejects.toThrow(/another function/)
  })
})
