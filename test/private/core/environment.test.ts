import { App, Aws, CfnParameter, NestedStack, Stack } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import {
  accountRelation, areDifferent, areSame, deployedStackOf, isListedRegion, partitionOf, registryRelation, relationOf,
} from '../../../lib/private/core/environment';

const TOKEN = new CfnParameter(new Stack(new App(), 'Stack'), 'Parameter').valueAsString;

describe('two accounts or Regions', () => {
  test.each<[string | undefined, string | undefined, boolean, boolean]>([
    ['111122223333', '111122223333', true, false],
    ['111122223333', '444455556666', false, true],
    ['111122223333', TOKEN, false, false],
    [TOKEN, '111122223333', false, false],
    [TOKEN, TOKEN, false, false],
    [undefined, '111122223333', false, false],
    ['111122223333', undefined, false, false],
    [undefined, undefined, false, false],
  ])('%p and %p are the same: %p, different: %p', (left, right, same, different) => {
    expect(areSame(left, right)).toBe(same);
    expect(areDifferent(left, right)).toBe(different);
  });
});

describe('two environments', () => {
  const here = { account: '111122223333', region: 'eu-west-1' };

  test.each([
    [here, 'same', 'same'],
    [{ ...here, region: 'eu-central-1' }, 'different', 'same'],
    [{ ...here, account: '444455556666' }, 'different', 'different'],
    [{ account: here.account }, 'unknown', 'same'],
    [{ region: 'eu-central-1' }, 'different', 'unknown'],
    [{}, 'unknown', 'unknown'],
    [{ account: Aws.ACCOUNT_ID, region: here.region }, 'unknown', 'unknown'],
  ])('%j is the registry and the account of another one, or is not', (there, registry, account) => {
    expect([registryRelation(here, there), registryRelation(there, here)]).toEqual([registry, registry]);
    expect([accountRelation(here, there), accountRelation(there, here)]).toEqual([account, account]);
  });

  test('are the same for a stack and a stack nested in it, even if the environment is unknown', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const nested = new NestedStack(new NestedStack(stack, 'Nested'), 'Deeper');

    expect(deployedStackOf(nested)).toBe(stack);
    expect(relationOf(nested, stack)).toBe('same');
    expect(relationOf(nested, new Stack(app, 'Other'))).toBe('unknown');
  });
});

describe('the partition of a Region', () => {
  test.each(RegionInfo.regions.map(({ name, partition }) => [name, partition]))('%s is %s, as the CDK knows it', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
    expect(isListedRegion(region)).toBe(true);
  });

  test.each([
    ['ap-southeast-99', 'aws'],
    ['us-gov-central-1', 'aws-us-gov'],
    ['cn-south-1', 'aws-cn'],
    ['xx-west-9', undefined],
    [TOKEN, undefined],
    [undefined, undefined],
  ])('%p, which the CDK does not know, is %p', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  test('is not in the list of the CDK if the Region is misspelled', () => {
    expect(isListedRegion('eu-wets-1')).toBe(false);
  });
});
