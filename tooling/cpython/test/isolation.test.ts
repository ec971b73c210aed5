import { expect, test, vi } from 'vitest'
import { CpythonCrashed, loadCpython } from '../src/index.ts'

const { runScenario } = await loadCpython()

const littering = `
  value = ContextVar('value', default='fresh')
  litter = []

  async def pend(name):
      try:
          log(name, value.get())
          value.set('used')
          await sleep(1000)
      except GeneratorExit:
          litter.append(create_task(pend('again')))
          await sleep(1)
      finally:
          log('cleaned up')
          ensure_future(sleep(1000))

  async def generate():
      try:
          yield 1
      finally:
          await sleep(1)

  async def main():
      litter.append(litter)
      for name in 'ab':
          litter.append(create_task(pend(name)))
      litter.append(generate())
      await anext(litter[-1])
      litter.append(gather(pend('c'), Future()))
      failed = loop.create_future()
      failed.set_exception(ValueError('never asked'))
      await sleep(0)
      return current_task()
`
const trace = ['a fresh', 'b fresh', 'c fresh', 'main returned Task-1']

test('what a scenario leaves behind does not show in the next ones', () => {
  for (let i = 0; i < 100; i++) expect(runScenario(littering)).toEqual(trace)
})

test('the memory that a scenario has taken is given back', () => {
  const objects = `
    import gc, sys
    async def main():
        log(len(gc.get_objects()))
  `
  runScenario(littering)
  const before = Number(runScenario(objects)[0])
  for (let i = 0; i < 100; i++) runScenario(littering)
  expect(Number(runScenario(objects)[0])).toBeLessThan(before + 100)
})

test('a scenario that crashes CPython says so, and another one can be loaded', async () => {
  using _errors = vi.spyOn(console, 'error').mockImplementation(() => {})
  using _log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const own = await loadCpython()
  // Each cancels the other, in C.
  const crashing = `
    async def join(other):
        await tasks[other]

    async def main():
        global tasks
        tasks = [create_task(join(1)), create_task(join(0))]
        await sleep(1)
        tasks[0].cancel()
  `
  expect(() => own.runScenario(crashing)).toThrow(CpythonCrashed)
  expect(() => own.runScenario(littering)).toThrow(CpythonCrashed)
  const another = await loadCpython()
  expect(another.runScenario(littering)).toEqual(trace)
})
