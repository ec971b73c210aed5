import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { examplesOfMarkdown } from '../src/extract.ts'
import { type Project, writeProject } from '../src/project.ts'
import { runExample } from '../src/run.ts'
import { typeCheck } from '../src/type-check.ts'

test('a type error is one of its example, at its line of the document', async () => {
  const project = examples(
    'types',
    `\`\`\`ts
const good = 1
export { good }
\`\`\`
\`\`\`ts
import { unheardOf } from '@fosen/coroutine'

const bad: { a: number } = { a: 'text' }
const list: string[] = []
const first: string = list[0]
\`\`\``,
  )
  const errors = await typeCheck(project)
  const [good, bad] = [...project.files.keys()].map(example => errors.of(example))
  expect(good).toEqual([])
  expect(bad).toEqual([
    expect.stringMatching(/^A\.md:6 error TS2305: .*unheardOf/),
    expect.stringMatching(/^A\.md:8 error TS2322: /),
    expect.stringMatching(/^A\.md:10 error TS2322: /),
    expect.stringMatching(/^ {2}Type 'undefined'/),
  ])
  expect(errors.elsewhere).toEqual([])
})

test('examples that declare the same names and await at the top do not disturb each other', async () => {
  const block = '```ts\nconst same = await Promise.resolve(1)\nconsole.log(same)\n```\n'
  const project = examples('scopes', block + block)
  const errors = await typeCheck(project)
  expect([...project.files.keys()].flatMap(example => errors.of(example))).toEqual([])
})

test('no examples are no error', async () => {
  expect((await typeCheck(examples('none', '# empty'))).elsewhere).toEqual([])
})

test.each([
  ['that prints exactly its text block', "console.log('1')", '1'],
  ['that prints nothing, as its text block says', '', ''],
  ['that has no text block', "console.log('anything')", undefined],
])('an example %s passes', async (_, code, output) => {
  expect(await problemsOf(code, output)).toEqual([])
})

test.each([
  ['that prints something else', "console.log('2')", '1', 'printed:\n2\nbut the document says:\n1\n'],
  ['that prints too little', '', '1', 'printed:\nbut the document says:\n1\n'],
  ['that prints too much', "console.log('1\\n')", '1', 'printed:\n1\n\nbut the document says:\n1\n'],
  ['that writes to stderr', "console.error('oh')", undefined, 'wrote to stderr:\noh\n'],
  ['that exits with a code', 'process.exit(3)', undefined, 'ended with exit code 3'],
  ['that is killed', "process.kill(process.pid, 'SIGKILL')", undefined, 'ended with SIGKILL'],
])('an example %s fails', async (_, code, output, problem) => {
  expect(await problemsOf(code, output)).toEqual([problem])
})

test('an example that does not end is stopped at the deadline and fails', async () => {
  expect(await problemsOf('setInterval(() => {}, 1000)', undefined, 500)).toEqual(['did not end within 500 ms'])
})

test('an example runs in an empty folder of its own', async () => {
  const code =
    "import { readdirSync, writeFileSync } from 'node:fs'\nconsole.log(readdirSync('.'))\nwriteFileSync('a', '')"
  const before = readdirSync('.')
  expect(await problemsOf(code, '[]')).toEqual([])
  expect(readdirSync('.')).toEqual(before)
})

test('an example that names the usual Redis gets one of its own', async () => {
  const code = `import { connect } from 'node:net'
const { hostname, port } = new URL('redis://127.0.0.1:6379')
const socket = connect(Number(port), hostname).setEncoding('utf8')
socket.end('INCR visits\\r\\nQUIT\\r\\n')
for await (const text of socket) console.log(text.split('\\r\\n')[0], port !== '6379')`
  expect(await problemsOf(code, ':1 true')).toEqual([])
  expect(await problemsOf(code, ':1 true')).toEqual([])
})

function examples(name: string, markdown: string): Project {
  return writeProject(`test-${name}`, examplesOfMarkdown(markdown, 'A.md'))
}

let runs = 0
async function problemsOf(code: string, output: string | undefined, deadline?: number): Promise<string[]> {
  const example = { file: 'A.md', line: 1, code, output }
  const [[, file] = ['', '']] = writeProject(`test-run-${runs++}`, [example]).files
  return await runExample(example, file, deadline)
}
