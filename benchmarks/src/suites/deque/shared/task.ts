import { item } from './crossing.ts'

/** What the other thread is to do, once it is told by a message. */
export type Task =
  | { readonly type: 'produce'; readonly count: number }
  | { readonly type: 'produceMany'; readonly count: number; readonly batch: number }
  | { readonly type: 'echo'; readonly value: number }

export function perform(task: Task, post: (value: unknown) => void): void {
  if (task.type === 'produce') {
    for (let i = 0; i < task.count; i++) post(item)
  } else if (task.type === 'produceMany') {
    const items = Array<string>(task.batch).fill(item)
    for (let sent = 0; sent < task.count; sent += task.batch) post(items)
  } else post(task.value)
}
