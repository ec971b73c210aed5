/** What finding and installing look at. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** The user's id; 0 is root. */
  readonly uid: number | undefined
}

export const thisMachine: Machine = {
  env: process.env,
  platform: process.platform,
  uid: process.getuid?.(),
}
