import { cpSync } from 'node:fs'

const [from, to, ...rest] = process.argv.slice(2)

if (from === undefined || to === undefined || rest.length > 0) {
  console.error('usage: node main.ts <from> <to>, to copy the folder <from> with all it holds to <to>')
  process.exitCode = 2
} else {
  cpSync(from, to, { recursive: true })
}
