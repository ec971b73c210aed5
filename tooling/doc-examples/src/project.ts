import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Example } from './extract.ts'

/** A folder in which each example is a file of one TypeScript project. */
export interface Project {
  readonly folder: string
  readonly files: ReadonlyMap<Example, string>
}

/** Writes the examples to `.examples/<name>`, from where `@fosen/…` resolves; what was there is gone. */
export function writeProject(name: string, examples: readonly Example[]): Project {
  const folder = fileURLToPath(new URL(`../.examples/${name}`, import.meta.url))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const config = { extends: '../../../../tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const files = new Map(examples.map(example => [example, join(folder, `${slug(example)}.ts`)]))
  for (const [example, file] of files) writeFileSync(file, `${example.code}\n`)
  return { folder, files }
}

function slug({ file, line }: Example): string {
  return `${file}-${line}`.replaceAll(/\W+/g, '-')
}
