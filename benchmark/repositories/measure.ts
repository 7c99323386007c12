import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';

/** What one process measured. */
export interface Measurement {
  /** Time to construct and synthesize, modules not included. */
  readonly milliseconds: number;
  /** The most memory that the process ever had, modules included. */
  readonly megabytes: number;
  /** A hash of the resources in all templates, without their logical ids. */
  readonly fingerprint: string;
}

/** Below the 500 resources that CloudFormation allows in a stack. */
const PER_STACK = 400;

/** The shape that `LifecyclePolicy.standard()`, `ecr.LifecycleRule` and a hand-written text share. */
interface Template {
  readonly Resources: Record<string, { Properties?: { LifecyclePolicy?: { LifecyclePolicyText: string } } }>;
}

/**
 * Constructs as many repositories as the command line says, synthesizes them, and prints the `Measurement` as JSON.
 *
 * @param makeFactory called once a stack; what it returns is called once a repository
 */
export function measure(makeFactory: (stack: Stack) => (id: string) => unknown): void {
  const count = Number(process.argv[2]);
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-bench-'));
  try {
    const start = process.hrtime.bigint();
    const app = new App({ outdir, analyticsReporting: false });
    for (let first = 0; first < count; first += PER_STACK) {
      const stack = new Stack(app, `Stack${first}`, { env: { account: '111111111111', region: 'eu-west-1' } });
      const make = makeFactory(stack);
      for (let index = first; index < Math.min(first + PER_STACK, count); index++) {
        make(`Repository${index}`);
      }
    }
    const assembly = app.synth();
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    const megabytes = process.resourceUsage().maxRSS / 1024;

    const fingerprint = fingerprintOf(assembly.stacks.map(stack => stack.template as Template));
    console.log(JSON.stringify({ milliseconds, megabytes, fingerprint } satisfies Measurement));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function fingerprintOf(templates: Template[]): string {
  const hash = createHash('sha256');
  for (const { Resources } of templates) {
    for (const resource of Object.values(Resources).map(canonical).sort()) {
      hash.update(`${resource}\n`);
    }
  }
  return hash.digest('hex');
}

/** A resource as text: keys sorted, the lifecycle policy without the difference that white space and the order of keys make. */
function canonical(resource: Template['Resources'][string]): string {
  return JSON.stringify(resource, (key, value: unknown) => {
    const read: unknown = key === 'LifecyclePolicyText' ? JSON.parse(value as string) : value;
    return read !== null && typeof read === 'object' && !Array.isArray(read)
      ? Object.fromEntries(Object.entries(read).sort(([a], [b]) => a.localeCompare(b)))
      : read;
  });
}
