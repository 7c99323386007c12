import { App, Fn, Lazy, Stack, Tags, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { EcrChecks, type EcrChecksProps, RepositoryNaming, RepositoryTemplate, TemplateUse } from '../../lib';
import { CHECKS } from '../../lib/checks/checks';
import { ENVIRONMENT } from '../environment';
import { messageOf } from '../message-of';
import { add, contextOf, newStack, repository, template } from './fixtures';

const IDS = CHECKS.filter(({ isOptional }) => isOptional).map(({ id }) => id);

/** What the rules of an organization find. */
function found(stack: Stack, props: EcrChecksProps): string[] {
  return new EcrChecks(props).validateScope(stack).violations
    .filter(({ ruleName }) => IDS.includes(ruleName.replace('EcrChecks.', '')))
    .map(({ ruleName, description, severity }) => `${severity} ${ruleName}: ${description}`);
}

test('rules of an organization find nothing unless they are asked for', () => {
  const stack = newStack();
  repository(stack, { RepositoryName: 'x' });
  add(stack, 'Cache', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'quay', UpstreamRegistryUrl: 'quay.io' });
  expect(IDS).toEqual(['forbiddenUpstream', 'missingTag', 'namingConvention']);
  expect(found(stack, {})).toEqual([]);
});

test('rules whose fix replaces a repository are warnings, unless they are asked for', () => {
  for (const { id, fix, fixReplaces, isOptional, severity } of CHECKS) {
    expect([id, fixReplaces ?? false]).toEqual([id, /replaces?\b/.test(fix)]);
    if (/replaces? the repository/.test(fix)) {
      expect([id, isOptional ? 'asked for' : severity]).toEqual([id, isOptional ? 'asked for' : 'warning']);
    }
  }
});

describe('namingConvention', () => {
  const naming = RepositoryNaming.of('{team}/{service}', { team: ['payments', 'search'] });
  const RULE = "error EcrChecks.namingConvention: 'RepositoryName' must follow the naming convention '{team}/{service}' with 'team' one of \"payments\", \"search\", got";

  test.each<[string, string | undefined, string[]]>([
    ['a valid name', 'payments/api', []],
    ['a typing error', 'serach/api', [`${RULE} "serach/api"; use "search/api"`]],
    ['another separator', 'payments-api', [`${RULE} "payments-api"; use "payments/api"`]],
    ['no name', undefined, [`${RULE} none, so that CloudFormation generates a name; set one such as "search/service"`]],
  ])('holds repositories to it: %s', (_what, name, expected) => {
    const stack = newStack();
    repository(stack, { RepositoryName: name });
    expect(found(stack, { naming })).toEqual(expected);
  });

  test('holds public repositories to it, and passes names that are known at deployment', () => {
    const stack = newStack();
    add(stack, 'Public', 'AWS::ECR::PublicRepository', { RepositoryName: 'nginx' });
    repository(stack, { RepositoryName: Fn.importValue('Name') }, 'Import');
    repository(stack, { RepositoryName: `team/${Fn.importValue('Name')}` }, 'Token');
    expect(found(stack, { naming })).toEqual([expect.stringMatching(/"nginx"; use "search\/nginx"/)]);
  });

  test('is acknowledged where a repository holds images, and a warning if others are errors', () => {
    const stack = newStack();
    const { node } = repository(stack, { RepositoryName: 'api' });
    expect(found(stack, { naming, errors: [] })).toEqual([expect.stringMatching(/^warning EcrChecks.namingConvention/)]);
    Validations.of(stack.node.findChild(node.id)).acknowledge({ id: 'cdk-secure-ecr::EcrChecks.namingConvention', reason: 'It holds images, and a new name would replace it' });
    expect(found(stack, { naming })).toEqual([]);
  });
});

describe('missingTag', () => {
  const requiredTags = { 'team': ['payments', 'search'], 'cost-center': [] };
  const RULE = 'error EcrChecks.missingTag:';
  const tags = (values: Record<string, unknown>) => ({ Tags: Object.entries(values).map(([Key, Value]) => ({ Key, Value })) });

  test.each<[string, object, string[]]>([
    ['all tags', tags({ 'team': 'search', 'cost-center': '42' }), []],
    ['no tags', {}, [`${RULE} 'Tags' must have the tag "team" with one of "payments", "search", got none`, `${RULE} 'Tags' must have the tag "cost-center", got none`]],
    ['another value', tags({ 'team': 'Search', 'cost-center': '' }), [`${RULE} 'Tags' must have the tag "team" with one of "payments", "search", got "Search"`]],
    ['a value that is known at deployment', tags({ 'team': Fn.importValue('Team'), 'cost-center': '42' }), []],
    ['a key that is known at deployment', { Tags: [{ Key: Fn.importValue('Key'), Value: '' }] }, []],
    ['tags that are known at deployment', { Tags: Fn.importValue('Tags') }, []],
    ['a tag that is known at deployment', { Tags: [Fn.importValue('Tag')] }, []],
  ])('holds repositories to them: %s', (_what, properties, expected) => {
    const stack = newStack();
    repository(stack, properties);
    expect(found(stack, { requiredTags })).toEqual(expected);
  });

  test('holds creation templates to them, which do not get the tags of the stack', () => {
    const stack = new Stack(new App(), 'Stack', { env: ENVIRONMENT, tags: { 'team': 'search', 'cost-center': '42' } });
    template(stack, { ResourceTags: [{ Key: 'team', Value: 'search' }] });
    expect(found(stack, { requiredTags })).toEqual([`${RULE} 'ResourceTags' must have the tag "cost-center", got none`]);
  });

  test.each(['the tree', 'the templates'])('counts tags of the stack, as %s has them', from => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENVIRONMENT, tags: { 'team': 'search', 'cost-center': '42' } });
    repository(stack, {});
    repository(new Stack(app, 'Other', { env: ENVIRONMENT, tags: { team: 'search' } }), {});
    const checks = new EcrChecks({ requiredTags });
    const { violations } = from === 'the tree' ? checks.validateScope(app) : checks.validate(contextOf(...app.synth().stacks.map(it => it.templateFullPath)));
    expect(violations.filter(({ ruleName }) => ruleName === 'EcrChecks.missingTag').flatMap(({ violatingResources, description }) => violatingResources.map(it => `${it.templatePath?.split('/').at(-1)} ${description}`)))
      .toEqual(["Other.template.json 'Tags' must have the tag \"cost-center\", got none"]);
  });

  test('counts tags of Tags.of', () => {
    const stack = newStack();
    new ecr.Repository(stack, 'Api');
    new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.CREATE_ON_PUSH], resourceTags: { team: 'search' } });
    Tags.of(stack).add('team', Lazy.string({ produce: () => 'search' }));
    expect(found(stack, { requiredTags: { team: ['search'] } })).toEqual([]);
  });
});

describe('forbiddenUpstream', () => {
  const RULE = 'error EcrChecks.forbiddenUpstream:';

  test.each<[string, object, string[], string[]]>([
    ['an allowed host', { UpstreamRegistryUrl: 'public.ecr.aws' }, ['quay.io', 'public.ecr.aws'], []],
    ['another host', { UpstreamRegistryUrl: 'quay.io' }, ['public.ecr.aws'], [`${RULE} 'UpstreamRegistryUrl' must be one of "public.ecr.aws", got "quay.io"`]],
    ['a kind of registry', { UpstreamRegistry: 'docker-hub' }, ['public.ecr.aws'], [`${RULE} 'UpstreamRegistryUrl' must be one of "public.ecr.aws", got "registry-1.docker.io"`]],
    ['an account', { UpstreamRegistryUrl: '111122223333.dkr.ecr.us-east-1.amazonaws.com' }, ['111122223333.dkr.ecr.*.amazonaws.com'], []],
    ['another account', { UpstreamRegistryUrl: '444455556666.dkr.ecr.us-east-1.amazonaws.com' }, ['111122223333.dkr.ecr.*.amazonaws.com'], [expect.stringContaining('got "444455556666.')]],
    ['a URL', { UpstreamRegistryUrl: 'https://acme.azurecr.io/' }, ['*.azurecr.io'], []],
    ['no cache at all', { UpstreamRegistryUrl: 'quay.io' }, [], [`${RULE} 'UpstreamRegistryUrl' must be none, since no upstream is allowed, got "quay.io"`]],
    ['a host that is known at deployment', { UpstreamRegistryUrl: Fn.importValue('Url') }, ['public.ecr.aws'], []],
    ['no host', {}, ['public.ecr.aws'], []],
  ])('holds caches to it: %s', (_what, properties, allowedUpstreams, expected) => {
    const stack = newStack();
    add(stack, 'Cache', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'cache', ...properties });
    expect(found(stack, { allowedUpstreams })).toEqual(expected);
  });

  test.each<[string, string]>([
    ['docker.io', "'allowedUpstreams[0]' must be a registry that Amazon ECR can cache, got \"docker.io\""],
    ['*.quay.io', "'allowedUpstreams[0]' must be a registry that Amazon ECR can cache, got \"*.quay.io\""],
  ])('refuses %s, which no cache has', (host, message) => {
    expect(messageOf(() => new EcrChecks({ allowedUpstreams: [host] }))).toContain(message);
    expect(messageOf(() => new EcrChecks({ allowedUpstreams: ['*'] }))).toBe('accepted');
  });
});
