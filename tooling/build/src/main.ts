import { spawnSync } from 'node:child_process'
import { cpSync, rmSync, statSync } from 'node:fs'
import { extname } from 'node:path'

// Builds the package in the current folder: dist holds what tsc makes of src, and the files of src that are no code of
// its own, and nothing of an earlier build.
rmSync('dist', { recursive: true, force: true })
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (status !== 0) process.exit(1)
cpSync('src', 'dist', {
  recursive: true,
  filter: path => statSync(path).isDirectory() || !['.ts', '.js'].includes(extname(path)),
})
