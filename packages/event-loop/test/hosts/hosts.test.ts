import { hosts } from './host.ts'
import { runScenarios } from './run-scenarios.ts'
import { cancellation } from './scenarios/cancellation.ts'
import { contexts } from './scenarios/contexts.ts'
import { scheduling } from './scenarios/scheduling.ts'
import { synchronisation } from './scenarios/synchronisation.ts'

for (const host of hosts) runScenarios(host, [...scheduling, ...cancellation, ...contexts, ...synchronisation])
