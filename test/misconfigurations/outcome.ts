import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Mistake, OWNER, REGION } from './mistake';

/**
 * How a mistake ends: an error or a warning while synthesizing, mended by the library, or unnoticed.
 */
export interface Outcome {
  readonly kind: 'error' | 'warning' | 'mended' | 'unnoticed';
  readonly text: string;
}

/**
 * Makes a mistake and says what comes of it. The validation of templates that newer versions of the CDK have built in counts its
 * findings as errors, if it is there.
 */
export function outcomeOf(build: (stack: Stack) => unknown, mends: Mistake['mends'], context: Record<string, unknown> = {}): Outcome {
  const outdir = mkdtempSync(join(tmpdir(), 'mistake-'));
  try {
    const app = new App({ analyticsReporting: false, outdir, context });
    const stack = new Stack(app, 'Stack', { env: { account: OWNER, region: REGION } });
    build(stack);
    const assembly = app.synth();

    const messages = assembly.stacks.flatMap(({ messages: all }) => all)
      .map(({ level, entry }) => ({ level: String(level), text: entry.data as string }));
    if (messages.length > 0) {
      const kind = messages.some(({ level }) => level === 'error') ? 'error' : 'warning';
      return { kind, text: messages.map(({ text }) => text).join('\n') };
    }
    const reported = reportOf(outdir);
    if (reported) {
      return { kind: 'warning', text: reported };
    }
    return { kind: isMended(Template.fromJSON(assembly.getStackByName(stack.stackName).template as object), mends) ? 'mended' : 'unnoticed', text: '' };
  } catch (error) {
    return { kind: 'error', text: (error as Error).message };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function isMended(template: Template, mends: Mistake['mends']): boolean {
  try {
    mends?.(template);
    return mends !== undefined;
  } catch {
    return false;
  }
}

/** What the built-in validation reports without stopping. */
function reportOf(outdir: string): string {
  interface Report { readonly pluginReports?: Array<{ readonly violations?: Array<{ readonly description: string }> }> }
  try {
    const { pluginReports = [] } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report;
    return pluginReports.flatMap(({ violations = [] }) => violations).map(({ description }) => description).join('\n');
  } catch {
    return '';
  }
}
