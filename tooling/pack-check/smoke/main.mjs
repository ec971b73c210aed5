import { asyncCall } from '@fosen/thread-async'
import { useAsyncFunctions } from './async-functions.mjs'
import { useCoroutines } from './coroutines.mjs'
import { useEventLoops } from './event-loops.mjs'
import { importPackages } from './packages.mjs'
import { useQueues } from './queues.mjs'
import { useRedis } from './redis.mjs'
import { useSharedDeques } from './shared-deques.mjs'
import { useThreads } from './threads.mjs'

// Threads import the program itself for this one, and must not start it again.
const importPackagesInThread = asyncCall(import.meta, importPackages)

if (import.meta.main) {
  await importPackages()
  await importPackagesInThread()
  useCoroutines()
  await useThreads()
  await useEventLoops()
  await useAsyncFunctions()
  await useQueues()
  await useSharedDeques()
  await useRedis()
  console.log('smoke passed')
}
