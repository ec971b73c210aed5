import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contents, errors, makeFixtureTree } from './fixture-tree.ts'
import { runDemo } from './run-demo.ts'

let tree: ReturnType<typeof makeFixtureTree>
let reference: string
beforeAll(async () => {
  tree = makeFixtureTree()
  reference = await index('reference.csv')
})
afterAll(() => tree.remove())

async function index(name: string, ...args: string[]): Promise<string> {
  const out = join(tree.base, name)
  const run = await runDemo([tree.folder, '--out', out, ...args], { unprivileged: true })
  expect(run).toMatchObject({ code: 0 })
  return readFileSync(out, 'utf8')
}

/** What a tool of the system says of a file that it reads from its standard input. */
const ask = (path: string, command: string) =>
  execFileSync('sh', ['-c', `${command} < "$1"`, 'sh', join(tree.folder, path)], { encoding: 'utf8' }).trim()

describe('the index', () => {
  test('says of every file what sha256sum, wc and zlib say, in the order of the bytes of the paths', () => {
    const sha256sum = process.platform === 'darwin' ? 'shasum -a 256' : 'sha256sum'
    const files = contents.map(([path]) => ({
      path,
      bytes: ask(path, 'wc -c'),
      lines: ask(path, 'wc -l'),
      sha256: ask(path, sha256sum).split(' ')[0],
      gzip_bytes: String(gzipSync(readFileSync(join(tree.folder, path))).length),
      error: '',
    }))
    const failed = errors.map(([path, error]) => ({ path, bytes: '', lines: '', sha256: '', gzip_bytes: '', error }))
    const rows: Record<string, string>[] = parse(reference, { columns: true })
    expect(rows.filter(row => row.error === '')).toEqual(files)
    expect(rows.filter(row => row.error !== '')).toEqual(failed)
    const paths = rows.map(row => Buffer.from(row.path ?? ''))
    expect(paths).toEqual(paths.toSorted(Buffer.compare))
  })

  test('begins with its columns, and quotes what needs quotes', () => {
    expect(reference).toMatch(/^path,bytes,lines,sha256,gzip_bytes,error\nUpper\.txt,26,1,/)
    expect(reference).toContain('\n"quo""te\'s.txt",')
    expect(reference).toContain('\n"new\nline.txt",')
    expect(reference).toContain('\n"carriage\rreturn",')
    expect(reference).toContain('\nsecret.txt,,,,,EACCES\n')
  })

  test.each([
    ['one thread', ['--threads', '1']],
    ['five threads', ['--threads', '5']],
    ['Redis', ['--queue', 'redis']],
    ['Redis and three threads', ['--queue', 'redis', '--threads', '3']],
    ['two worker processes', ['--workers', '2']],
  ])('is the same, byte for byte, with %s', async (name, args) => {
    expect(await index(`${name}.csv`, ...args)).toBe(reference)
  })

  test('is the same when it is written into the folder, over an older one, by whatever path', async () => {
    const out = join(tree.folder, 'index.csv')
    const link = join(tree.base, 'link-to-tree')
    symlinkSync(tree.folder, link)
    for (const [folder, path] of [
      [tree.folder, out],
      [link, out],
      [tree.folder, join(link, 'index.csv')],
    ] as const) {
      writeFileSync(out, 'an older index')
      const run = await runDemo([folder, '--out', path], { unprivileged: true })
      expect(run.code).toBe(0)
      expect(readFileSync(out, 'utf8')).toBe(reference)
    }
  })
})
