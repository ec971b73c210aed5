/** What a use does on each runtime: undefined where it works, why it does not, or that the runtime cannot be had. */
export interface Row {
  readonly use: string
  readonly results: readonly Result[]
}
export type Result = { readonly problem: string | undefined } | 'not there'

/** The table, and below it why what does not work does not. */
export function supportTable(runtimes: readonly string[], rows: readonly Row[]): string {
  const reasons: string[] = []
  const cell = (result: Result) => {
    if (result === 'not there') return 'not tried: the binary could not be had'
    if (result.problem === undefined) return 'yes'
    if (!reasons.includes(result.problem)) reasons.push(result.problem)
    return `no [${reasons.indexOf(result.problem) + 1}]`
  }
  const lines = [['', ...runtimes], ...rows.map(({ use, results }) => [use, ...results.map(cell)])].map(cells =>
    `| ${cells.join(' | ')} |`.replace('|  |', '| |'),
  )
  lines.splice(1, 0, `|${'---|'.repeat(runtimes.length + 1)}`)
  const notes = reasons.map((reason, i) => `${i + 1}. \`${reason.replaceAll('`', "'")}\``)
  return [...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n')
}

/**
 * What a table says that a run has not found: a runtime that could not be had is not asked about.
 * @param written the table as it is in the document
 * @param found the table of this run
 * @param runtimes those that were there
 */
export function differences(written: string, found: string, runtimes: readonly string[]): string[] {
  const [before, now] = [parse(written), parse(found)]
  return [...new Set([...before.keys(), ...now.keys()])].flatMap(key => {
    const [use = '', runtime = ''] = key.split('\n')
    const [old, is] = [before.get(key), now.get(key)]
    if (old === is || !runtimes.includes(runtime)) return []
    return [`${use} on ${runtime}: the README says ${old ?? 'nothing'}, and it is ${is ?? 'no use'}`]
  })
}

/** Cells by use and runtime, with the reason in the place of its number. */
function parse(table: string): Map<string, string> {
  const lines = table.split('\n')
  const rows = lines
    .filter(line => line.startsWith('|'))
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    )
  const reasons = new Map(lines.map(line => /^(\d+)\. (.*)$/.exec(line)).map(match => [match?.[1], match?.[2]]))
  const [[, ...runtimes] = [], , ...uses] = rows
  const named = (cell: string) => cell.replace(/\[(\d+)\]/, (_, number: string) => `${reasons.get(number)}`)
  return new Map(
    uses.flatMap(([use, ...cells]) =>
      cells.map((cell, i): [string, string] => [`${use}\n${runtimes[i] ?? ''}`, named(cell)]),
    ),
  )
}
