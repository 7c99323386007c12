import { App } from 'aws-cdk-lib';
import { PublicRepository } from '../../lib';
import { administrator, type Caller, COLLEAGUE, definedRole, Evaluator, GRANTED, nobody, ORGANIZATIONS, OWNER, roleIn, stackOf, STRANGER, World } from './harness';

// https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policy-examples.html
const UPLOAD = ['BatchCheckLayerAvailability', 'CompleteLayerUpload', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart'].map(it => `ecr-public:${it}`);
const LOGIN = 'ecr-public:GetAuthorizationToken';
const TOKEN = 'sts:GetServiceBearerToken';
const tokenFor = (service: string): Partial<Caller> => ({ context: { 'sts:AWSServiceName': `${service}.amazonaws.com` } });
const FORBIDDEN = ['BatchDeleteImage', 'DeleteRepository', 'DeleteRepositoryPolicy', 'PutRepositoryCatalogData', 'SetRepositoryPolicy'].map(it => `ecr-public:${it}`);
const ACTIONS = [...UPLOAD, ...FORBIDDEN];

const app = new App();
const gallery = stackOf(app, OWNER, 'Gallery', 'us-east-1');
const repository = new PublicRepository(gallery, 'Public', { repositoryName: 'tools/converter' });
repository.grants.push(roleIn(gallery, 'release'));
repository.grants.push(roleIn(stackOf(app, GRANTED), 'partner'));
const world = World.of(app);
const evaluator = new Evaluator(world, ORGANIZATIONS);

async function allowed(caller: Caller, name = 'tools/converter'): Promise<string[]> {
  const verdicts = await Promise.all(ACTIONS.map(action => evaluator.allows(caller, action, `arn:aws:ecr-public::${OWNER}:repository/${name}`)));
  return ACTIONS.filter((_, index) => verdicts[index]);
}

describe('grants.push of a PublicRepository', () => {
  test.each(['release', 'partner'])('lets %s push and log in, and nothing else', async name => {
    const caller = definedRole(world.role(name));

    expect(await allowed(caller)).toEqual(UPLOAD);
    expect(await allowed(caller, 'tools/other')).toEqual([]);
    expect(await evaluator.allows(caller, LOGIN, '*', caller.account)).toBe(true);
    expect(await evaluator.allows(definedRole(world.role(name), tokenFor('ecr-public')), TOKEN, '*', caller.account)).toBe(true);
    expect(await evaluator.allows(definedRole(world.role(name), tokenFor('codeartifact')), TOKEN, '*', caller.account)).toBe(false);
    expect(await evaluator.allows(caller, 'ecr:GetAuthorizationToken', '*', caller.account)).toBe(false);
  });

  test.each<[string, Caller]>([
    ['another role of the account', nobody(OWNER)],
    ['the administrator of the account of a pusher', administrator(GRANTED)],
    ['the administrator of another account of the organization', administrator(COLLEAGUE)],
    ['the administrator of another organization', administrator(STRANGER)],
  ])('lets %s do nothing', async (_, caller) => {
    expect(await allowed(caller)).toEqual([]);
  });

  test('needs both halves across accounts', async () => {
    const alone = new Evaluator(world.without('repository'), ORGANIZATIONS);

    expect(await alone.allows(definedRole(world.role('partner')), UPLOAD[0], `arn:aws:ecr-public::${OWNER}:repository/tools/converter`)).toBe(false);
  });
});
