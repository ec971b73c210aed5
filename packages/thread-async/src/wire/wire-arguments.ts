import { MessagePort } from 'node:worker_threads'
import { receive, type Shared, shareOf } from '@fosen/shared-memory'

/** Arguments as they cross to another thread: cloned, save those that pass by reference. */
export interface WireArguments {
  readonly values: readonly unknown[]
  /** Which of the values are shared forms. */
  readonly shared: readonly number[]
}

/** Replaces shareable arguments by their shared forms, and lists what must be transferred: ports, which cannot be cloned. */
export function packArguments(args: readonly unknown[]): { args: WireArguments; transfer: MessagePort[] } {
  const shared: number[] = []
  const transfer: MessagePort[] = []
  const values = args.map((value, index) => {
    const form = shareOf(value)
    const moved = form ? form.state : value
    if (moved instanceof MessagePort) transfer.push(moved)
    if (!form) return value
    shared.push(index)
    return form
  })
  return { args: { values, shared }, transfer }
}

/** The arguments of the call in this thread. */
export async function unpackArguments({ values, shared }: WireArguments): Promise<unknown[]> {
  const args = [...values]
  for (const index of shared) args[index] = await receive(args[index] as Shared)
  return args
}
