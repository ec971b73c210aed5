import { basename } from 'node:path'

/** The pnpm that runs this script, if one does: it need not be on the PATH. */
export function pnpm(): string {
  const { npm_execpath: runner } = process.env
  return runner !== undefined && basename(runner).startsWith('pnpm') ? runner : 'pnpm'
}
