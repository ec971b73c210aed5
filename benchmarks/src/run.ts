// The process of a suite: main.ts starts it with a job, and is sent the results.
import { type Job, runJob } from './job.ts'
import { toTable } from './report.ts'
import { suites } from './suites.ts'

process.on('disconnect', () => process.exit(1))
const job: Job = JSON.parse(process.argv[2] ?? '')
{
  await using suite = await suites[job.suite]()
  for await (const result of runJob(suite, job)) {
    console.log(toTable(result))
    await new Promise(resolve => process.send?.(result, resolve))
  }
}
// Peers leave threads behind.
process.exit()
