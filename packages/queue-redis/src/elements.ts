import { inspect } from 'node:util'
import { type Codec, checkCodec, jsonCodec, textCodec } from './codec.ts'
import { InvalidElementError } from './errors.ts'
import { checkSchema, describeIssues, type StandardSchema } from './standard-schema.ts'

/** The longest that Redis takes, in bytes; it would break the connection over more, which would be sent again for ever. */
const longestElement = 512 * 2 ** 20
/** How many values, and about how many bytes, go with one command, so that it does not hold up the server for long. */
const mostPerCommand = 1_000
const mostBytesPerCommand = 1 << 20

export interface ElementOptions<T> {
  /** How values become bytes; text by default, and JSON when there is a schema. */
  readonly codec?: Codec<T> | undefined
  /** What the decoded values must be: a validator of Zod, Valibot, ArkType or another that has the Standard Schema. */
  readonly schema?: StandardSchema<T> | undefined
  /**
   * Is given what was popped and is no value, for the codec or the schema, so that it is not lost; the pop waits for it, and
   * goes on to the next element. Without it, or when it fails, the pop rejects with an InvalidElementError, which has the
   * bytes.
   */
  readonly onInvalid?: ((bytes: Buffer, error: InvalidElementError) => unknown) | undefined
}

/** Turns the values of a list into its elements, and back. */
export class Elements<T> {
  readonly #list: string
  readonly #codec: Codec<T>
  readonly #schema: StandardSchema<T> | undefined
  readonly #onInvalid: ElementOptions<T>['onInvalid']

  /** @throws TypeError for a bad option */
  constructor(list: string, { codec, schema, onInvalid }: ElementOptions<T>) {
    this.#list = list
    // The type of the options has it that without a codec and a schema the values are strings.
    this.#codec = codec ?? (schema === undefined ? (textCodec as Codec<unknown> as Codec<T>) : jsonCodec<T>())
    this.#schema = schema
    this.#onInvalid = onInvalid
    checkCodec(this.#codec)
    if (schema !== undefined) checkSchema(schema)
    if (onInvalid === undefined || typeof onInvalid === 'function') return
    throw new TypeError(`onInvalid must be a function, not ${inspect(onInvalid)}`)
  }

  /**
   * The values as what commands carry. All are encoded before the first is given.
   *
   * @throws RangeError for one that is longer than Redis takes, TypeError for one that the codec refuses
   */
  encode(values: Iterable<T>): (string | Buffer)[][] {
    const commands: (string | Buffer)[][] = []
    let elements: (string | Buffer)[] = []
    let bytes = 0
    for (const value of values) {
      const element = this.#codec.encode(value)
      const length = Buffer.byteLength(element)
      if (length > longestElement) throw new RangeError(`a value must take up to 512 MiB, not ${length} bytes`)
      if (elements.length === 0 || elements.length === mostPerCommand || bytes + length > mostBytesPerCommand) {
        elements = []
        bytes = 0
        commands.push(elements)
      }
      elements.push(element)
      bytes += length
    }
    return commands
  }

  /** @throws InvalidElementError */
  async decode(element: Buffer): Promise<T> {
    return this.#valueOf(element)
  }

  /**
   * The values of what was popped, less what went to onInvalid.
   *
   * @throws InvalidElementError, which has all that was popped and did not go there
   */
  async accept(popped: readonly Buffer[]): Promise<T[]> {
    const values: T[] = []
    const left: Buffer[] = []
    let refusal: InvalidElementError | undefined
    for (const element of popped) {
      try {
        const value = this.#valueOf(element)
        values.push(value instanceof Promise ? await value : value)
        left.push(element)
      } catch (error) {
        const failure = await this.#giveAway(element, error as InvalidElementError)
        if (failure === undefined) continue
        left.push(element)
        refusal ??= failure
      }
    }
    if (refusal === undefined) return values
    const { message, bytes, cause } = refusal
    throw new InvalidElementError(message, bytes, left, { cause })
  }

  #valueOf(element: Buffer): T | Promise<T> {
    let value: T
    try {
      value = this.#codec.decode(element)
    } catch (cause) {
      throw this.#refusal(element, cause instanceof Error ? cause.message : inspect(cause), cause)
    }
    return this.#schema === undefined ? value : this.#validate(element, value, this.#schema)
  }

  async #validate(element: Buffer, value: unknown, { '~standard': standard }: StandardSchema<T>): Promise<T> {
    const result = await standard.validate(value)
    if (result.issues === undefined) return result.value
    throw this.#refusal(element, describeIssues(result.issues), result.issues)
  }

  /** What prevents it from being given away. */
  async #giveAway(element: Buffer, error: InvalidElementError): Promise<InvalidElementError | undefined> {
    if (this.#onInvalid === undefined) return error
    try {
      await this.#onInvalid(element, error)
      return undefined
    } catch (cause) {
      return this.#refusal(element, `${error.message}; and onInvalid failed`, cause)
    }
  }

  #refusal(element: Buffer, reason: string, cause: unknown) {
    const message = `an element of the list ${inspect(this.#list)} is no value of it: ${reason}`
    return new InvalidElementError(message, element, [element], { cause })
  }
}
