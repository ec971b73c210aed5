import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Example } from './extract.ts'
import type { Project } from './project.ts'

export interface TypeErrors {
  /** The errors of an example, each with its place in the document. */
  of(example: Example): readonly string[]
  /** The errors in what the examples import, or in the configuration. */
  readonly elsewhere: readonly string[]
}

/** Type-checks all examples in one run of tsc. */
export async function typeCheck({ folder, files }: Project): Promise<TypeErrors> {
  const elsewhere: string[] = []
  const errors = new Map([...files.keys()].map(example => [example, [] as string[]]))
  const examples = new Map([...files].map(([example, file]) => [file, example]))
  let list = elsewhere
  for (const line of files.size === 0 ? [] : await tsc(folder)) {
    const [, file = '', row, message] = /^(\S+)\((\d+),\d+\): (.*)$/.exec(line) ?? []
    const example = examples.get(join(folder, file))
    // The further lines of a message are indented.
    if (!line.startsWith(' ')) list = (example && errors.get(example)) ?? elsewhere
    list.push(example === undefined ? line : `${example.file}:${example.line + Number(row)} ${message}`)
  }
  return { elsewhere, of: example => errors.get(example) ?? [] }
}

function tsc(folder: string): Promise<string[]> {
  const bin = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, '--pretty', 'false'], { cwd: folder }, (error, stdout, stderr) => {
      if (error !== null && stdout === '') reject(new Error(`tsc failed: ${stderr}`, { cause: error }))
      else resolve(stdout.split('\n').filter(line => line !== ''))
    })
  })
}
