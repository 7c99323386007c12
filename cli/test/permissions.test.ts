import { invoke } from './harness';

/** The first words of actions that AWS classifies as reading or listing. */
const READS = /^(?:ecr|kms|inspector2):(?:BatchGet|Describe|Get|List)/;

test.each([[[], false], [['--findings'], true]])('permissions %s prints a policy of read actions', async (args, findings) => {
  const { code, stdout } = await invoke('permissions', ...args);
  const { Version, Statement } = JSON.parse(stdout);
  const actions: string[] = Statement.flatMap((statement: any) => statement.Action);

  expect({ code, Version }).toEqual({ code: 0, Version: '2012-10-17' });
  expect(actions.filter(action => !READS.test(action))).toEqual([]);
  expect(new Set(actions).size).toBe(actions.length);
  expect(actions.includes('inspector2:ListFindings')).toBe(findings);
});
