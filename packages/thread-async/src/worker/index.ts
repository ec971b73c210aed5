/**
 * How functions, arguments and errors cross to another thread, for packages that send them there themselves.
 *
 * @module
 */
export { type Reference, referenceOf, resolveReference } from '../portable.ts'
export { transferListOf } from '../transfer.ts'
export { decodeError, encodeError, type WireError } from '../wire/error-codec.ts'
export { uncloneable } from '../wire/uncloneable.ts'
export {
  type PackedArguments,
  packArguments,
  sendArguments,
  unpackArguments,
  type WireArguments,
} from '../wire/wire-arguments.ts'
