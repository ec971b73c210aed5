import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { RedisServerMissingError } from './errors.ts'
import { findRedisServer } from './find-redis-server.ts'
import { type Machine, thisMachine } from './machine.ts'

const run = promisify(execFile)

/**
 * Installs Redis with apt-get (as root on Debian or Ubuntu) or brew (on macOS), having said so in one line on stderr.
 * Processes that install at the same time wait for each other. The service that Debian's package brings is not started.
 *
 * @returns the path of the server
 * @throws RedisServerMissingError when FOSEN_NO_INSTALL forbids it, when this machine is neither of these, or when the
 * installation fails
 */
export async function installRedisServer(machine: Machine = thisMachine): Promise<string> {
  const installer = await findInstaller(machine)
  if (machine.env.FOSEN_NO_INSTALL) {
    throw new RedisServerMissingError('no redis-server found, and FOSEN_NO_INSTALL is set', installer.command)
  }
  if (installer.script === undefined) {
    throw new RedisServerMissingError('no redis-server found', installer.command)
  }
  console.error(`redis-server is missing: installing it with ${installer.name} (FOSEN_NO_INSTALL=1 forbids it)`)
  try {
    await run('/usr/bin/perl', ['-e', underLock, lockFile, '/bin/sh', '-c', installer.script], {
      env: { ...machine.env, ...quietly },
    })
  } catch (cause) {
    throw new RedisServerMissingError(`${installer.name} failed: ${outputOf(cause)}`, installer.command, { cause })
  }
  const path = await findRedisServer(machine)
  if (path === undefined) {
    throw new RedisServerMissingError(`${installer.name} left no redis-server on the PATH`, installer.command)
  }
  return path
}

interface Installer {
  readonly name: string
  /** What a person types. */
  readonly command: string
  /** What is run here; undefined when that is not possible. */
  readonly script?: string
}

async function findInstaller(machine: Machine): Promise<Installer> {
  const name = machine.platform === 'darwin' ? 'brew' : 'apt-get'
  if (!(await isOnPath(name, machine))) return { name, command: 'REDIS_SERVER=/path/to/redis-server <your command>' }
  if (name === 'brew') return { name, command: 'brew install redis', script: unlessThere('brew install redis') }
  const command = 'apt-get install -y --no-install-recommends redis-server'
  if (machine.uid !== 0) return { name, command: `sudo ${command}` }
  // Without an update a fresh machine knows no packages; one that fails may still know this one.
  const install = `{ apt-get update; ${command} -o DPkg::Lock::Timeout=300; }`
  return { name, command, script: unlessThere(install) }
}

async function isOnPath(name: string, { env }: Machine) {
  for (const directory of (env.PATH ?? '').split(delimiter)) {
    try {
      await access(join(directory, name), constants.X_OK)
      return true
    } catch {
      // The next directory may have it.
    }
  }
  return false
}

/** Whoever waited for the lock finds the work done. */
function unlessThere(script: string) {
  return `redis-server --version >/dev/null 2>&1 || ${script}`
}

/** Both keep maintainer scripts from starting the service: RUNLEVEL is read by invoke-rc.d, SYSTEMD_OFFLINE by systemctl. */
const quietly = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', SYSTEMD_OFFLINE: '1' }

// A file for each user: one of another user could not be opened.
const lockFile = join(tmpdir(), `fosen-redis-server-install-${process.getuid?.() ?? 0}.lock`)

// Debian and macOS both have perl, but no command for flock(2) in common. The kernel unlocks however the holder ends.
const underLock = `
  use Fcntl ':flock';
  $^F = 0;
  open(my $lock, '>>', shift) or die "lock file: $!";
  flock($lock, LOCK_EX) or die "flock: $!";
  exit(system(@ARGV) == 0 ? 0 : 1);
`

function outputOf(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string }
  return (stderr || message).trim()
}
