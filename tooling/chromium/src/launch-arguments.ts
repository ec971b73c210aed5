/** What Chromium is started with: as root it runs without its sandbox alone, and it is to talk to nobody by itself. */
export const launchArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
