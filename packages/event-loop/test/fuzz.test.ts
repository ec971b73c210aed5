import { describe, expect, test } from 'vitest'
import { check } from '../fuzz/check.ts'
import { minimise } from '../fuzz/minimise.ts'
import type { Op, Program, Step } from '../fuzz/program.ts'

describe('random programs', () => {
  // Always the same ones, so that a failure is nobody else's; `pnpm fuzz` runs others each time.
  test.each([1, 2, 3, 4])(
    'do on fosen what they do on CPython, callback by callback: 500 of seed %i',
    seed => {
      const { programs, divergence } = check(seed, 500)
      expect(divergence).toBeUndefined()
      expect(programs).toBe(500)
    },
    120_000,
  )

  test('that fail are shrunk to the steps that make them fail', () => {
    const who: Step = { kind: 'op', op: { name: 'who', args: [] } }
    const count: Step = { kind: 'op', op: { name: 'count', args: [] } }
    const program: Program = {
      bodies: [
        [who],
        [
          { kind: 'await', wait: { name: 'sleep', args: [1, 2] }, guarded: true },
          { kind: 'timeout', ms: 5, body: [who, { kind: 'group', body: [count, who, count] }] },
        ],
      ],
      eager: true,
    }
    const opsOf = (steps: readonly Step[]): Op['name'][] =>
      steps.flatMap(step => (step.kind === 'op' ? [step.op.name] : 'body' in step ? opsOf(step.body) : []))
    const fails = ({ bodies }: Program) => bodies.some(body => opsOf(body).filter(name => name === 'count').length > 1)
    expect(minimise(program, fails)).toEqual({ bodies: [[count, count]], eager: false })
  })
})
