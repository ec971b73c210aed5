import { beforeAll, expect, test } from 'vitest'
import { findExamples } from '../src/find.ts'
import { writeProject } from '../src/project.ts'
import { runExample } from '../src/run.ts'
import { type TypeErrors, typeCheck } from '../src/type-check.ts'

const examples = findExamples()
const project = writeProject('documents', examples)
let errors: TypeErrors

beforeAll(async () => {
  errors = await typeCheck(project)
})

test('what the examples import type-checks', () => {
  expect(errors.elsewhere).toEqual([])
})

test('no example has `using`, which Node 22 cannot parse', () => {
  const places = examples
    .filter(({ code }) => /^\s*(await )?using\s/m.test(code))
    .map(({ file, line }) => `${file}:${line}`)
  expect(places).toEqual([])
})

for (const [example, path] of project.files) {
  test.concurrent(`${example.file}:${example.line} type-checks and prints what it says`, async () => {
    expect([...errors.of(example), ...(await runExample(example, path))].join('\n')).toBe('')
  })
}
