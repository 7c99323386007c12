import { dirname, relative, resolve, sep } from 'node:path';
import { CommandError } from '../core/command-error';
import { readText, writeAtomically } from '../core/files';
import { isObject, listAt } from '../core/json';
import { type Finding, isOpen } from './finding';

/** The parts of a finding that identify it: the message may change with the version, the line with every edit. */
interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly resource: string;
  readonly property: string;
}

/**
 * Marks the findings that a baseline lists as known.
 *
 * @returns the findings, and how many entries of the baseline no longer occur
 */
export function applyBaseline(path: string, findings: readonly Finding[]): { findings: Finding[]; outdated: number } {
  const counts = new Map<string, number>();
  for (const entry of readBaseline(path)) {
    counts.set(keyOf(entry), (counts.get(keyOf(entry)) ?? 0) + 1);
  }
  const marked = findings.map(finding => {
    const key = keyOf(entryOf(path, finding));
    const left = counts.get(key) ?? 0;
    if (!isOpen(finding) || left === 0) {
      return finding;
    }
    counts.set(key, left - 1);
    return { ...finding, known: true };
  });
  return { findings: marked, outdated: [...counts.values()].reduce((sum, count) => sum + count, 0) };
}

/**
 * Writes the open findings as a baseline.
 */
export function writeBaseline(path: string, findings: readonly Finding[]): void {
  const entries = findings.filter(isOpen).map(finding => entryOf(path, finding)).sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
  writeAtomically(path, `${JSON.stringify({ version: 1, findings: entries }, undefined, 2)}\n`);
}

function readBaseline(path: string): Entry[] {
  let json: unknown;
  const text = readText(path);
  try {
    json = JSON.parse(text);
  } catch {
    throw new CommandError(`baseline ${path} must be JSON, as '--write-baseline' writes it`);
  }
  const entries = listAt(json, 'findings');
  if (!isObject(json) || json.version !== 1 || !Array.isArray(json.findings) || !entries.every(isEntry)) {
    throw new CommandError(`baseline ${path} must have 'version' 1 and a list of 'findings' with 'rule', 'file', 'resource' and 'property'`);
  }
  return entries as Entry[];
}

function isEntry(value: unknown): value is Entry {
  return isObject(value) && ['rule', 'file', 'resource', 'property'].every(key => typeof value[key] === 'string');
}

/** Files are relative to the baseline, so that it is the same for everybody who checks out the project. */
function entryOf(baseline: string, { rule, file, resource, property }: Finding): Entry {
  return { rule, file: relative(dirname(resolve(baseline)), resolve(file)).split(sep).join('/'), resource, property };
}

function keyOf({ rule, file, resource, property }: Entry): string {
  return JSON.stringify([rule, file, resource, property]);
}
