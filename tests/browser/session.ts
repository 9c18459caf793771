/** A desktop of a flow's own: home folders, session bus, keychain, and the engine behind its port. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const here = join(import.meta.dirname, '..');
/** The built interface. */
const ui = process.env['PATCHBAY_UI'] ?? join(here, '../ui/dist');

export type Keychain = 'open' | 'none';
export type Host = { url: string; token: string };

export class Session {
  readonly root: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly running: ChildProcess[] = [];
  private host: ChildProcess | undefined;
  private browsed = 0;

  private constructor() {
    // Short, because names of sockets may have about a hundred bytes only.
    this.root = mkdtempSync(join(tmpdir(), 'pb-'));
    for (const folder of ['home', 'data', 'config', 'state', 'cache', 'run', 'tmp', 'bots']) mkdirSync(this.path(folder));
    chmodSync(this.path('run'), 0o700);
    const { PATH, PATCHBAY_LOG } = process.env;
    this.env = {
      PATH,
      ...(PATCHBAY_LOG === undefined ? {} : { PATCHBAY_LOG }),
      HOME: this.path('home'),
      XDG_DATA_HOME: this.path('data'),
      XDG_CONFIG_HOME: this.path('config'),
      XDG_STATE_HOME: this.path('state'),
      XDG_CACHE_HOME: this.path('cache'),
      XDG_RUNTIME_DIR: this.path('run'),
      TMPDIR: this.path('tmp'),
      LANG: 'C.UTF-8',
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
    };
  }

  static async start(keychain: Keychain): Promise<Session> {
    const session = new Session();
    if (keychain === 'open') await session.startKeychain();
    return session;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** A copy of a fixture, under its own name. */
  copyBot(name: string): string {
    const folder = this.path('bots', name);
    cpSync(join(here, 'fixtures/bots', name), folder, { recursive: true });
    return folder;
  }

  /** The next address that the system's browser was given. */
  async opened(): Promise<string> {
    const at = this.browsed++;
    const lines = () => (existsSync(this.path('home/opened')) ? readFileSync(this.path('home/opened'), 'utf8').split('\n').filter(Boolean) : []);
    await until('the browser to be opened', () => lines().length > at);
    return lines()[at]!;
  }

  /** Starts the engine, ending the one before. Answers of dialogs come from `picks`. */
  async startHost(picks: string[], bot?: string): Promise<Host> {
    await this.stopHost();
    const words = ['--ui', ui, '--data-dir', this.path('data/patchbay')];
    words.push('--opened', this.path('home/opened'));
    for (const pick of picks) words.push('--pick', this.path(pick));
    if (bot !== undefined) words.push(bot);
    this.host = this.spawn(binary('devhost'), words);
    return JSON.parse(await firstLine(this.host)) as Host;
  }

  async stop(): Promise<void> {
    await this.stopHost();
    for (const child of this.running.reverse()) await end(child);
    rmSync(this.root, { recursive: true, force: true });
  }

  private async stopHost(): Promise<void> {
    if (this.host) await end(this.host);
    this.host = undefined;
  }

  /** A bus that starts no services by itself, and GNOME's keychain on it, open. */
  private async startKeychain(): Promise<void> {
    need({ 'dbus-daemon': 'dbus', 'dbus-send': 'dbus', 'gnome-keyring-daemon': 'gnome-keyring' });
    const config = this.path('tmp/bus.xml');
    const policy = '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>';
    writeFileSync(config, `<busconfig><type>session</type><listen>unix:path=${this.path('run/bus')}</listen>${policy}</busconfig>`);
    const bus = this.spawn('dbus-daemon', ['--nofork', '--nopidfile', '--nosyslog', '--print-address', `--config-file=${config}`]);
    this.running.push(bus);
    this.env['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(bus);
    const keychain = this.spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets']);
    this.running.push(keychain);
    // No line end: it would be part of the password.
    keychain.stdin?.end('keychain-password');
    const question = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'];
    await until('the keychain', () => spawnSync('dbus-send', question, { env: this.env }).stdout.toString().includes('boolean true'));
  }

  private spawn(program: string, words: string[]): ChildProcess {
    return spawn(program, words, { env: this.env, stdio: ['pipe', 'pipe', 'ignore'] });
  }
}

/** Looks again and again until it is so. */
export async function until(what: string, is: () => boolean | Promise<boolean>, patience = 30_000): Promise<void> {
  const start = Date.now();
  while (!(await is())) {
    if (Date.now() - start > patience) throw new Error(`Waited ${patience} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Makes sure that programs of the system are there. */
export function need(programs: Record<string, string>): void {
  const folders = (process.env['PATH'] ?? '').split(':');
  const missing = Object.entries(programs).filter(([program]) => !folders.some((folder) => isProgram(join(folder, program))));
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (packages.length > 0) throw new Error(`Missing system packages. Install them with: apt-get install -y ${packages.join(' ')}`);
}

/** A built binary: in the folder that the environment names, else in cargo's. */
function binary(name: string): string {
  const named = process.env['PATCHBAY_BIN_DIR'] ?? process.env['PATCHBAY_BINARIES'];
  const path = join(named ?? join(process.env['CARGO_TARGET_DIR'] ?? join(here, '../target'), 'debug'), name);
  if (!existsSync(path)) throw new Error(`${path} is not built. Build it with: cargo build -p ${name}`);
  if (!existsSync(join(ui, 'index.html'))) throw new Error(`${ui} is not built. Build it in the folder ui with: npm run build`);
  return path;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the process has no standard output');
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code} before it said anything`)));
    child.once('error', reject);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
