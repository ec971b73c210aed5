import type { Transferable } from 'node:worker_threads'
import { receive, type Shared, shareOf } from '@fosen/shared-memory'
import { transferListOf } from '../transfer.ts'
import { uncloneableArguments } from './uncloneable.ts'

/** Arguments as they cross to another thread: cloned, save those that pass by reference. */
export interface WireArguments {
  readonly values: readonly unknown[]
  /** Which of the values are shared forms. */
  readonly shared: readonly number[]
}

/** Arguments ready to be sent, and what is transferred with them. */
export interface PackedArguments {
  readonly args: WireArguments
  readonly transfer: readonly Transferable[]
}

/**
 * Replaces shareable arguments by their shared forms, and lists what is transferred: ports, what arguments were marked
 * with, and `list`.
 */
export function packArguments(args: readonly unknown[], list: readonly Transferable[] = []): PackedArguments {
  const shared: number[] = []
  const transfer: Transferable[] = [...list]
  const values = args.map((value, index) => {
    transfer.push(...transferListOf(value))
    const form = shareOf(value)
    if (!form) return value
    transfer.push(...transferListOf(form.state))
    shared.push(index)
    return form
  })
  // Whoever names something twice means it once.
  return { args: { values, shared }, transfer: [...new Set(transfer)] }
}

/**
 * Sends arguments by `send`, which throws when one of them cannot be cloned.
 *
 * @param name the function that is called
 * @throws DataCloneError that names the path to the culprit
 */
export function sendArguments<R>(packed: PackedArguments, name: string, send: (packed: PackedArguments) => R): R {
  try {
    return send(packed)
  } catch (error) {
    throw uncloneableArguments(error, name, packed.args.values, packed.transfer)
  }
}

/**
 * The arguments as they are at this moment, whatever becomes of them until they are sent.
 *
 * @param name the function that is called
 * @throws DataCloneError when one of them cannot be cloned
 */
export function keepArguments(packed: PackedArguments, name: string): PackedArguments {
  return sendArguments(packed, name, ({ args, transfer }) =>
    structuredClone({ args, transfer }, { transfer: [...transfer] }),
  )
}

/** The arguments of the call in this thread. */
export async function unpackArguments({ values, shared }: WireArguments): Promise<unknown[]> {
  const args = [...values]
  for (const index of shared) args[index] = await receive(args[index] as Shared)
  return args
}
