import { readdir } from 'node:fs/promises'

// In one process, as each that runs Python loads an interpreter of its own, which takes longer than the programs do.
const sections = new URL('semantics/', import.meta.url)
for (const file of (await readdir(sections)).toSorted()) await import(new URL(file, sections).href)
