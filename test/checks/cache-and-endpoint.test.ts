import { EcrChecks } from '../../lib';

const found = (resources: Record<string, unknown>) => new EcrChecks().findingsIn([{ template: { Resources: resources } }]).map(({ ruleId, message }) => `${ruleId.replace('EcrChecks.', '')}: ${message}`);

describe('noCacheTemplate', () => {
  const rule = { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'quay', UpstreamRegistryUrl: 'quay.io' } };
  const template = (Prefix: unknown, AppliedFor: unknown) => ({
    Type: 'AWS::ECR::RepositoryCreationTemplate',
    Properties: { Prefix, AppliedFor, ImageTagMutability: 'MUTABLE' },
  });
  const caching = (resource: object) => found({ Cache: rule, Template: resource }).filter(message => message.startsWith('noCacheTemplate'));

  test('finds a rule without a template for its prefix', () => {
    expect(found({ Cache: rule })).toEqual([expect.stringMatching(/^noCacheTemplate: 'EcrRepositoryPrefix' must have a repository creation template, got none for "quay"/)]);
    expect(caching(template('team', ['PULL_THROUGH_CACHE']))).toHaveLength(1);
    expect(caching(template('quay', ['REPLICATION']))).toHaveLength(1);
  });

  test.each<[unknown, unknown]>([
    ['quay', ['PULL_THROUGH_CACHE']], ['quay/', ['REPLICATION', 'PULL_THROUGH_CACHE']], ['ROOT', ['PULL_THROUGH_CACHE']], [{ Ref: 'Prefix' }, ['PULL_THROUGH_CACHE']],
    ['quay', { Ref: 'Uses' }], ['quay', [{ Ref: 'Use' }]],
  ])('lets the template for %j and %j pass', (prefix, uses) => {
    expect(caching(template(prefix, uses))).toEqual([]);
  });

  test('says nothing about a prefix that is only known at deployment', () => {
    expect(found({ Cache: { ...rule, Properties: { ...rule.Properties, EcrRepositoryPrefix: { Ref: 'Prefix' } } } })).toEqual([]);
  });
});

describe('noPrivateDns', () => {
  const endpoint = (properties: object) => found({ Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { ServiceName: 'com.amazonaws.eu-west-1.ecr.dkr', ...properties } } });

  test('finds endpoints for Amazon ECR that change no address', () => {
    const message = "noPrivateDns: 'PrivateDnsEnabled' must be true, got false: clients use the public addresses of Amazon ECR, unless a private hosted zone for them points to the endpoint";
    expect(endpoint({})).toEqual([message]);
    expect(endpoint({ PrivateDnsEnabled: false })).toEqual([message]);
  });

  test.each<object>([
    { PrivateDnsEnabled: true }, { PrivateDnsEnabled: 'true' }, { PrivateDnsEnabled: { Ref: 'Dns' } }, { ServiceName: 'com.amazonaws.eu-west-1.logs' }, { ServiceName: { Ref: 'Service' } },
  ])('lets %j pass', properties => {
    expect(endpoint(properties)).toEqual([]);
  });
});
