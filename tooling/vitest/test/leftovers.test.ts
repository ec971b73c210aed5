import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'

interface Report {
  testResults: { name: string; status: 'passed' | 'failed'; message: string; assertionResults: { status: string }[] }[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
let report: Report

beforeAll(() => {
  const file = join(root, '.reports', 'fixtures.json')
  rmSync(file, { force: true })
  const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '..', 'vitest.mjs')
  spawnSync(process.execPath, [vitest, 'run', '--config', 'fixtures/vitest.config.ts'], { cwd: root })
  report = JSON.parse(readFileSync(file, 'utf8'))
})

test.each([
  ['thread', /^thread \d+\n {4}at .*thread\.fixture\.ts.*:5:3/m],
  ['child-process', /^child process \d+: .*stdin.*\n {4}at .*child-process\.fixture\.ts/m],
  ['server', /^server on port \d+\n {4}at .*server\.fixture\.ts/m],
  ['socket', /^socket on port \d+\n {4}at .*socket\.fixture\.ts/m],
  ['message-port', /^message ports that keep the process alive: 1/m],
  ['process-listener', /^listener of process for 'SIGTERM': function onTerm/m],
  ['warning', /^MaxListenersExceededWarning: .* 11 data listeners/m],
])('a suite that leaves a %s behind fails and says so, though its tests pass', (name, message) => {
  const result = resultOf(name)
  expect(result.assertionResults.map(it => it.status)).toEqual(['passed'])
  expect(result.status).toBe('failed')
  expect(result.message).toMatch(message)
})

test('a suite that closes what it opens passes', () => {
  expect(resultOf('clean')).toMatchObject({ status: 'passed', message: '' })
})

function resultOf(name: string) {
  const result = report.testResults.find(it => basename(it.name) === `${name}.fixture.ts`)
  if (result === undefined) throw new Error(`fixtures/${name}.fixture.ts was not run`)
  return result
}
