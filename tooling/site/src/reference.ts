import { globSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, Comment, ReflectionKind, type TypeDocOptions } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'

const root = fileURLToPath(new URL('../../..', import.meta.url))

interface Manifest {
  readonly folder: string
  readonly name: string
  readonly description: string
  readonly exports: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Every package, after those that it depends on: what several export is described where it comes from. */
function manifests(): Manifest[] {
  const count = ({ dependencies = {} }: Manifest) => Object.keys(dependencies).length
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .map(
      file => ({ folder: join(root, file, '..'), ...JSON.parse(readFileSync(join(root, file), 'utf8')) }) as Manifest,
    )
    .sort((a, b) => count(a) - count(b))
}

/** Every entry that a package exports, by the name that it is imported by. */
export function entries(): Map<string, string> {
  return new Map(
    manifests().flatMap(({ folder, name, exports }) =>
      Object.entries(exports)
        .filter(([, path]) => path.endsWith('.ts'))
        .map(([entry, path]): [string, string] => [join(name, entry), join(folder, path)]),
    ),
  )
}

/**
 * Writes the reference of all packages into `out`, as Markdown, from their docstrings: a page for each export.
 * @throws Error when typedoc finds something wrong
 */
export async function writeReference(out: string): Promise<void> {
  const modules = entries()
  const options: TypeDocOptions & Partial<PluginOptions> = {
    entryPoints: [...modules.values()],
    outputs: [{ name: 'markdown', path: out }],
    tsconfig: fileURLToPath(new URL('../tsconfig.reference.json', import.meta.url)),
    plugin: [fileURLToPath(import.meta.resolve('typedoc-plugin-markdown'))],
    readme: 'none',
    router: 'member',
    entryFileName: 'index',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    hideGroupHeadings: false,
    useCodeBlocks: true,
    indexFormat: 'table',
    parametersFormat: 'table',
    propertiesFormat: 'table',
    interfacePropertiesFormat: 'table',
    excludePrivate: true,
    excludeExternals: true,
    excludeInternal: true,
    disableSources: true,
    skipErrorChecking: true,
    sort: ['source-order'],
    logLevel: 'Error',
  }
  const app = await Application.bootstrapWithPlugins(options)
  const names = new Map(Array.from(modules, ([name, path]) => [path, name]))
  const points = app.getEntryPoints()
  if (!points) throw new Error('typedoc has no entry points')
  for (const point of points)
    point.displayName = names.get(point.sourceFile.fileName) ?? relative(root, point.sourceFile.fileName)
  rmSync(out, { recursive: true, force: true })
  const project = app.converter.convert(points)
  for (const { name, description } of manifests()) {
    const entry = project.getReflectionsByKind(ReflectionKind.Module).find(it => it.name === name)
    if (entry) entry.comment = new Comment([{ kind: 'text', text: `${description}.` }])
  }
  await app.generateOutputs(project)
  if (app.logger.hasErrors()) throw new Error('typedoc has found errors')
}
