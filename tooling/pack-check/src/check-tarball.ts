import { spawnSync } from 'node:child_process'
import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { attw } from './attw.ts'
import { checkContents } from './check-contents.ts'

/**
 * All that is wrong with the tarball of a package, one problem a line: what our own rules, publint (warnings count)
 * and attw (as a package that is ESM only) find.
 */
export async function checkTarball(tarball: string): Promise<string[]> {
  using temporary = mkdtempDisposableSync(join(tmpdir(), 'unpacked-'))
  const { status, stderr } = spawnSync('tar', ['-xzf', tarball, '-C', temporary.path], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tar could not unpack ${tarball}: ${stderr}`)
  const folder = join(temporary.path, 'package')
  return [...checkContents(folder), ...(await lint(folder)), ...attw(tarball)]
}

async function lint(folder: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, level: 'warning', strict: true })
  return messages.map(message => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)
}
