import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('node_modules/@fosen/', import.meta.url)

/** Imports every module that a package exports, from the package's dist. */
export async function importPackages() {
  for (const name of readdirSync(folder)) {
    const { exports } = JSON.parse(readFileSync(new URL(`${name}/package.json`, folder), 'utf8'))
    for (const path of Object.keys(exports).filter(path => path !== './package.json')) {
      const specifier = `@fosen/${name}${path.slice(1)}`
      const resolved = import.meta.resolve(specifier)
      assert.ok(resolved.startsWith(new URL(`${name}/dist/`, folder).href), `${specifier} is ${resolved}`)
      assert.notDeepEqual(Object.keys(await import(specifier)), [], `${specifier} exports nothing`)
    }
  }
}
