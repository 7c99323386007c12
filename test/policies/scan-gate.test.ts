import { App } from 'aws-cdk-lib';
import { MissingScan, ScanGate, type ScanGateProps, ScanType, SecureRepository } from '../../lib';
import { administrator, COLLEAGUE, definedRole, Evaluator, GRANTED, matrix, nobody, OWNER, repositoryArn, roleIn, stackOf, World } from './harness';

const READ = ['BatchGetImage', 'DescribeImageScanFindings'];
const INSPECTOR = ['inspector2:ListCoverage', 'inspector2:ListFindings'];

function worldOf(props: Partial<ScanGateProps> = {}, runner = OWNER): World {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const repository = new SecureRepository(stack, 'Api', { repositoryName: 'team/api' });
  const there = runner === OWNER ? stack : stackOf(app, runner);
  new ScanGate({ repository, ...props }).grantRead(roleIn(there, 'gate'));
  roleIn(there, 'bystander');
  return World.of(app);
}

const callersOf = (world: World, runner = OWNER): Parameters<typeof matrix>[0]['callers'] => ({
  'the gate': definedRole(world.role('gate')),
  'a role beside it': definedRole(world.role('bystander')),
  'nobody': nobody(runner),
  'an administrator elsewhere': administrator(COLLEAGUE),
});
const OTHERS = { 'a role beside it': [], 'nobody': [], 'an administrator elsewhere': ['GetAuthorizationToken'] };

describe('the permission of a gate', () => {
  test.each<[string, Partial<ScanGateProps>, string[]]>([
    ['reads', {}, READ],
    ['reads basic findings', { scanType: ScanType.BASIC }, READ],
    ['reads and starts scans', { missingScan: MissingScan.START_SCAN }, [...READ, 'StartImageScan']],
  ])('%s, and neither pulls nor changes anything', async (title, props, actions) => {
    const world = worldOf(props);
    const callers = callersOf(world);

    expect(await matrix({ title, world, repository: repositoryArn('team/api'), callers })).toEqual({ 'the gate': actions, ...OTHERS });
    for (const other of [repositoryArn('team/api2'), repositoryArn('team/api', OWNER, 'us-east-1'), repositoryArn('team/api', GRANTED)]) {
      expect(await matrix({ title: `${title} elsewhere`, world, repository: other, callers })).toMatchObject({ 'the gate': [] });
    }
  });

  test('reads what Amazon Inspector found, unless only basic scanning is there, and changes nothing of it', async () => {
    const may = async (props: Partial<ScanGateProps>): Promise<string[]> => {
      const world = worldOf(props);
      const evaluator = new Evaluator(world);
      const asked = [...INSPECTOR, 'inspector2:Disable', 'inspector2:CreateFilter', 'inspector2:ListMembers', 'inspector2:BatchGetFindingDetails'];
      const answers = await Promise.all(asked.map(action => evaluator.allows(definedRole(world.role('gate')), action, '*', OWNER)));
      return asked.filter((_, index) => answers[index]);
    };

    expect(await may({})).toEqual(INSPECTOR);
    expect(await may({ scanType: ScanType.ENHANCED })).toEqual(INSPECTOR);
    expect(await may({ scanType: ScanType.BASIC })).toEqual([]);
  });

  test('works from another account, on both sides, and lets nobody else of it in', async () => {
    const world = worldOf({ scanType: ScanType.BASIC }, GRANTED);
    const callers = { ...callersOf(world, GRANTED), 'an administrator beside it': administrator(GRANTED) };

    expect(await matrix({ title: 'reads in another account', world, repository: repositoryArn('team/api'), callers })).toEqual({
      'the gate': READ, ...OTHERS, 'an administrator beside it': ['GetAuthorizationToken'],
    });
  });
});
