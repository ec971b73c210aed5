import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Machine } from '../src/index.ts'

/** A machine whose PATH is these directories of commands, each given as the body of a shell script. */
export function fakeMachine(
  directories: Record<string, Record<string, string>>,
  machine: Partial<Machine> = {},
): Machine & { root: string } & Disposable {
  const root = mkdtempSync(join(tmpdir(), 'fosen-fake-machine-'))
  for (const [directory, commands] of Object.entries(directories)) {
    mkdirSync(join(root, directory))
    for (const [name, body] of Object.entries(commands)) {
      writeFileSync(join(root, directory, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
    }
  }
  const PATH = Object.keys(directories)
    .map(directory => join(root, directory))
    .join(delimiter)
  return {
    platform: 'linux',
    uid: 0,
    ...machine,
    env: { PATH, BIN: join(root, 'bin'), ...machine.env },
    root,
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  }
}
