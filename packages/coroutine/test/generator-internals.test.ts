import { execFileSync } from 'node:child_process'
import { generatorInternals, next } from '@fosen/coroutine'
import { describe, expect, test } from 'vitest'

function* plain() {
  yield 1
}
function* withDefaults(x = Math.max(1, 2), { y } = { y: 1 }) {
  yield* [x, y]
}
function* onSeveralLines({ x } = { x: 1 }, ...rest: number[]) {
  for (const each of rest) yield each + x
  yield x
}

describe('generatorInternals', () => {
  test.each([
    ['one without parameters', plain],
    ['one whose parameters have defaults', withDefaults],
    ['one on several lines', onSeveralLines],
  ])('tells how far %s has come, and where it stands', (_, fn) => {
    const generator: Generator<number> = fn()
    expect(generatorInternals(generator)).toMatchObject({ name: fn.name, state: 'created' })
    next(generator)
    const { state, defined, at } = generatorInternals(generator) ?? {}
    expect(state).toBe('suspended')
    expect(defined?.url).toBe(import.meta.url)
    expect(at?.line).toBeGreaterThan(defined?.line ?? Number.NaN)
    generator.return(0)
    expect(generatorInternals(generator)).toMatchObject({ state: 'closed', at: undefined })
  })

  test('knows nothing where --permission forbids to ask', () => {
    const program = `
      import { generatorInternals } from '@fosen/coroutine'
      console.log(generatorInternals((function* () {})()))
    `
    const options = ['--permission', '--allow-fs-read=*', '--disable-warning=ExperimentalWarning']
    const stdout = execFileSync(process.execPath, [...options, '--input-type=module', '--eval', program], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    })
    expect(stdout).toBe('undefined\n')
  })
})
