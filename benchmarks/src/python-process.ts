import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { python } from '@fosen/python'
import { Timed } from './workload.ts'

/** A process of Python that runs one program after the other, and takes the time of each itself. */
export class PythonProcess {
  readonly #child
  readonly #closed: Promise<unknown>
  readonly #answers: AsyncIterator<string>

  /** @param script answers each line, `[program, ...args]`, with a line `{ given, milliseconds }`, both as JSON */
  constructor(script: URL, ...args: string[]) {
    this.#child = spawn(python, [fileURLToPath(script), ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#closed = once(this.#child, 'close')
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
    // When it has ended, that is what the answers tell.
    this.#child.stdin.on('error', () => {})
  }

  /** @throws Error when the process ends instead */
  async ask(program: string, args: readonly number[]): Promise<Timed> {
    this.#child.stdin.write(`${JSON.stringify([program, ...args])}\n`)
    const answer = await this.#answers.next()
    if (answer.done) throw new Error(`${python} has ended in ${program}(${args.join(', ')})`)
    const { given, milliseconds } = JSON.parse(answer.value)
    return new Timed(given, milliseconds)
  }

  async close(): Promise<void> {
    this.#child.stdin.end()
    await this.#closed
  }
}
