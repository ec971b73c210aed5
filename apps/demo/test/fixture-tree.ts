import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const large = Buffer.concat([randomBytes(1_500_000), Buffer.from('the same line again\n'.repeat(120_000))])

/** The files that are read, by path, in the order of the bytes of their paths. */
export const contents: readonly (readonly [path: string, content: string | Buffer])[] = [
  ['Upper.txt', 'U comes before lower case\n'],
  ['carriage\rreturn', 'c\r\n'],
  ['comma, and space.txt', 'one\ntwo\n'],
  ['deep/er/still/file.json', '{}\n'],
  ['deep/twin.txt', 'one\ntwo\n'],
  ['empty', ''],
  ['large.bin', large],
  ['new\nline.txt', 'no newline at the end'],
  ['quo"te\'s.txt', '\n'],
  ['ünïcödé.txt', 'ü\n'],
  ['中文.md', '# 标题\n'],
  // By UTF-16 code units these two would change places.
  ['\uff5e.txt', 'before the plane of emoji\n'],
  ['😀.txt', 'after it\n'],
]

/** The paths that have an error, with it. */
export const errors: readonly (readonly [path: string, error: string])[] = [
  ['locked/', 'EACCES'],
  ['secret.txt', 'EACCES'],
]

/** A folder with everything that a walk can meet; `remove` takes it away. */
export function makeFixtureTree() {
  const base = mkdtempSync(join(tmpdir(), 'fosen-demo-'))
  const folder = join(base, 'tree')
  for (const [path, content] of contents) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  mkdirSync(join(folder, 'locked'))
  writeFileSync(join(folder, 'locked/inside.txt'), 'not found')
  writeFileSync(join(folder, 'secret.txt'), 'not read')
  chmodSync(join(folder, 'locked'), 0)
  chmodSync(join(folder, 'secret.txt'), 0)
  execFileSync('mkfifo', [join(folder, 'pipe')])
  symlinkSync('Upper.txt', join(folder, 'link'))
  symlinkSync('deep', join(folder, 'link-to-folder'))
  symlinkSync('nowhere', join(folder, 'broken-link'))
  mkdirSync(join(folder, 'empty-folder'))
  const remove = () => {
    chmodSync(join(folder, 'locked'), 0o700)
    rmSync(base, { recursive: true })
  }
  return { base, folder, remove }
}
