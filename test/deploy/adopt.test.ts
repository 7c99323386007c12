import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreatePullThroughCacheRuleCommand, CreateRepositoryCommand, CreateRepositoryCreationTemplateCommand, PutLifecyclePolicyCommand,
  PutRegistryPolicyCommand, PutRegistryScanningConfigurationCommand, PutReplicationConfigurationCommand,
  RegisterPullTimeUpdateExclusionCommand, SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
// The command and its tests are not part of what the package exports.
// eslint-disable-next-line import-x/no-relative-packages
import { run } from '../../cli/src/program';
// eslint-disable-next-line import-x/no-relative-packages
import { synthesize } from '../../cli/test/adopted-app';
import { HOME_REGION } from './harness/accounts';
import { bootstrap, diff, importResources } from './harness/cdk';
import { Clients } from './harness/clients';
import { newDirectory, programEnvironment } from './harness/environment';
import { RegistryClient } from './harness/registry-client';

/** The repository of the bootstrap stack; in AWS, the tags of CloudFormation leave it out. */
const BOOTSTRAP = 'cdk-*';

/** Has a registry that nobody made with code. */
const ADOPTED = { account: '505050505050', region: HOME_REGION };

const KEEP_FIVE = { rules: [{ rulePriority: 1, selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 }, action: { type: 'expire' } }] };
const PULL = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'pull', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::606060606060:root' }, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] }],
};

describe('a registry that was made without code', () => {
  const clients = new Clients(ADOPTED);
  const home = newDirectory();
  let images: RegistryClient;

  /** Runs the command with the credentials of the account. */
  async function command(...args: string[]): Promise<string> {
    const environment = programEnvironment(ADOPTED.account, ADOPTED.region, home);
    const before = Object.fromEntries(Object.keys(environment).map(name => [name, process.env[name]]));
    Object.assign(process.env, environment);
    let output = '';
    const write = (text: string): void => {
      output += text;
    };
    try {
      const code = await run(args, { stdout: write, stderr: write, isTerminal: false, now: () => new Date() });
      return `${code}\n${output}`;
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) {
          delete process.env[name];
        } else {
          process.env[name] = value;
        }
      }
    }
  }

  /** The files of a snapshot, without times and the tags that CloudFormation sets. */
  async function snapshot(name: string): Promise<Record<string, unknown>> {
    const folder = join(home, name);
    expect(await command('snapshot', '--out', folder)).toBe(`0\n${ADOPTED.account} ${ADOPTED.region}: 4 repositories\n`);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && entry.name.endsWith('.json'));
    return Object.fromEntries(files.filter(file => file.name !== 'snapshot.json').map(({ parentPath, name: file }) => {
      const text = readFileSync(join(parentPath, file), 'utf8');
      const content: unknown = JSON.parse(text, (key, part: unknown) => {
        const isTag = typeof part === 'object' && part !== null && 'Key' in part && String(part.Key).startsWith('aws:');
        return /At$|Time$/.test(key) || isTag ? undefined : Array.isArray(part) ? part.filter(item => item !== undefined) : part;
      });
      return [join(parentPath, file).slice(folder.length), content];
    }));
  }

  beforeAll(async () => {
    await bootstrap(ADOPTED.account, [ADOPTED.region]);
    const { ecr, kms } = clients;
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const registry = `arn:aws:ecr:${ADOPTED.region}:${ADOPTED.account}:repository`;
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/api', imageScanningConfiguration: { scanOnPush: true }, imageTagMutability: 'IMMUTABLE' }));
    await ecr.send(new CreateRepositoryCommand({
      repositoryName: 'team/web',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KeyMetadata!.Arn },
      tags: [{ Key: 'team', Value: 'größe' }],
    }));
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'legacy' }));
    await ecr.send(new PutLifecyclePolicyCommand({ repositoryName: 'team/web', lifecyclePolicyText: JSON.stringify(KEEP_FIVE) }));
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'team/api', policyText: JSON.stringify(PULL) }));
    await ecr.send(new PutRegistryPolicyCommand({ policyText: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'replicate', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::606060606060:root' }, Action: ['ecr:ReplicateImage'], Resource: [`${registry}/*`] }],
    }) }));
    await ecr.send(new PutRegistryScanningConfigurationCommand({
      scanType: 'BASIC', rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: 'team/*', filterType: 'WILDCARD' }] }],
    }));
    await ecr.send(new PutReplicationConfigurationCommand({ replicationConfiguration: { rules: [{
      destinations: [{ region: 'eu-central-1', registryId: ADOPTED.account }], repositoryFilters: [{ filter: 'copied/', filterType: 'PREFIX_MATCH' }],
    }] } }));
    await ecr.send(new CreatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'ecr-public', upstreamRegistryUrl: 'public.ecr.aws' }));
    await ecr.send(new CreateRepositoryCreationTemplateCommand({ prefix: 'ecr-public', appliedFor: ['PULL_THROUGH_CACHE'], lifecyclePolicy: JSON.stringify(KEEP_FIVE) }));
    await ecr.send(new RegisterPullTimeUpdateExclusionCommand({ principalArn: `arn:aws:iam::${ADOPTED.account}:role/scanner` }));
    images = await RegistryClient.login(clients, `${ADOPTED.account}.dkr.ecr.${ADOPTED.region}.amazonaws.com`);
  });

  test('is imported by the app that adopt writes, and stays as it is', async () => {
    const uri = `${ADOPTED.account}.dkr.ecr.${ADOPTED.region}.amazonaws.com/team/api`;
    const { pushed } = await images.push(uri, 'v1', layout => layout.image('one'));
    const before = await snapshot('before');
    expect(Object.keys(before).length).toBeGreaterThan(15);

    const app = join(home, 'app');
    expect(await command('adopt', join(home, 'before'), '--out', app, '--exclude', BOOTSTRAP)).toMatch(/^1\n9 resources in 3 stacks: .*\nnot in the app:\n {2}cdk-\S+: left out with '--exclude'\n$/);
    const assembly = join(home, 'cdk.out');
    const stacks = synthesize(app, assembly);
    for (const { name } of stacks) {
      await importResources(assembly, name, join(app, 'import', `${name}.json`), ADOPTED);
    }
    // The parameter and the rule of the bootstrap version are all that the next deployment adds.
    expect((await diff(assembly, ADOPTED)).output).not.toMatch(/AWS::ECR|Resources/);

    expect(await snapshot('after')).toEqual(before);
    expect(await images.pull(`${uri}:v1`)).toMatchObject({ code: 0, pulled: { digest: pushed.digest } });
  });

  test.todo('CloudFormation of AWS imports resources of Amazon ECR as the emulator does');
});
