import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type QueueCapabilities, queueConformance } from '../src/testing/index.ts'

const capabilities: QueueCapabilities = {
  capacity: true,
  codec: true,
  context: true,
  deduplication: true,
  leases: true,
  partitions: true,
  pausing: true,
  priorities: true,
  requeueing: true,
}

/** The names of the suite's tests for a queue that is never made. */
function namesFor(lacks: Partial<QueueCapabilities>) {
  const names: string[] = []
  queueConformance(
    {
      name: 'a queue',
      capabilities: { ...capabilities, ...lacks },
      create: () => Promise.reject(new Error('no test is run here')),
      advance: async () => {},
    },
    { describe: (_, body) => body(), test: name => names.push(name) },
  )
  return names
}

/** The rows of the table of behaviours: what each is, and what it needs. */
function rows() {
  const readme = readFileSync(new URL('../src/testing/README.md', import.meta.url), 'utf8')
  const [, table = ''] = readme.split('|---|---|---|\n')
  return Array.from(table.matchAll(/^\| .*? ?\| (.+) \| (.*)\|$/gm), ([, name = '', needs = '']) => ({ name, needs }))
}

test('the table of behaviours is the suite', () => {
  const listed = rows()
  const isByReference = ({ needs }: { needs: string }) => needs.trim() === 'not `codec`'
  const names = namesFor({})
  expect(listed.filter(row => !isByReference(row)).map(({ name }) => name)).toEqual(names)
  const others = namesFor({ codec: 'values are passed by reference' }).filter(name => !names.includes(name))
  const references = listed.filter(isByReference).map(({ name }) => name)
  expect(others.filter(name => !name.startsWith('lacks '))).toEqual(references)
})

test('each behaviour has a name of its own', () => {
  const names = namesFor({})
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test('a capability that is lacking is shown, with its reason, in the place of what needs it', () => {
  for (const capability of Object.keys(capabilities)) {
    const left = namesFor({ [capability]: 'there is a reason' })
    const missing = namesFor({}).filter(name => !left.includes(name))
    const needing = rows().filter(({ needs }) => needs.split(', ').some(each => each.trim() === `\`${capability}\``))
    expect(missing).toEqual(needing.map(({ name }) => name))
    expect(left).toContainEqual(
      expect.stringMatching(`^lacks ${capability}, as there is a reason: \\d+ behaviours of `),
    )
  }
})
