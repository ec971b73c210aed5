import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DefaultTheme, UserConfig } from 'vitepress'

const docs = fileURLToPath(new URL('../../../docs', import.meta.url))

const guides = [
  'from-python',
  'from-worker-threads',
  'from-bullmq',
  'testing-in-virtual-time',
  'going-to-a-fleet',
  'when-things-fail',
]

/** A page, called by its first heading. */
const page = (file: string): DefaultTheme.SidebarItem => {
  const [, text = file] = /^# (.*)$/m.exec(readFileSync(join(docs, file), 'utf8')) ?? []
  return { text: text.replaceAll('\\', ''), link: `/${file.replace(/\.md$/, '')}` }
}
const pages = (pattern: string) => globSync(pattern, { cwd: docs }).sort()

/** An entry of a package, with a page for each of its exports. */
const entry = (folder: string): DefaultTheme.SidebarItem => ({
  ...page(`${folder}/index.md`),
  collapsed: true,
  items: pages(`${folder}/*/*.md`)
    .map(file => ({ text: basename(file, '.md'), link: `/${file.replace(/\.md$/, '')}` }))
    .filter(({ text }) => text !== 'index')
    .sort((a, b) => a.text.localeCompare(b.text)),
})

const config: UserConfig<DefaultTheme.Config> = {
  title: 'fosen',
  description: "Python's concurrency toolbox for Node",
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: docs,
  srcExclude: ['README.md'],
  outDir: './dist',
  // The decisions name files of the repository.
  ignoreDeadLinks: [/\.\.\/(?:packages|apps|benchmarks|tooling)\//],
  vite: {
    build: { chunkSizeWarningLimit: 2000 },
    plugins: [
      {
        // The pages are outside of the folder that has Vue.
        name: 'vue-of-the-site',
        enforce: 'pre',
        async resolveId(id, importer) {
          if (!/^vue($|\/)/.test(id) || !importer?.startsWith(docs)) return undefined
          return await this.resolve(id, fileURLToPath(import.meta.url), { skipSelf: true })
        },
      },
    ],
  },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/guides/from-python' },
      { text: 'Reference', link: '/api/' },
    ],
    sidebar: [
      { text: 'Guides', items: guides.map(name => page(`guides/${name}.md`)) },
      { text: 'Reference', items: pages('api/@fosen/**/index.md').map(dirname).sort().map(entry) },
      { text: 'Decisions', collapsed: true, items: pages('decisions/*.md').map(page) },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
  },
}
export default config
