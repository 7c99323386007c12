import type { App } from 'aws-cdk-lib';
import { type Place, type Template, TemplateValues, UNKNOWN } from './template-values';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: any;
  readonly NotPrincipal?: any;
  readonly Action?: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement[];
}

export type PolicyKind = 'endpoint' | 'identity' | 'key' | 'profile' | 'registry' | 'repository' | 'secret' | 'template' | 'topic' | 'trust';

/** A policy that a template writes, and what it is attached to. */
export interface WrittenPolicy {
  readonly kind: PolicyKind;
  /** The ARN of what it is attached to; a registry is `<account>/<region>`, an endpoint `<account>/<service>`. */
  readonly of: string;
  readonly document: PolicyDocument;
}

export interface WrittenRole {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly tags: Record<string, string>;
}

/** Everything that decides about a request, as the stacks of an app have written it. */
export class World {
  public static of(app: App): World {
    const stacks = app.synth().stacksRecursively.map(({ stackName, environment, template }) => ({
      stackName,
      template: template as Template,
      place: { account: environment.account, region: environment.region },
    }));

    const exported = (place: Place, name: string): unknown => {
      for (const stack of stacks.filter(it => it.place.account === place.account && it.place.region === place.region)) {
        const values = valuesOf(stack);
        const output = Object.values(stack.template.Outputs ?? {}).find(it => values.resolve(it.Export?.Name) === name);
        if (output) {
          return values.resolve(output.Value);
        }
      }
      throw new Error(`no export ${name} in ${place.account}/${place.region}`);
    };
    const valuesOf = ({ template, stackName, place }: typeof stacks[number]): TemplateValues =>
      new TemplateValues(template, stackName, place, name => exported(place, name));

    const world = new World([], []);
    stacks.forEach(stack => world.add(stack.template, valuesOf(stack), stack.place));
    return world;
  }

  private constructor(public readonly policies: WrittenPolicy[], public readonly roles: WrittenRole[]) {}

  /** The same world, without the policies of some kinds. */
  public without(...kinds: PolicyKind[]): World {
    return new World(this.policies.filter(({ kind }) => !kinds.includes(kind)), this.roles);
  }

  /** The same world, with policies that no template writes. */
  public with(...policies: WrittenPolicy[]): World {
    return new World([...this.policies, ...policies], this.roles);
  }

  public role(name: string): WrittenRole {
    const role = this.roles.find(it => it.name === name);
    if (!role) {
      throw new Error(`no role ${name}, but ${this.roles.map(it => it.name).join(', ')}`);
    }
    return role;
  }

  /** The statements of all policies of a kind that are attached to something. */
  public documents(kind: PolicyKind, of: string): PolicyDocument[] {
    return this.policies.filter(policy => policy.kind === kind && policy.of === of).map(({ document }) => document);
  }

  private add(template: Template, values: TemplateValues, place: Place): void {
    const { account, region } = place;
    const write = (kind: PolicyKind, of: string, document: unknown): void => {
      if (JSON.stringify(document)?.includes(UNKNOWN)) {
        throw new Error(`the ${kind} policy of ${of} depends on something unknown: ${JSON.stringify(document)}`);
      }
      if (document !== undefined) {
        this.policies.push({ kind, of, document: typeof document === 'string' ? JSON.parse(document) : document as PolicyDocument });
      }
    };
    const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

    for (const [logicalId, { Type: type, Properties }] of Object.entries(template.Resources ?? {})) {
      const properties = values.resolve(Properties ?? {});
      const arn = (): string => values.resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] });
      switch (type) {
        case 'AWS::IAM::Role': {
          const name: string = values.resolve({ Ref: logicalId });
          this.roles.push({ arn: arn(), name, account, tags: tagsOf(properties.Tags) });
          write('trust', arn(), properties.AssumeRolePolicyDocument);
          (properties.Policies ?? []).forEach((policy: { PolicyDocument: unknown }) => write('identity', roleArn(name), policy.PolicyDocument));
          for (const [id, resource] of Object.entries(template.Resources ?? {}).filter(([, it]) => it.Type === 'AWS::IAM::ManagedPolicy')) {
            if ((properties.ManagedPolicyArns ?? []).includes(values.resolve({ Ref: id }))) {
              write('identity', roleArn(name), values.resolve(resource.Properties?.PolicyDocument));
            }
          }
          break;
        }
        case 'AWS::IAM::Policy':
        case 'AWS::IAM::ManagedPolicy':
          (properties.Roles ?? []).forEach((role: string) => write('identity', roleArn(role), properties.PolicyDocument));
          (properties.Users ?? []).forEach((user: string) => write('identity', `arn:aws:iam::${account}:user/${user}`, properties.PolicyDocument));
          break;
        case 'AWS::ECR::PublicRepository':
        case 'AWS::ECR::Repository':
          write('repository', arn(), properties.RepositoryPolicyText);
          break;
        case 'AWS::ECR::RegistryPolicy':
          write('registry', `${account}/${region}`, properties.PolicyText);
          break;
        case 'AWS::ECR::RepositoryCreationTemplate':
          write('template', `${account}/${region}/${properties.Prefix}`, properties.RepositoryPolicy);
          break;
        case 'AWS::KMS::Key':
          write('key', arn(), properties.KeyPolicy);
          break;
        case 'AWS::SecretsManager::ResourcePolicy':
          write('secret', properties.SecretId, properties.ResourcePolicy);
          break;
        case 'AWS::SNS::TopicPolicy':
          properties.Topics.forEach((topic: string) => write('topic', topic, properties.PolicyDocument));
          break;
        case 'AWS::Signer::ProfilePermission': {
          const profile = `arn:aws:signer:${region}:${account}:/signing-profiles/${properties.ProfileName}`;
          write('profile', profile, {
            Version: '2012-10-17',
            Statement: [{ Sid: properties.StatementId, Effect: 'Allow', Principal: { AWS: properties.Principal }, Action: properties.Action, Resource: profile }],
          });
          break;
        }
        case 'AWS::EC2::VPCEndpoint':
          write('endpoint', `${account}/${properties.ServiceName.split('.').slice(3).join('.')}`, properties.PolicyDocument);
          break;
      }
    }
  }
}

function tagsOf(tags: Array<{ Key: string; Value: string }> = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
