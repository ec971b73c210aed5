/** Shows each process warning once, as a sentence: several queues may lose the same Redis. */
export function showWarnings(): void {
  const shown = new Set<string>()
  process.removeAllListeners('warning')
  process.on('warning', ({ message }) => {
    if (shown.has(message)) return
    shown.add(message)
    process.stderr.write(`warning: ${message}\n`)
  })
}
