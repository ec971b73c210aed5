import { Context, ContextVar, copyContext, Token } from '@fosen/event-loop'
import { expect } from 'vitest'
import { testRows } from './table.ts'

const v = new ContextVar('v', { default: 1 })

testRows('contextvars', {
  "`ContextVar('v', default=1)`, `v.name`": async () => {
    const v = new ContextVar('v', { default: 1 })
    expect([v.name, v.get()]).toEqual(['v', 1])
  },

  '`v.get()`, `v.get(fallback)`, `token = v.set(2)`, `v.reset(token)`': async () => {
    const values = [v.get(), v.get(3)]
    const token = v.set(2)
    values.push(v.get(3))
    v.reset(token)
    expect([...values, v.get()]).toEqual([1, 3, 2, 1])
  },

  '`token.var`, `token.old_value`, `Token.MISSING`': async () => {
    const [first, second] = [v.set(2), v.set(3)]
    expect([first.var, first.oldValue, second.oldValue]).toEqual([v, Token.MISSING, 2])
    v.reset(first)
  },

  '`copy_context()`, `Context()`, `context.copy()`': async () => {
    const token = v.set(2)
    const context = copyContext()
    v.reset(token)
    expect([context.get(v), context.copy().get(v), new Context().get(v)]).toEqual([2, 2, undefined])
  },

  '`context.run(f, 1)`': async () => {
    const context = copyContext()
    const old = context.run((n: number) => v.set(n).oldValue, 7)
    expect([old, context.get(v), v.get()]).toEqual([Token.MISSING, 7, 1])
  },

  '`context.get(v)`, `v in context`, `len(context)`, `list(context.items())`': async () => {
    const context = new Context()
    context.run(() => v.set(2))
    expect([context.get(v), context.has(v), context.size, [...context]]).toEqual([2, true, 1, [[v, 2]]])
  },
})
