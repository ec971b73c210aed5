import { compare, type Row } from '../src/compare.ts'
import type { Gate } from '../src/gate.ts'
import type { Suite } from '../src/workload.ts'

/**
 * Has all contenders that are there do each workload of a suite.
 *
 * @throws Error when one gives anything but what is expected
 */
export async function runOnce({ workloads }: Suite): Promise<Row[]> {
  const rows: Row[] = []
  for (const workload of workloads) {
    const comparison = await compare({ ...workload, warmUp: 0 }, 1)
    rows.push(...comparison.rows)
  }
  return rows
}

/** The peers that gates of a suite name, and that do not take part where they do. */
export function absentPeers({ workloads }: Suite): string[] {
  return workloads.flatMap(({ contenders, gate }) =>
    peersOf(gate).filter(name => !contenders.some(contender => contender.name === name)),
  )
}

function peersOf(gate: Gate | undefined): readonly string[] {
  if (gate === undefined) return []
  if ('all' in gate) return gate.all.flatMap(peersOf)
  return 'timesPeer' in gate ? (gate.of ?? []) : []
}
