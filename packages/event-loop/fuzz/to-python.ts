import { readFileSync } from 'node:fs'
import {
  type Block,
  callee,
  type Op,
  type Program,
  type Step,
  type Try,
  textOf,
  type Wait,
  type When,
} from './program.ts'

/** What stands before each program: as `prelude` of the oracle, or to be put above what `toPython` gives. */
export const prelude = readFileSync(new URL('prelude.py', import.meta.url), 'utf8')

/** The program as Python source, which goes on from the prelude. */
export function toPython(program: Program): string {
  const names = program.bodies.map((_, i) => `body${i}`)
  const bodies = program.bodies.map((body, i) => new Printer(program, i).body(body).join('\n'))
  return `eager = ${literal(program.eager)}\n\n${bodies.join('\n\n')}\n\nbodies = [${names.join(', ')}]\n`
}

/** Invariant: `me` is, where it prints, the number of the task that runs what is printed. */
class Printer {
  readonly #program: Program
  readonly #body: number
  #scopes = 0

  constructor(program: Program, body: number) {
    this.#program = program
    this.#body = body
  }

  body(block: Block): string[] {
    return ['@body', `async def body${this.#body}(me):`, ...this.#block(block)]
  }

  #block(block: Block, ...first: string[]): string[] {
    const lines = [...first, ...block.flatMap(step => this.#step(step))]
    return indent(lines.length > 0 ? lines : ['pass'])
  }

  #step(step: Step): string[] {
    switch (step.kind) {
      case 'op':
        return [opOf(step.op)]
      case 'await': {
        const [text, wait] = [literal(textOf(step.wait)), this.#wait(step.wait)]
        return [step.guarded ? `await attempt(me, ${text}, ${wait})` : `say(me, ${text}, await ${wait})`]
      }
      case 'asCompleted': {
        const completed = `as_completed(${this.#list(step.of)}, timeout=${literal(step.timeout)})`
        return step.async
          ? [`async for each in ${completed}:`, "    say(me, 'completed', label(each), state_of(each))"]
          : [`for each in ${completed}:`, "    say(me, 'completed', await each)"]
      }
      case 'spawn':
        return [
          `spawn(me, lambda me: ${this.#wait(step.wait)}, ${[step.eager, step.group, step.context].map(literal).join(', ')})`,
        ]
      case 'callback':
        return [
          'def callback(*args):',
          ...this.#block(step.body, 'called(me, *args)'),
          `schedule(me, callback, ${whenOf(step.when)})`,
        ]
      case 'try':
        return this.#try(step)
      case 'timeout': {
        const scope = `scope${this.#scopes++}`
        return [
          'try:',
          `    async with timeout(${literal(step.ms)}) as ${scope}:`,
          ...indent(this.#block(step.body, `scopes.append(${scope})`)),
          'finally:',
          `    say(me, 'timeout', ${scope}.expired(), ${scope}.when(), current_task().cancelling())`,
        ]
      }
      case 'group':
        return [
          'async with TaskGroup() as group:',
          ...this.#block(step.body, 'groups.append(group)'),
          "say(me, 'group', current_task().cancelling())",
        ]
      case 'with':
        return [
          `async with ${step.guard} as given:`,
          ...this.#block(step.body, `say(me, 'has ${step.guard}', given)`),
          `say(me, 'left ${step.guard}')`,
        ]
      case 'repeat':
        return [`for _ in range(${step.times}):`, ...this.#block(step.body)]
      case 'return':
        return [`return ${step.value}`]
      case 'raise':
        return [`raise ${step.error}(${literal(step.message)})`]
    }
  }

  #try({ body, catches, handler, reraises, final }: Try): string[] {
    const caught = { cancellation: 'CancelledError', errors: 'Exception', everything: 'BaseException', nothing: '' }
    const lines = ['try:', ...this.#block(body)]
    if (catches !== 'nothing') {
      lines.push(
        `except ${caught[catches]} as error:`,
        ...this.#block(handler, "say(me, 'catches', error, error.__cause__)"),
      )
      if (reraises) lines.push('    raise')
    }
    if (catches === 'nothing' || final.length > 0) lines.push('finally:', ...this.#block(final, "say(me, 'finally')"))
    return lines
  }

  /** @param detached in a task of its own, so that a body has a number of its own */
  #wait(wait: Wait, detached = false): string {
    switch (wait.name) {
      case 'sleep':
        return `sleep(${wait.args.join(', ')})`
      case 'future':
        return `at(futures, ${wait.args[0]})`
      case 'younger':
        return `younger(me, ${wait.args[0]})`
      case 'call': {
        const body = callee(this.#program, this.#body, wait.args[0])
        return body === undefined ? 'sleep(0)' : `body${body}(${detached ? 'new()' : 'me'})`
      }
      case 'acquire':
        return `${wait.args[0]}.acquire()`
      case 'flagged':
        return 'event.wait()'
      case 'notified':
        return 'condition.wait()'
      case 'counted':
        return `condition.wait_for(lambda: counted(me, ${wait.args[0]}))`
      case 'put':
        return `${wait.args[0]}.put(${wait.args[1]})`
      case 'get':
      case 'join':
        return `${wait.args[0]}.${wait.name}()`
      case 'meet':
        return 'barrier.wait()'
      case 'resetBarrier':
        return 'barrier.reset()'
      case 'abortBarrier':
        return 'barrier.abort()'
      case 'gather':
        return `outer(gather(*${this.#list(wait.args[0])}, return_exceptions=${literal(wait.args[1])}))`
      case 'shield':
        return `outer(shield(${this.#wait(wait.args[0], true)}))`
      case 'waitFor':
        return `wait_for(${this.#wait(wait.args[0], detached)}, ${literal(wait.args[1])})`
      case 'wait': {
        const [futures, until, timeout] = wait.args
        return `waited(wait(${this.#list(futures)}, timeout=${literal(timeout)}, return_when=${until}))`
      }
    }
  }

  #list(waits: readonly Wait[]): string {
    return `[${waits.map(wait => this.#wait(wait, true)).join(', ')}]`
  }
}

const opOf = ({ name, args }: Op) => `op(me, ${[name, ...args].map(literal).join(', ')})`

const whenOf = (when: When) => when.map(literal).join(', ')

function literal(value: string | number | boolean | null): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'string' ? `'${value}'` : String(value)
}

const indent = (lines: readonly string[]) => lines.map(line => `    ${line}`)
