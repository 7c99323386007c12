import { writeAtomically } from '../core/files';
import { ExitCode, type Io } from '../core/io';
import { applyBaseline, writeBaseline } from '../findings/baseline';
import { type Finding, isAtLeast, isOpen, type Severity } from '../findings/finding';
import { type Format, render, type Report, sorted } from '../findings/report';

/**
 * The options of all commands that report findings.
 */
export interface FindingOptions {
  readonly format: Format;
  readonly minSeverity: Severity;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly output?: string;
}

/**
 * The findings that the options select, sorted and marked.
 *
 * @returns undefined if the options ask for a baseline instead, which is then written
 */
export function selectFindings(
  all: readonly Finding[],
  options: Pick<FindingOptions, 'minSeverity' | 'baseline' | 'writeBaseline'>,
  io: Io,
): { findings: Finding[]; outdated: number } | undefined {
  const serious = sorted(all.filter(({ severity }) => isAtLeast(severity, options.minSeverity)));
  const selected = options.baseline === undefined ? { findings: serious, outdated: 0 } : applyBaseline(options.baseline, serious);
  if (options.writeBaseline === undefined) {
    return selected;
  }
  writeBaseline(options.writeBaseline, selected.findings);
  io.stderr(`${selected.findings.filter(isOpen).length} findings written to ${options.writeBaseline}\n`);
  return undefined;
}

/**
 * Reports findings as the options ask for.
 *
 * @returns whether there are findings that are neither suppressed nor in the baseline
 */
export function report(all: readonly Finding[], { summary, facts }: Omit<Report, 'findings'>, options: FindingOptions, io: Io): ExitCode {
  const selected = selectFindings(all, options, io);
  if (!selected) {
    return ExitCode.CLEAN;
  }
  const { findings, outdated } = selected;
  const text = render({
    findings,
    summary: [...summary, ...outdated === 0 ? [] : [`${outdated} entries of the baseline no longer occur: write it again to remove them`]],
    facts: { ...facts, ...options.baseline === undefined ? {} : { outdatedBaselineEntries: outdated } },
  }, options.format);
  if (options.output === undefined) {
    io.stdout(text);
  } else {
    writeAtomically(options.output, text);
  }
  return findings.some(isOpen) ? ExitCode.FINDINGS : ExitCode.CLEAN;
}
