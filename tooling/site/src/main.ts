import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, createServer } from 'vitepress'
import { writeReference } from './reference.ts'

// Writes the reference into docs/api, and serves the site until it is ended, or with --build writes it to dist.
const { values } = parseArgs({
  options: { build: { type: 'boolean', default: false }, port: { type: 'string', default: '5173' } },
})

const folder = fileURLToPath(new URL('..', import.meta.url))
await writeReference(fileURLToPath(new URL('../../../docs/api', import.meta.url)))
if (values.build) {
  await build(folder)
} else {
  const server = await createServer(folder, { port: Number(values.port), host: '127.0.0.1' })
  await server.listen()
  server.printUrls()
}
