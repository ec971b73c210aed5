import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { loadPyodide, version } from 'pyodide'

const directory = new URL('../node_modules/.cache/', import.meta.url)
// For one Node only: it refers to functions by their numbers, and pyodide makes them by what WebAssembly can do there.
const file = new URL(`pyodide-${version}-node-${process.versions.node}.snapshot`, directory)

/** The memory of a CPython that has started and imported asyncio: a fraction of a second to load, in the place of two. */
export async function snapshot(): Promise<Uint8Array> {
  try {
    return readFileSync(file)
  } catch {
    return await make()
  }
}

async function make(): Promise<Uint8Array> {
  const pyodide = await loadPyodide({ _makeSnapshot: true })
  pyodide.runPython('import asyncio, inspect, json, logging, textwrap, warnings')
  const memory = pyodide.makeMemorySnapshot()
  save(memory)
  return memory
}

/** Written aside and renamed, as other processes may be at it, too. */
function save(memory: Uint8Array) {
  const own = new URL(`${process.pid}-${crypto.randomUUID()}.part`, directory)
  try {
    mkdirSync(directory, { recursive: true })
    writeFileSync(own, memory)
    renameSync(own, file)
  } catch {
    // Where it cannot be kept, each process makes its own.
    rmSync(own, { force: true })
  }
}
