/** The part of a document that a tool writes: what is between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
export class GeneratedPart {
  readonly #name: string
  readonly #before: string
  readonly #after: string
  readonly text: string

  /** @throws Error when the document has no such part */
  constructor(document: string, name: string) {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`]
    const [from, to] = [document.indexOf(begin), document.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`there is no part ${begin} … ${end}`)
    this.#name = name
    this.#before = document.slice(0, from + begin.length)
    this.#after = document.slice(to)
    this.text = document.slice(from + begin.length, to).trim()
  }

  get name(): string {
    return this.#name
  }

  /** The document with another text in this part. */
  replaced(text: string): string {
    return `${this.#before}\n${text}\n${this.#after}`
  }
}
