/** Has the event loop stand still for so many milliseconds. */
export function burn(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}
