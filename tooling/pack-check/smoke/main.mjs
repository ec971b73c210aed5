import { asyncCall } from '@fosen/thread-async'
import { importPackages } from './packages.mjs'
import { uses } from './uses.mjs'

// Threads import the program itself for this one, and must not start it again.
const importPackagesInThread = asyncCall(import.meta, importPackages)

if (import.meta.main) {
  await importPackages()
  await importPackagesInThread()
  for (const use of Object.values(uses)) await use()
  console.log('smoke passed')
}
