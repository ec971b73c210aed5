import { mkdirSync, mkdtempDisposableSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { build } from '../src/build.ts'

test('a build has the packages as they are published, and with them what they depend on', async () => {
  const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))
  mkdirSync(cache, { recursive: true })
  using folder = mkdtempDisposableSync(join(cache, 'build-test-'))
  const src = await build(folder.path)
  expect(readdirSync(join(folder.path, 'node_modules/@fosen'))).toEqual(expect.arrayContaining(['shared-memory']))

  const file = join(src, 'resolve.js')
  writeFileSync(file, "export const found = ['@fosen/thread-async', 'piscina'].map(name => import.meta.resolve(name))")
  const { found } = await import(pathToFileURL(file).href)
  const published = pathToFileURL(join(folder.path, 'node_modules/@fosen/thread-async/dist/index.js')).href
  expect(found).toEqual([published, expect.stringContaining('/piscina/')])
})
