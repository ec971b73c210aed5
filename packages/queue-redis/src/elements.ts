import { inspect } from 'node:util'
import { type Codec, checkCodec, encodeValue, jsonCodec, textCodec } from '@fosen/queue'
import { InvalidElementError, SchemaError } from './errors.ts'
import { checkSchema, type StandardSchema } from './standard-schema.ts'

/** The longest that Redis takes, in bytes; it would break the connection over more, which would be sent again for ever. */
const longestElement = 512 * 2 ** 20
/** Of a string in UTF-8. */
const mostBytesPerUnit = 3
/** How many values, and bytes or characters, go with one command, so that it does not hold up the server for long. */
const mostPerCommand = 1_000
const mostLengthPerCommand = 1 << 20

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
    let total = 0
    for (const value of values) {
      const encoded = encodeValue(this.#codec, value)
      // It is written later, when the codec may have its bytes for another value.
      const element = typeof encoded === 'string' ? encoded : Buffer.from(encoded)
      const { length } = element
      if (length > longestElement / mostBytesPerUnit) checkLength(element)
      if (elements.length === 0 || elements.length === mostPerCommand || total + length > mostLengthPerCommand) {
        elements = []
        total = 0
        commands.push(elements)
      }
      elements.push(element)
      total += length
    }
    return commands
  }

  /** @throws InvalidElementError */
  async decode(element: Buffer): Promise<T> {
    try {
      const value = this.#codec.decode(element)
      return this.#schema === undefined ? value : await this.#validate(value, this.#schema)
    } catch (error) {
      throw this.#refusal(element, error)
    }
  }

  /**
   * The values of what was popped, less what went to onInvalid.
   *
   * @throws InvalidElementError, which has all that was popped and did not go there
   */
  async accept(popped: readonly Buffer[]): Promise<T[]> {
    const values: T[] = []
    const given = new Set<Buffer>()
    let refusal: InvalidElementError | undefined
    for (const element of popped) {
      try {
        const value = this.#codec.decode(element)
        values.push(this.#schema === undefined ? value : await this.#validate(value, this.#schema))
      } catch (error) {
        const failure = await this.#giveAway(element, this.#refusal(element, error))
        if (failure === undefined) given.add(element)
        else refusal ??= failure
      }
    }
    if (refusal === undefined) return values
    const { message, bytes, cause } = refusal
    const left = popped.filter(element => !given.has(element))
    throw new InvalidElementError(message, bytes, left, { cause })
  }

  async #validate(value: unknown, { '~standard': standard }: StandardSchema<T>): Promise<T> {
    const result = await standard.validate(value)
    if (result.issues === undefined) return result.value
    throw new SchemaError(result.issues)
  }

  /** What prevents it from being given away. */
  async #giveAway(element: Buffer, error: InvalidElementError): Promise<InvalidElementError | undefined> {
    if (this.#onInvalid === undefined) return error
    try {
      await this.#onInvalid(element, error)
      return undefined
    } catch (cause) {
      return new InvalidElementError(`${error.message}; and onInvalid failed`, element, [element], { cause })
    }
  }

  #refusal(element: Buffer, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : inspect(cause)
    const message = `an element of the list ${inspect(this.#list)} is no value of it: ${reason}`
    return new InvalidElementError(message, element, [element], { cause })
  }
}

function checkLength(element: string | Buffer) {
  const length = Buffer.byteLength(element)
  if (length > longestElement) throw new RangeError(`a value must take up to 512 MiB, not ${length} bytes`)
}
