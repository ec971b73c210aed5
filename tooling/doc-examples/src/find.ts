import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Example, examplesOfMarkdown, examplesOfSource } from './extract.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The names of the folders under packages/. */
export function packageNames(): string[] {
  return globSync('packages/*/package.json', { cwd: root })
    .map(file => basename(dirname(file)))
    .sort()
}

/** Every example of the READMEs, of docs/, and of the doc comments of the packages' sources. */
export function findExamples(): Example[] {
  const documents = globSync(['README.md', 'packages/*/README.md', 'docs/**/*.md'], {
    cwd: root,
    // Made of the docstrings, whose examples are found where they are written.
    exclude: ['**/node_modules', 'docs/api/**'],
  })
  const sources = globSync('packages/*/src/**/*.ts', { cwd: root })
  return [
    ...documents.sort().flatMap(file => examplesOfMarkdown(read(file), file)),
    ...sources.sort().flatMap(file => examplesOfSource(read(file), file)),
  ]
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
