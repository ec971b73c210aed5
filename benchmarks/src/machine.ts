import { availableParallelism, cpus, totalmem } from 'node:os'

/** What figures depend on, beside the code. */
export function describeMachine() {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cpus: availableParallelism(),
    memory: totalmem(),
    platform: process.platform,
    arch: process.arch,
    node: process.version,
  }
}
