import { uses } from './uses.mjs'

// One of the uses, by its name, or the list of their names.
const [name] = process.argv.slice(2)
if (name === undefined) {
  console.log(JSON.stringify(Object.keys(uses)))
} else {
  try {
    await uses[name]()
    console.log('smoke passed')
  } catch (error) {
    // Runtimes print errors differently; this is one line on each.
    const [text] = (error.code === 'ERR_ASSERTION' ? error.message : `${error}`).split('\n')
    console.log(text)
    process.exit(1)
  }
}
