import { fromMarkdown } from 'mdast-util-from-markdown'

/** A fenced `ts` block of a document, and what a `text` block directly after it says that it prints. */
export interface Example {
  /** The document, relative to the root of the repository. */
  readonly file: string
  /** The line of its opening fence. */
  readonly line: number
  readonly code: string
  readonly output: string | undefined
}

type Node = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>['children'][number]

/** The examples of a Markdown text whose first line is line `firstLine` of `file`. */
export function examplesOfMarkdown(markdown: string, file: string, firstLine = 1): Example[] {
  return examplesUnder(fromMarkdown(markdown)).map(({ line, ...example }) => ({
    ...example,
    file,
    line: firstLine + line - 1,
  }))
}

/** The examples of the `/** … *\/` comments of a source; each comment is one Markdown text. */
export function examplesOfSource(source: string, file: string): Example[] {
  return [...source.matchAll(/^[ \t]*\/\*\*.*?\*\//gms)].flatMap(({ 0: comment, index }) => {
    const markdown = comment.replace(/\*\/$/, '').replace(/^[ \t]*(\/\*\*|\*) ?/gm, '')
    return examplesOfMarkdown(markdown, file, source.slice(0, index).split('\n').length)
  })
}

function examplesUnder(parent: Node): Omit<Example, 'file'>[] {
  if (!('children' in parent)) return []
  return parent.children.flatMap((node, index) => {
    if (node.type !== 'code' || node.lang !== 'ts') return examplesUnder(node)
    const after = parent.children[index + 1]
    const output = after?.type === 'code' && after.lang === 'text' ? after.value : undefined
    return [{ line: node.position?.start.line ?? 1, code: node.value, output }]
  })
}
