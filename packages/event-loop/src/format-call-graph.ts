import { type CallGraphOptions, capture, type FutureCallGraph } from './call-graph.ts'
import { checkOptions } from './check-arguments.ts'
import type { Future } from './future.ts'
import { Task } from './task.ts'

/**
 * The text of what `captureCallGraph` gives; empty where that is undefined.
 *
 * @throws as `captureCallGraph`
 * @see https://docs.python.org/3/library/asyncio-graph.html#asyncio.format_call_graph
 */
export function formatCallGraph(future?: Future<unknown>, options: CallGraphOptions = {}): string {
  checkOptions('{ limit }', options)
  return format(capture(future, options.limit, formatCallGraph))
}

/**
 * Prints where a task stands, and who waits for it; nothing outside of tasks.
 *
 * @param future by default the current task
 * @param options.file what is written to; by default it is printed as by console.log
 * @throws as `captureCallGraph`
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { printCallGraph, run, sleep, taskGroup } from '@fosen/event-loop'
 *
 * const work = coroutine(function* work() {
 *   yield* sleep(10)
 *   printCallGraph(undefined, { limit: 0 })
 * })
 *
 * const main = coroutine(function* main() {
 *   yield* taskGroup(function* (group) {
 *     group.createTask(work(), { name: 'worker' })
 *     yield* sleep(0)
 *   })
 * })
 *
 * await run(main())
 * ```
 * ```text
 * * Task(name='worker')
 *   + Awaited by:
 *     * Task(name='Task-1')
 * ```
 * @see https://docs.python.org/3/library/asyncio-graph.html#asyncio.print_call_graph
 */
export function printCallGraph(
  future?: Future<unknown>,
  options: CallGraphOptions & { readonly file?: { write(text: string): unknown } | undefined } = {},
): void {
  checkOptions('{ limit, file }', options)
  const { limit, file } = options
  const graph = capture(future, limit, printCallGraph)
  if (!graph) return
  if (file) file.write(`${format(graph)}\n`)
  else console.log(format(graph))
}

function format(graph: FutureCallGraph | undefined): string {
  return graph ? [...linesOf(graph, '')].join('\n') : ''
}

function* linesOf({ future, callStack, awaitedBy }: FutureCallGraph, indent: string): Generator<string> {
  yield `${indent}* ${future instanceof Task ? `Task(name=${quoted(future.getName())})` : 'Future()'}`
  if (callStack.length > 0) yield `${indent}  + Call stack:`
  for (const { file, line, isAsync, name } of callStack) {
    yield `${indent}  |   File ${quoted(file)}, line ${line}, in ${isAsync ? 'async ' : ''}${name || '(anonymous)'}()`
  }
  if (awaitedBy.length > 0) yield `${indent}  + Awaited by:`
  for (const each of awaitedBy) yield* linesOf(each, `${indent}    `)
}

const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`
