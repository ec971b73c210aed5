import { beforeAll, expect, test } from 'vitest'
import { findExamples } from '../src/find.ts'
import { writeProject } from '../src/project.ts'
import { runExample } from '../src/run.ts'
import { type TypeErrors, typeCheck } from '../src/type-check.ts'

const project = writeProject('documents', findExamples())
let errors: TypeErrors

beforeAll(async () => {
  errors = await typeCheck(project)
})

test('what the examples import type-checks', () => {
  expect(errors.elsewhere).toEqual([])
})

for (const [example, path] of project.files) {
  test(`${example.file}:${example.line} type-checks and prints what it says`, async () => {
    expect([...errors.of(example), ...(await runExample(example, path))].join('\n')).toBe('')
  })
}
