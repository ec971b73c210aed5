import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'
import { runSmoke } from '../src/run-smoke.ts'

const indexOf = (name: string) => fileURLToPath(import.meta.resolve(`../../../packages/${name}/src/index.ts`))

test('a coroutine is awaited in an async function also where the packages are part of the bundle', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'bundle-'))
  const program = join(folder.path, 'main.mjs')
  writeFileSync(
    program,
    `import { coroutine } from '@fosen/coroutine'
    import { EventLoop, sleep } from '@fosen/event-loop'
    const work = coroutine(function* () {
      yield* sleep(0)
      return 'passed'
    })
    const loop = new EventLoop()
    console.log('smoke', await loop.runUntilComplete(async () => await work()))
    loop.close()`,
  )
  const alias = { '@fosen/coroutine': indexOf('coroutine'), '@fosen/event-loop': indexOf('event-loop') }
  await using bundle = await rolldown({ input: program, platform: 'node', logLevel: 'silent', resolve: { alias } })
  const bundled = join(folder.path, 'main.bundled.mjs')
  await bundle.write({ file: bundled, format: 'esm' })
  expect(runSmoke(process.execPath, bundled)).toEqual([])
})
