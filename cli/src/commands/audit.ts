import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditRegistry } from '../audit/audit';
import { changesBetween } from '../audit/changes';
import { type Audit, renderAudit } from '../audit/report';
import { CommandError } from '../core/command-error';
import { writeAtomically } from '../core/files';
import { ExitCode, type Io } from '../core/io';
import { startProgress } from '../core/progress';
import { openDump } from '../dump/dump';
import { isOpen } from '../findings/finding';
import { render } from '../findings/report';
import { type FindingOptions, selectFindings } from './finding-options';

/**
 * The options of `audit`.
 */
export interface AuditOptions extends Omit<FindingOptions, 'format'> {
  readonly format: FindingOptions['format'] | 'html';
  readonly html?: string;
  readonly at?: string;
  readonly price: string;
  readonly compare?: string;
}

/**
 * `audit`: reports on the registries of a dump.
 */
export function audit(path: string, options: AuditOptions, io: Io): ExitCode {
  const registries = openDump(path);
  const older = options.compare === undefined ? undefined : openDump(options.compare);
  const at = momentOf(path, options.at, io);
  const price = Number(options.price);
  if (!(price >= 0)) {
    throw new CommandError(`'--price' must be a number of 0 or more, got ${options.price}`);
  }
  const progress = startProgress(io, 'auditing', registries.reduce((sum, { repositories }) => sum + repositories.length, 0));
  const audits = registries.map(registry => auditRegistry(registry, registries, at, progress.step));
  progress.stop();

  const selected = selectFindings(audits.flatMap(({ findings }) => findings), options, io);
  if (!selected) {
    return ExitCode.CLEAN;
  }
  const { findings } = selected;
  const result: Audit = { at, price, registries: audits, findings, changes: older && changesBetween(older, registries) };
  const text = textOf(result, options.format);
  if (options.output === undefined) {
    io.stdout(text);
  } else {
    writeAtomically(options.output, text);
  }
  if (options.html !== undefined) {
    writeAtomically(options.html, textOf(result, 'html'));
  }
  return findings.some(isOpen) ? ExitCode.FINDINGS : ExitCode.CLEAN;
}

function textOf(result: Audit, format: AuditOptions['format']): string {
  switch (format) {
    case 'table':
      return renderAudit(result);
    case 'html':
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- one format only
      return (require('../audit/html') as typeof import('../audit/html')).renderHtml(result);
    default: {
      const registries = result.registries.map(({ findings: _, ...facts }) => facts);
      return render({
        findings: result.findings,
        summary: registries.flatMap(({ account, region, unseen }) => unseen.map(({ call, count, reason }) => `not seen in ${account} ${region}: ${call} (${count}): ${reason}`)),
        facts: { at: result.at, pricePerGbMonth: result.price, registries, changes: result.changes },
      }, format);
    }
  }
}

/** The moment of the snapshot; a dump of the AWS CLI does not state it. */
function momentOf(path: string, at: string | undefined, io: Io): Date {
  const file = join(path, 'snapshot.json');
  const taken = at ?? (existsSync(file) ? takenAt(readFileSync(file, 'utf8')) : undefined);
  const moment = taken === undefined ? io.now() : new Date(taken);
  if (Number.isNaN(moment.getTime())) {
    throw new CommandError(`${at === undefined ? `'finishedAt' of ${file}` : "'--at'"} must be a date such as 2026-11-25, got ${taken}`);
  }
  return moment;
}

function takenAt(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { finishedAt?: string }).finishedAt;
  } catch {
    return undefined;
  }
}
