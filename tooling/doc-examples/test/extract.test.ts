import { expect, test } from 'vitest'
import { examplesOfMarkdown, examplesOfSource } from '../src/extract.ts'

test('a ts block is an example, and the text block directly after it is its output', () => {
  const markdown = ['# A', '', '```ts', 'one()', '', 'two()', '```', '', '```text', '1', '2', '```'].join('\n')
  expect(examplesOfMarkdown(markdown, 'A.md')).toEqual([
    { file: 'A.md', line: 3, code: 'one()\n\ntwo()', output: '1\n2' },
  ])
})

test('a text block further down is not the output', () => {
  const markdown = ['```ts', 'one()', '```', 'and then', '```text', '1', '```'].join('\n')
  expect(examplesOfMarkdown(markdown, 'A.md')).toMatchObject([{ line: 1, output: undefined }])
})

test('blocks of other languages are no examples', () => {
  expect(examplesOfMarkdown('```sh\nls\n```\n```text\nts\n```\n    indented()', 'A.md')).toEqual([])
})

test('a block in a list or a quote is found', () => {
  const markdown = ['1. first', '', '   ```ts', '   one()', '   ```', '', '> ```ts', '> two()', '> ```'].join('\n')
  expect(examplesOfMarkdown(markdown, 'A.md')).toMatchObject([
    { line: 3, code: 'one()' },
    { line: 7, code: 'two()' },
  ])
})

test('the examples of doc comments keep their indentation and their line in the source', () => {
  const source = `
export class A {
  /**
   * Does it.
   * @example
   * \`\`\`ts
   * if (a) {
   *   b() // a * b
   * }
   * \`\`\`
   * \`\`\`text
   * b
   * \`\`\`
   * @see nothing
   */
  b() {}
}

/* \`\`\`ts
no()
\`\`\` */

/** \`\`\`ts
 * c()
 * \`\`\` */
`
  expect(examplesOfSource(source, 'a.ts')).toEqual([
    { file: 'a.ts', line: 6, code: 'if (a) {\n  b() // a * b\n}', output: 'b' },
    { file: 'a.ts', line: 23, code: 'c()', output: undefined },
  ])
})
