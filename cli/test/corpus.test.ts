import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CORPUS_FINDINGS } from './corpus-findings';
import { invokeJson } from './harness';

const FOLDER = join(__dirname, 'corpus');

interface Report {
  readonly findings: ReadonlyArray<{ rule: string; resource: string; file: string }>;
}

test('lists findings for each template of the corpus', () => {
  expect(readdirSync(FOLDER).filter(file => file.includes('.')).sort()).toEqual(Object.keys(CORPUS_FINDINGS).sort());
  expect(Object.keys(CORPUS_FINDINGS).length).toBeGreaterThanOrEqual(25);
});

test.each(Object.entries(CORPUS_FINDINGS))('check finds in %s what is expected and nothing else', async (file, expected) => {
  const { code, json: { findings } } = await invokeJson<Report>('check', join(FOLDER, file));
  const found = findings.map(({ rule, resource }) => `${rule.replace('EcrChecks.', '')} ${resource}`).sort();

  expect(found).toEqual([...expected].sort());
  expect(code).toBe(expected.length === 0 ? 0 : 1);
});
