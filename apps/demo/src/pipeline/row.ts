/** A file on its way through the queue. */
export interface Message {
  /** Its place in the order in which files were found. */
  readonly id: number
  /** Relative to the folder, with `/`. */
  readonly path: string
  /** Whether the file is done once more, and is in no index. */
  readonly isLoad?: boolean
}

/** What the CPU part finds out. */
export interface Facts {
  readonly bytes: number
  readonly lines: number
  readonly sha256: string
  readonly gzipBytes: number
}

/** A line of the index: the facts, or why there are none. */
export type Row = { readonly path: string } & (
  | { readonly facts: Facts; readonly error?: undefined }
  | { readonly facts?: undefined; readonly error: string }
)
