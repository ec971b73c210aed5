import { extname, join } from 'node:path'
import { build, type Rolldown } from 'vite'

/** A file of the page, ready to be sent. */
export interface Asset {
  readonly type: string
  readonly content: string | Uint8Array<ArrayBuffer>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Builds the page, in memory; gives its files by their paths in URLs. */
export async function bundlePage(): Promise<ReadonlyMap<string, Asset>> {
  const { output } = (await build({
    root: join(import.meta.dirname, '../../page'),
    configFile: false,
    logLevel: 'silent',
    build: { write: false, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  })) as Rolldown.RolldownOutput
  return new Map(
    output.map(file => {
      const type = types[extname(file.fileName)] ?? 'application/octet-stream'
      const content = file.type === 'chunk' ? file.code : (file.source as string | Uint8Array<ArrayBuffer>)
      return [file.fileName === 'index.html' ? '/' : `/${file.fileName}`, { type, content }]
    }),
  )
}
