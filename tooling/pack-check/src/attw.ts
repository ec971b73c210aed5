import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Report {
  analysis:
    | { types: false }
    | {
        types: object
        problems: { kind: string; entrypoint?: string; typesFileName?: string; resolutionKind?: string }[]
      }
}

/** What consumers of an ESM-only package do not meet. */
const ignored = ['node10', 'node16-cjs']

/** What "Are the types wrong?" finds in a tarball. */
export function attw(tarball: string): string[] {
  const bin = join(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json'), '../dist/index.js')
  const args = [bin, tarball, '--profile', 'esm-only', '--format', 'json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0 && stdout === '') throw new Error(`attw failed: ${stderr}`)
  const { analysis }: Report = JSON.parse(stdout)
  if (!analysis.types) return ['attw: there are no types']
  if (status === 0) return []
  return analysis.problems
    .filter(({ resolutionKind = '' }) => !ignored.includes(resolutionKind))
    .map(({ kind, entrypoint, typesFileName, resolutionKind }) =>
      ['attw:', kind, entrypoint, typesFileName, resolutionKind].filter(part => part !== undefined).join(' '),
    )
}
