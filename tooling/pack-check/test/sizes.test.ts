import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { measureSizes, sizeDifferences, sizeTable } from '../src/sizes.ts'

test('a package is weighed alone, and with what it depends on', async () => {
  using project = mkdtempDisposableSync(join(tmpdir(), 'sizes-'))
  const install = (name: string, code: string) => {
    const folder = join(project.path, 'node_modules', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, type: 'module', exports: './index.js' }))
    writeFileSync(join(folder, 'index.js'), code)
  }
  const random = () => crypto.getRandomValues(Buffer.alloc(1000)).toString('base64')
  install('inner', `export const inner = '${random()}'`)
  install('outer', `import 'node:fs'\nexport { inner } from 'inner'\nexport const outer = '${random()}'`)
  const [size] = await measureSizes(project.path, ['outer'])
  expect(size?.alone).toBeGreaterThan(1000)
  expect(size?.alone).toBeLessThan(1500)
  expect((size?.all ?? 0) - (size?.alone ?? 0)).toBeGreaterThan(800)
})

test('a table differs by more than a tenth, and by packages that are new or gone', () => {
  const table = (alone: number, all: number, name = '@fosen/a') => sizeTable([{ name, alone, all }])
  expect(table(1234, 56_789).split('\n').at(-1)).toBe('| @fosen/a | 1.2 kB | 56.8 kB |')
  expect(sizeDifferences(table(1200, 56_000), table(1400, 57_000))).toEqual([])
  expect(sizeDifferences(table(1200, 50_000), table(1200, 60_000))).toEqual([
    '@fosen/a: the README says 1.2, 50, and it is 1.2, 60 kB',
  ])
  expect(sizeDifferences(table(1, 1, '@fosen/b'), table(1, 1))).toHaveLength(2)
})
