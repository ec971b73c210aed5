/** A path whose folder gives way when there is not enough room. */
export function FileName({ path }: { readonly path: string }) {
  const at = path.lastIndexOf('/') + 1
  return (
    <span class="file" title={path}>
      <span class="folder-part">{path.slice(0, at)}</span>
      <span class="name-part">{path.slice(at)}</span>
    </span>
  )
}
