import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What Amazon ECR says about the scan of an image, from some second on, or once somebody has started a scan. */
export interface Scan {
  readonly after?: number;
  readonly started?: boolean;
  readonly pages?: object[];
  readonly error?: string;
  readonly message?: string;
}

/** What the fake AWS CLI knows. */
export interface World {
  readonly images: Array<{ digest: string; tag?: string; mediaType?: string; manifest?: string }>;
  readonly scans?: Record<string, Scan[]>;
  readonly repository?: string;
  /** The permission that is missing, by operation. */
  readonly denied?: Record<string, string>;
  readonly startError?: [code: string, message: string];
  /** What the AWS CLI writes to standard error although all is well. */
  readonly noise?: string;
}

export interface Run {
  readonly code: number | null;
  readonly output: string;
  /** The lines of the gate itself. */
  readonly lines: string[];
  readonly errors: string;
  readonly calls: Array<{ operation: string; options: Record<string, string[]> }>;
  /** Seconds that it slept. */
  readonly slept: number;
}

const START = 1_700_000_000;

/** The POSIX shells of this machine whose `sleep` is a program, which a test can replace. */
export const SHELLS: Array<[name: string, ...command: string[]]> = ([
  ['sh', 'sh'], ['sh -e', 'sh', '-e'], ['dash', 'dash'], ['bash', 'bash', '--posix'], ['bash as CI calls it', 'bash', '-eo', 'pipefail'],
  ['busybox', 'busybox', 'sh'], ['ksh', 'ksh'], ['mksh', 'mksh'], ['yash', 'yash'], ['zsh', 'zsh', '--emulate', 'sh'],
] as Array<[string, string, ...string[]]>).filter(([, command, ...args]) => (
  spawnSync(command, [...args, '-c', 'command -v sleep'], { encoding: 'utf8' }).stdout?.startsWith('/')
));

/**
 * Runs a script with a fake AWS CLI, and a clock that only `sleep` moves.
 */
export function runScript(script: string, world: World, options: {
  readonly args?: string[]; readonly env?: Record<string, string>; readonly shell?: string[]; readonly withoutAws?: boolean;
} = {}): Run {
  const folder = mkdtempSync(join(tmpdir(), 'scan-gate-'));
  try {
    const file = (name: string): string => join(folder, name);
    const tool = (name: string, text: string): void => {
      writeFileSync(file(name), `#!/bin/sh\n${text}\n`);
      chmodSync(file(name), 0o755);
    };
    if (!options.withoutAws) {
      tool('aws', `exec '${process.execPath}' '${join(__dirname, 'fake-aws.js')}' "$@"`);
    }
    tool('date', `read -r now < '${file('clock')}'; echo "$now"`);
    tool('sleep', `read -r now < '${file('clock')}'; echo $((now + $1)) > '${file('clock')}'`);
    writeFileSync(file('clock'), `${START}\n`);
    writeFileSync(file('world'), JSON.stringify({ repository: 'team/api', scans: {}, start: START, ...world }));
    writeFileSync(file('log'), '');
    writeFileSync(file('gate.sh'), script);

    const [command, ...shellArgs] = options.shell ?? ['sh'];
    const { status, stdout, stderr } = spawnSync(command, [...shellArgs, file('gate.sh'), ...options.args ?? []], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: options.withoutAws ? folder : [folder, process.env.PATH].join(delimiter),
        FAKE_AWS_WORLD: file('world'),
        FAKE_AWS_CLOCK: file('clock'),
        FAKE_AWS_LOG: file('log'),
        ...options.env,
      },
      timeout: 60_000,
    });
    return {
      code: status,
      output: stdout,
      lines: stdout.split('\n').filter(line => line.startsWith('scan gate: ')).map(line => line.replace('scan gate: ', '')),
      errors: stderr,
      calls: readFileSync(file('log'), 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Run['calls'][number]),
      slept: Number(readFileSync(file('clock'), 'utf8')) - START,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
