import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { missingPythonModules, python } from '@fosen/python'
import type { Contender, Suite } from '../../workload.ts'
import { describeFrames } from './check-frames.ts'

/** A Python program and its counterpart, each a process from its start to its end. */
export async function seed(): Promise<Suite> {
  const missing = await missingPythonModules(['numpy', 'pandas'])
  return {
    workloads: [
      {
        title: 'ten threads, each with a frame of 1000 × 1000 normals to a CSV file, two seconds after making it',
        operations: 1,
        expected: `${printed.toSorted().join('\n')}\n${files.join(' ')}: 1000 × 1000, mean 0.00, deviation 1.00`,
        contenders: [
          program('thread-async', process.execPath, `async-call${extname(import.meta.url)}`),
          missing === undefined ? program('Python', python, 'async_call.py') : { name: 'Python', missing },
        ],
        gate: { timesPeer: 2.5 },
      },
    ],
    async [Symbol.asyncDispose]() {},
  }
}

const calls = Array.from({ length: 10 }, (_, i) => i)
const printed = calls.flatMap(i => [`B func  ${i}`, `data_${i} save done.`])
const files = calls.map(i => `data_${i}.csv`)

/** A program in a folder of its own: what it has printed, in the order of the alphabet, and what it has written. */
function program(name: string, command: string, file: string): Contender {
  const path = fileURLToPath(new URL(file, import.meta.url))
  return {
    name,
    async run(untimed) {
      const folder = await untimed(() => mkdtemp(join(tmpdir(), 'fosen-bench-')))
      try {
        const { stdout } = await promisify(execFile)(command, [path], { cwd: folder })
        const frames = await untimed(() => describeFrames(folder))
        // A thread of Python may print between what another prints and the end of its line.
        const said = stdout.match(/B func {2}\d|data_\d save done\./g) ?? []
        return `${said.sort().join('\n')}\n${frames}`
      } finally {
        await untimed(() => rm(folder, { recursive: true }))
      }
    },
  }
}
