import { Deserializer, Serializer } from 'node:v8'
import { findForeign } from './find-foreign.ts'

/** What is serialized begins with it, and nothing that a codec writes does. */
const version = 0xff

/** Whether the item that begins there was written by `serialize`. */
export const isSerialized = (bytes: Uint8Array, start: number) => bytes[start] === version

/**
 * A value of any kind that JavaScript itself has, as bytes: for what a codec does not take.
 *
 * @throws TypeError that names the part which is of another kind
 * @throws Error where the runtime has no Serializer
 */
export function serialize(value: unknown): Uint8Array {
  const foreign = findForeign(value)
  if (foreign) throw refusal(`${foreign.path === '' ? 'the value' : `${foreign.path} of the value`} is ${foreign.what}`)
  const serializer = newSerializer()
  serializer.writeHeader()
  try {
    serializer.writeValue(value)
  } catch (error) {
    throw refusal((error as Error).message, { cause: error })
  }
  return serializer.releaseBuffer()
}

/** The value that `serialize` was given, in memory of its own. */
export function deserialize(bytes: Uint8Array): unknown {
  const deserializer = new ItemDeserializer(bytes)
  deserializer.readHeader()
  return deserializer.readValue()
}

function newSerializer(): ItemSerializer {
  try {
    return new ItemSerializer()
  } catch (error) {
    // Bun has the class and not what it does.
    throw new Error(
      'this runtime lacks the Serializer of node:v8: here a SharedDeque takes small strings, numbers, bigints, arrays ' +
        'and plain objects of them',
      { cause: error },
    )
  }
}

const refusal = (why: string, options?: ErrorOptions) => new TypeError(`a SharedDeque takes data, and ${why}`, options)

/** Views by the names that they give themselves. The newer ones are not on each version of Node. */
const viewNames = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
]
const buffer = viewNames.length

/** Writes of a view the bytes that it shows, and not all of the memory behind it: a small Buffer shows few of 8192. */
class ItemSerializer extends Serializer {
  constructor() {
    super()
    ;(this as unknown as HostObjects)._setTreatArrayBufferViewsAsHostObjects(true)
  }

  _writeHostObject(view: ArrayBufferView & { readonly [Symbol.toStringTag]: string }): void {
    this.writeUint32(Buffer.isBuffer(view) ? buffer : viewNames.indexOf(view[Symbol.toStringTag]))
    this.writeUint32(view.byteLength)
    this.writeRawBytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  }
}

class ItemDeserializer extends Deserializer {
  _readHostObject(): ArrayBufferView {
    const kind = this.readUint32()
    const bytes = new Uint8Array(this.readRawBytes(this.readUint32()))
    if (kind === buffer) return Buffer.from(bytes.buffer)
    const View = globalThis[viewNames[kind] as keyof typeof globalThis] as ViewClass
    return new View(bytes.buffer)
  }
}

/** Node documents it, and its types leave it out. */
interface HostObjects {
  _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void
}
type ViewClass = new (buffer: ArrayBuffer) => ArrayBufferView
