import { globSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/**
 * Bundles the programs of a project as the README of @fosen/thread-async says: each module with portable functions is an
 * entry, the packages stay outside, and names are kept. What `main.mjs` becomes is `main.bundled.mjs`, beside it.
 */
export async function bundlePrograms(project: string): Promise<string> {
  await using bundle = await rolldown({
    cwd: project,
    input: globSync('*.mjs', { cwd: project }).map(file => `./${file}`),
    external: /^@fosen\//,
    platform: 'node',
    logLevel: 'silent',
  })
  const entryFileNames = '[name].bundled.mjs'
  await bundle.write({ dir: project, format: 'esm', minify: true, keepNames: true, entryFileNames })
  return join(project, 'main.bundled.mjs')
}
