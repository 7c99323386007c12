import { App, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountPull, PullConsumer, PullThroughCache, SecureRepository, UpstreamRegistry } from '../../lib';
import {
  administrator, COLLEAGUE, Evaluator, GRANTED, nobody, ORGANIZATION, ORGANIZATIONS, OWNER, repositoryArn, stackOf, STRANGER, World,
} from './harness';

const OWN_UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-00000000`;

/** Ways to let an organization in, each into `team/api`, that the owner belongs to. */
const ways: Array<[string, (stack: Stack) => void]> = [
  ['CrossAccountPull of an organization', stack => share(stack, PullConsumer.organization(ORGANIZATION))],
  ['CrossAccountPull of the organizational unit of the owner', stack => share(stack, PullConsumer.organizationalUnit(OWN_UNIT))],
  ['grants of a repository', stack => new SecureRepository(stack, 'Api', { repositoryName: 'team/api' }).grants.pull(organization())],
  ['grants of a cache', stack => new PullThroughCache(stack, 'Team', { upstream: UpstreamRegistry.QUAY, prefix: 'team' }).grants.pull(organization())],
];

function share(stack: Stack, consumer: PullConsumer): void {
  new CrossAccountPull(stack, 'Share', { repositories: [new SecureRepository(stack, 'Api', { repositoryName: 'team/api' })], consumers: [consumer] });
}

function organization(): iam.IPrincipal {
  return new iam.OrganizationPrincipal(ORGANIZATION);
}

describe.each(ways)('%s', (title, define) => {
  const app = new App();
  define(stackOf(app, OWNER));
  const evaluator = new Evaluator(World.of(app), ORGANIZATIONS);
  const pulls = (caller: Parameters<Evaluator['allows']>[0]): Promise<boolean> =>
    evaluator.allows(caller, 'ecr:BatchGetImage', repositoryArn('team/api'));

  test('lets in who belongs to it and has an identity policy', async () => {
    const inUnit = !title.includes('unit');

    expect([await pulls(administrator(COLLEAGUE)), await pulls(administrator(GRANTED))]).toEqual([inUnit, inUnit]);
    expect([await pulls(nobody(COLLEAGUE)), await pulls(nobody(GRANTED))]).toEqual([false, false]);
    expect(await pulls(administrator(STRANGER))).toBe(false);
    expect(await pulls(administrator(OWNER))).toBe(true);
  });

  // A principal '*' would name the roles of the own account too, and a policy of the resource is enough for those.
  test('leaves the roles of the own account to their identity policies', async () => {
    expect(await pulls(nobody(OWNER))).toBe(false);
  });
});
