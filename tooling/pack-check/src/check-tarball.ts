import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { attw } from './attw.ts'
import { checkContents } from './check-contents.ts'
import { unpack } from './unpack.ts'

/**
 * All that is wrong with the tarball of a package, one problem a line: what our own rules, publint (warnings count)
 * and attw (as a package that is ESM only) find.
 */
export async function checkTarball(tarball: string): Promise<string[]> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'unpacked-'))
  unpack(tarball, folder.path)
  return [...checkContents(folder.path), ...(await lint(folder.path)), ...attw(tarball)]
}

async function lint(folder: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, level: 'warning', strict: true })
  return messages.map(message => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)
}
