/** Checks as many bare repositories of the CDK as the command line says, and prints the milliseconds without the synthesis. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type IPolicyValidationContext, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { EcrChecks } from 'cdk-secure-ecr';

const PER_STACK = 400;
const count = Number(process.argv[2]);
const outdir = mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-bench-'));
try {
  const app = new App({ outdir, analyticsReporting: false });
  for (let first = 0; first < count; first += PER_STACK) {
    const stack = new Stack(app, `Stack${first}`, { env: { account: '111111111111', region: 'eu-west-1' } });
    Array.from({ length: Math.min(PER_STACK, count - first) }, (_, index) => new ecr.Repository(stack, `Repository${first + index}`));
  }
  const templatePaths = app.synth().stacks.map(({ templateFullPath }) => templateFullPath);

  const start = process.hrtime.bigint();
  const { violations } = new EcrChecks().validate({ templatePaths } as Partial<IPolicyValidationContext> as IPolicyValidationContext);
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (violations.length === 0) {
    throw new Error('the checks found nothing in bare repositories: the time would mean nothing');
  }
  console.log(JSON.stringify(milliseconds));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
