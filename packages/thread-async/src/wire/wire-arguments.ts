import type { Transferable } from 'node:worker_threads'
import { receive, type Shared, shareOf } from '@fosen/shared-memory'
import { transferListOf } from '../transfer.ts'
import { packNested } from './pack-nested.ts'
import { uncloneableArguments } from './uncloneable.ts'

/** Where a shared form stands for an object. */
export interface SharedPlace {
  /** The values, or a part of them, which is cloned with them: an array, a plain object, or a Map. */
  readonly holder: object
  readonly key: unknown
}

/** Arguments as they cross to another thread: cloned, save those that pass by reference. */
export interface WireArguments {
  readonly values: readonly unknown[]
  readonly shared: readonly SharedPlace[]
}

/** Arguments ready to be sent, and what is transferred with them. */
export interface PackedArguments {
  readonly args: WireArguments
  readonly transfer: readonly Transferable[]
  /** The objects that shared forms stand for, by place. */
  readonly originals: readonly object[]
}

/**
 * Replaces shareable arguments by their shared forms, and lists what is transferred: ports, what arguments were marked
 * with, and `list`.
 */
export function packArguments(args: readonly unknown[], list: readonly Transferable[] = []): PackedArguments {
  const values = [...args]
  const shared: SharedPlace[] = []
  const originals: object[] = []
  const transfer: Transferable[] = [...list]
  for (const [key, value] of args.entries()) {
    transfer.push(...transferListOf(value))
    const form = shareOf(value)
    if (!form) continue
    transfer.push(...transferListOf(form.state))
    shared.push({ holder: values, key })
    originals.push(value as object)
    values[key] = form
  }
  // Whoever names something twice means it once.
  return { args: { values, shared }, transfer: [...new Set(transfer)], originals }
}

/**
 * Sends arguments by `send`, which throws when one of them cannot be cloned: then once more, if what it holds is shareable.
 *
 * @param name the function that is called
 * @throws DataCloneError that names the path to the culprit
 */
export function sendArguments<R>(packed: PackedArguments, name: string, send: (packed: PackedArguments) => R): R {
  const explain = (error: unknown, { args, transfer }: PackedArguments) =>
    uncloneableArguments(error, name, args.values, transfer)
  try {
    return send(packed)
  } catch (error) {
    const nested = packNested(packed)
    if (!nested) throw explain(error, packed)
    try {
      return send(nested)
    } catch (error) {
      throw explain(error, nested)
    }
  }
}

/**
 * The arguments as they are at this moment, whatever becomes of them until they are sent.
 *
 * @param name the function that is called
 * @throws DataCloneError when one of them cannot be cloned
 */
export function keepArguments(packed: PackedArguments, name: string): PackedArguments {
  return sendArguments(packed, name, ({ args, transfer, originals }) => ({
    ...structuredClone({ args, transfer }, { transfer: [...transfer] }),
    originals,
  }))
}

/** The arguments of the call in this thread; made of `args`, which are this thread's. */
export async function unpackArguments(args: WireArguments): Promise<readonly unknown[]> {
  for (const place of args.shared) fill(place, await receive(held(place) as Shared))
  return args.values
}

/** The arguments of a call that its own thread runs. */
export function restoreArguments({ args, originals }: PackedArguments): readonly unknown[] {
  for (const [index, place] of args.shared.entries()) fill(place, originals[index])
  return args.values
}

const held = ({ holder, key }: SharedPlace) =>
  holder instanceof Map ? holder.get(key) : (holder as Record<PropertyKey, unknown>)[key as PropertyKey]

function fill({ holder, key }: SharedPlace, value: unknown) {
  if (holder instanceof Map) holder.set(key, value)
  else Object.defineProperty(holder, key as PropertyKey, { value })
}
