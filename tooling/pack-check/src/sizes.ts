import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/** What the main export of a package weighs in a bundle, minified and gzipped: bytes. */
export interface Size {
  readonly name: string
  /** Without what it depends on. */
  readonly alone: number
  /** With all of it. */
  readonly all: number
}

/** Bundles all that the main entry of each package exports, as it is installed in `project`. */
export async function measureSizes(project: string, names: readonly string[]): Promise<Size[]> {
  const sizes: Size[] = []
  for (const name of names) {
    const alone = await measure(project, name, id => /^[^./]/.test(id) && id !== name && id !== entry)
    sizes.push({ name, alone, all: await measure(project, name, () => false) })
  }
  return sizes
}

const entry = 'size-of-a-package'

async function measure(project: string, name: string, external: (id: string) => boolean): Promise<number> {
  await using bundle = await rolldown({
    cwd: project,
    input: entry,
    external: id => id.startsWith('node:') || external(id),
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      {
        name: entry,
        resolveId: id => (id === entry ? `${project}/${entry}.mjs` : undefined),
        load: id => (id === `${project}/${entry}.mjs` ? `export * from '${name}'` : undefined),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  return output.reduce((sum, file) => sum + (file.type === 'chunk' ? gzipSync(file.code).length : 0), 0)
}

/** In kB, to be read by people. */
export function sizeTable(sizes: readonly Size[]): string {
  const rows = sizes.map(({ name, alone, all }) => `| ${name} | ${kilobytes(alone)} | ${kilobytes(all)} |`)
  return ['| minified and gzipped | alone | with what it depends on |', '|---|---|---|', ...rows].join('\n')
}

/** What a table says that is off by more than a tenth and 0.3 kB: not each change of a source asks for a new table. */
export function sizeDifferences(written: string, found: string): string[] {
  const [before, now] = [parse(written), parse(found)]
  return [...new Set([...before.keys(), ...now.keys()])].flatMap(name => {
    const [old = [], is = []] = [before.get(name), now.get(name)]
    const same = old.length === is.length && is.every((size, i) => isNear(size, old[i] ?? 0))
    return same
      ? []
      : [`${name}: the README says ${old.join(', ') || 'nothing'}, and it is ${is.join(', ') || 'nothing'} kB`]
  })
}

const isNear = (a: number, b: number) => Math.abs(a - b) <= Math.max(0.3, a / 10)
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

function parse(table: string): Map<string, number[]> {
  const rows = table.matchAll(/^\| (@\S+) \| (\S+) kB \| (\S+) kB \|$/gm)
  return new Map(Array.from(rows, ([, name = '', ...sizes]) => [name, sizes.map(Number)]))
}
