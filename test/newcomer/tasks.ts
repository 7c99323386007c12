import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

export interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: any }>;
}

export interface Command {
  /** What a reader copies; `APP_0` is the cloud assembly of the first program of the task. */
  readonly command: string;
  /** Files that the reader has, by name, from this folder. */
  readonly files?: Record<string, string>;
  readonly status: number;
  readonly shows: RegExp[];
}

export interface Task {
  readonly title: string;
  /** Blocks of the documentation, `page#position`, and files of apps/. */
  readonly from: string[];
  /** What the reader runs then. */
  readonly commands?: Command[];
  readonly check?: (templates: Template[], stdout: string) => void;
}

const ofType = (templates: Template[], type: string): any[] =>
  templates.flatMap(({ Resources }) => Object.values(Resources)).filter(it => it.Type === type).map(it => it.Properties);

const one = (templates: Template[], type: string): any => {
  const found = ofType(templates, type);
  assert.equal(found.length, 1, `one ${type}, got ${found.length}`);
  return found[0];
};

const has = (value: unknown, ...texts: string[]): void => {
  const json = JSON.stringify(value);
  for (const text of texts) {
    assert.ok(json.includes(text), `${text} in ${json}`);
  }
};

export const TASKS: Task[] = [
  {
    title: '1. A repository, and a push from GitHub Actions without a stored key',
    from: ['docs/guide/ci-push.md#0'],
    check: templates => {
      has(one(templates, 'AWS::IAM::Role').AssumeRolePolicyDocument, 'repo:octo-org@123456/api@456789:ref:refs/heads/main', 'sts:AssumeRoleWithWebIdentity');
      has(ofType(templates, 'AWS::IAM::ManagedPolicy'), 'ecr:PutImage', 'ecr:GetAuthorizationToken');
      has(readFileSync('examples/github-push.yml', 'utf8'), 'role-to-assume', 'id-token: write');
    },
  },
  {
    title: '2. A Fargate service of a second account pulls in private subnets without NAT',
    from: ['docs/guide/cross-account-pull.md#0', 'fargate-of-another-account.ts'],
    check: templates => {
      has(ofType(templates, 'AWS::ECR::Repository').map(it => it.RepositoryPolicyText), '222222222222', 'ecr:BatchGetImage');
      has(ofType(templates, 'AWS::IAM::Policy'), 'repository/team/api', '111122223333');
      assert.deepEqual(ofType(templates, 'AWS::EC2::NatGateway'), []);
      has(ofType(templates, 'AWS::EC2::VPCEndpoint').map(it => it.ServiceName), 'ecr.api', 'ecr.dkr', '.s3', 'logs');
    },
  },
  {
    title: '3. Docker Hub and GHCR cached, used by EKS nodes and by an ECS task',
    from: ['docs/guide/pull-through-caches.md#0', 'two-caches.ts'],
    check: templates => {
      has(ofType(templates, 'AWS::ECR::PullThroughCacheRule').map(it => it.UpstreamRegistryUrl), 'registry-1.docker.io', 'ghcr.io');
      has(ofType(templates, 'AWS::ECS::TaskDefinition'), '/library/nginx:1.27');
      has(ofType(templates, 'AWS::IAM::Policy'), 'ecr:BatchImportUpstreamImage', 'github/*');
    },
  },
  {
    title: '4. prod/ replicated to a second Region and to an account for disaster recovery, as strict as the source',
    from: ['docs/guide/replication.md#0', 'two-destinations.ts'],
    check: templates => {
      const [, both] = ofType(templates, 'AWS::ECR::ReplicationConfiguration').map(it => it.ReplicationConfiguration.Rules[0].Destinations);
      assert.deepEqual(both.map(({ Region, RegistryId }: any) => `${RegistryId} ${Region}`), ['111122223333 eu-central-1', '444455556666 eu-central-1']);
      has(ofType(templates, 'AWS::ECR::RegistryPolicy'), 'ecr:ReplicateImage', 'repository/prod/*');
      const replicas = ofType(templates, 'AWS::ECR::RepositoryCreationTemplate');
      assert.ok(replicas.every(it => it.ImageTagMutability === 'IMMUTABLE' && it.EncryptionConfiguration.EncryptionType === 'KMS'), JSON.stringify(replicas));
      has(replicas.map(it => it.LifecyclePolicy), 'release-*');
    },
  },
  {
    title: '5. Releases kept, PR images 30 days, untagged 7: preview and forecast',
    from: ['README.md#1', 'preview-of-a-dump.ts'],
    check: (_templates, stdout) => {
      has(stdout, 'expire  pr-8', 'keep    release-1.0');
      assert.match(stdout, /\bUSD\b|\$/, 'the cost of a year');
    },
  },
  {
    title: '6. A deployment blocked on CRITICAL in CodeBuild and in CDK Pipelines',
    from: ['docs/guide/scanning.md#2'],
    check: templates => {
      has(one(templates, 'AWS::CodeBuild::Project').Source, 'scan gate');
      has(ofType(templates, 'AWS::IAM::Policy'), 'ecr:DescribeImageScanFindings');
    },
  },
  {
    title: '7. Enhanced scanning with alerts to e-mail and to a chat channel',
    from: ['docs/guide/scanning.md#0', 'docs/guide/scanning.md#1', 'chat-alerts.ts'],
    check: templates => {
      assert.equal(one(templates, 'AWS::ECR::RegistryScanningConfiguration').ScanType, 'ENHANCED');
      assert.equal(one(templates, 'AWS::SNS::Subscription').Protocol, 'email');
      has(ofType(templates, 'AWS::Events::Rule').map(it => it.Targets), 'client-markdown');
    },
  },
  {
    title: '8. An existing ecr.Repository becomes a SecureRepository; nothing is replaced',
    from: ['before-the-exchange.ts', 'after-the-exchange.ts'],
    commands: [
      { command: 'npx cdk-secure-ecr-cli diff APP_0/Images.template.json APP_1/Images.template.json', status: 0, shows: [/no replacement|nothing is replaced|0 /i] },
      { command: 'npx cdk-secure-ecr-cli check APP_1', status: 1, shows: [/noCustomerManagedKey/] },
    ],
    check: templates => {
      const [before, after] = templates.map(({ Resources }) => Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::ECR::Repository'));
      assert.deepEqual(after.map(([id]) => id), before.map(([id]) => id), 'the logical IDs');
    },
  },
  {
    title: '9. The rules of the library on an app of others',
    from: ['README.md#3', 'docs/guide/checks.md#1'],
    check: (_templates, stdout) => has(stdout, 'mutableTags', 'Api'),
  },
  {
    title: '10. Every ecr.Repository of every team secure by default',
    from: ['docs/guide/adopting.md#1', 'injected-defaults.ts'],
    check: (templates, stdout) => {
      assert.match(stdout, /Api.*ImageTagMutability/is, 'the report of the mixin');
      const repositories = ofType(templates, 'AWS::ECR::Repository');
      assert.equal(repositories.length, 2);
      assert.ok(repositories.every(it => it.ImageScanningConfiguration.ScanOnPush), JSON.stringify(repositories));
    },
  },
  {
    title: '11. A registry made by hand: a report, then its code',
    from: [],
    commands: [
      { command: 'npx cdk-secure-ecr-cli audit dump', files: { dump: 'dump' }, status: 1, shows: [/mutableTags/, /team\/api/] },
      { command: 'npx cdk-secure-ecr-cli adopt dump --out registry', status: 0, shows: [/2 resources in 1 stack/] },
      { command: 'npm run build --prefix registry', status: 0, shows: [] },
    ],
  },
  {
    title: '12. A plain template checked in CI, with findings for the pull request',
    from: [],
    commands: [
      { command: 'npx cdk-secure-ecr-cli check template.yaml', files: { 'template.yaml': 'template.yaml' }, status: 1, shows: [/template\.yaml/, /mutableTags/] },
      { command: 'npx cdk-secure-ecr-cli check template.yaml --format sarif', status: 1, shows: [/"ruleId": ?"EcrChecks\.mutableTags"/] },
      { command: 'npx cdk-secure-ecr-cli check template.yaml --format markdown', status: 1, shows: [/^\|/m] },
    ],
  },
  {
    title: "13. A team's namespace: its CI may create and push team-a/*, nobody else's",
    from: ['docs/guide/templates.md#0', 'team-namespace.ts'],
    check: templates => {
      has(ofType(templates, 'AWS::ECR::RepositoryCreationTemplate').map(it => [it.Prefix, it.AppliedFor]), 'team-a', 'CREATE_ON_PUSH');
      has(ofType(templates, 'AWS::IAM::ManagedPolicy'), 'ecr:CreateRepository', 'repository/team-a/*');
    },
  },
  {
    title: '14. Images signed on push',
    from: ['docs/guide/signing.md#0'],
    check: templates => {
      has(one(templates, 'AWS::ECR::SigningConfiguration'), 'release/*');
      has(ofType(templates, 'AWS::IAM::Policy'), 'signer:SignPayload');
    },
  },
];

const program = (code: string): string => `
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lib from 'cdk-secure-ecr';
const stack = new Stack(new App(), 'Images', { env: { account: '111122223333', region: 'eu-west-1' } });
const repository = new lib.SecureRepository(stack, 'Api', { repositoryName: 'team/api' });
${code}
`;

/** What new users write by mistake, and what they must read then. */
export const MISTAKES: Array<{ readonly title: string; readonly code: string; readonly message: RegExp }> = [
  {
    title: 'an unset environment variable for an account',
    code: program('new lib.CrossAccountPull(stack, \'Share\', { repositories: [repository], consumers: [lib.PullConsumer.account(process.env.UNSET!)] });'),
    message: /'account' must be a string, got undefined; .*variable/,
  },
  {
    title: 'an account of 13 digits',
    code: program('new lib.CrossAccountPull(stack, \'Share\', { repositories: [repository], consumers: [lib.PullConsumer.account(\'1111222233334\')] });'),
    message: /12 digits.*1111222233334/s,
  },
  {
    title: 'GetAuthorizationToken in a repository policy',
    code: program('repository.addToResourcePolicy(new iam.PolicyStatement({ actions: [\'ecr:GetAuthorizationToken\'], principals: [new iam.AccountPrincipal(\'222222222222\')] }));'),
    message: /GetAuthorizationToken/,
  },
  {
    title: 'a repository name in capital letters',
    code: program('new lib.SecureRepository(stack, \'Bad\', { repositoryName: \'Team/API\' });'),
    message: /'repositoryName' must be/,
  },
];
