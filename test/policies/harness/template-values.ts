/**
 * Gives every intrinsic function in a synthesized template the value that it would have after a deployment, with made-up but stable
 * ids: an evaluator of policies takes plain text only.
 */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, any>;
}

export interface Template {
  readonly Resources?: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>;
  readonly Parameters?: Record<string, { readonly Default?: unknown }>;
}

/** What `Ref` gives the ARN of. */
const BY_ARN = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::OIDCProvider', 'AWS::SecretsManager::Secret', 'AWS::SNS::Topic', 'AWS::Signer::SigningProfile'];

/** Stands for what nobody here can tell; no policy may depend on it. */
export const UNKNOWN = '<unknown>';

/** The values of one stack; `exports` are those of all stacks of its account and Region. */
export class TemplateValues {
  constructor(
    private readonly template: Template,
    private readonly stackName: string,
    private readonly place: Place,
    private readonly exports: (name: string) => unknown,
  ) {}

  public resolve(value: unknown): any {
    if (Array.isArray(value)) {
      return value.map(item => this.resolve(item)).filter(item => item !== undefined);
    }
    if (value === null || typeof value !== 'object') {
      return value;
    }
    const entries = Object.entries(value);
    if (entries.length === 1 && (entries[0][0] === 'Ref' || entries[0][0].startsWith('Fn::'))) {
      return this.call(...entries[0]);
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item)]).filter(([, item]) => item !== undefined));
  }

  private call(name: string, argument: any): unknown {
    switch (name) {
      case 'Ref':
        return this.ref(argument);
      case 'Fn::GetAtt':
        return this.attribute(...(typeof argument === 'string' ? argument.split(/\.(.*)/s) : argument) as [string, string]);
      case 'Fn::ImportValue':
        return this.exports(this.resolve(argument));
      case 'Fn::Join':
        return this.resolve(argument[1]).join(argument[0]);
      case 'Fn::Select':
        return this.resolve(argument[1])[Number(argument[0])] ?? UNKNOWN;
      case 'Fn::Split':
        return this.resolve(argument[1]).split(argument[0]);
      case 'Fn::Sub':
        return this.substitute(argument);
      default:
        return UNKNOWN;
    }
  }

  private substitute(argument: string | [string, Record<string, unknown>]): string {
    const [text, variables] = typeof argument === 'string' ? [argument, {}] : argument;
    return text.replace(/\$\{([^!}]+)\}/g, (_, name: string) => String(
      name in variables ? this.resolve((variables)[name])
        : name.includes('.') ? this.call('Fn::GetAtt', name) : this.ref(name),
    ));
  }

  private ref(name: string): unknown {
    const { account, region } = this.place;
    const pseudo: Record<string, unknown> = {
      'AWS::AccountId': account,
      'AWS::NoValue': undefined,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackName': this.stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    if (name in pseudo) {
      return pseudo[name];
    }
    const parameter = this.template.Parameters?.[name];
    if (parameter) {
      return parameter.Default;
    }
    const resource = this.template.Resources?.[name];
    if (!resource) {
      throw new Error(`no resource ${name} in ${this.stackName}`);
    }
    return BY_ARN.includes(resource.Type)
      ? this.attribute(name, 'Arn')
      : this.physicalName(name, resource);
  }

  private physicalName(logicalId: string, { Type: type, Properties: properties = {} }: Resource): string {
    const nameProp: Record<string, string> = {
      'AWS::CodeBuild::Project': 'Name',
      'AWS::ECR::PublicRepository': 'RepositoryName',
      'AWS::ECR::Repository': 'RepositoryName',
      'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
      'AWS::IAM::Role': 'RoleName',
      'AWS::IAM::User': 'UserName',
      'AWS::Lambda::Function': 'FunctionName',
      'AWS::Logs::LogGroup': 'LogGroupName',
      'AWS::SecretsManager::Secret': 'Name',
      'AWS::SNS::Topic': 'TopicName',
      'AWS::Signer::SigningProfile': 'ProfileName',
    };
    const name: unknown = this.resolve(properties[nameProp[type] ?? '']);
    const generated = `${this.stackName}-${logicalId}`;
    return typeof name === 'string' ? name : type === 'AWS::ECR::Repository' ? generated.toLowerCase() : generated;
  }

  private attribute(logicalId: string, attribute: string): string {
    const { account, region } = this.place;
    const resource = this.template.Resources?.[logicalId];
    if (!resource) {
      throw new Error(`no resource ${logicalId} in ${this.stackName}`);
    }
    const name = this.physicalName(logicalId, resource);
    const path = String(resource.Properties?.Path ?? '/');
    const arns: Record<string, string> = {
      'AWS::CodeBuild::Project': `arn:aws:codebuild:${region}:${account}:project/${name}`,
      'AWS::ECR::PublicRepository': `arn:aws:ecr-public::${account}:repository/${name}`,
      'AWS::ECR::Repository': `arn:aws:ecr:${region}:${account}:repository/${name}`,
      'AWS::IAM::ManagedPolicy': `arn:aws:iam::${account}:policy${path}${name}`,
      'AWS::IAM::OIDCProvider': `arn:aws:iam::${account}:oidc-provider/${String(resource.Properties?.Url).replace('https://', '')}`,
      'AWS::IAM::Role': `arn:aws:iam::${account}:role${path}${name}`,
      'AWS::IAM::User': `arn:aws:iam::${account}:user${path}${name}`,
      'AWS::KMS::Key': `arn:aws:kms:${region}:${account}:key/${name}`,
      'AWS::Lambda::Function': `arn:aws:lambda:${region}:${account}:function:${name}`,
      'AWS::Logs::LogGroup': `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
      'AWS::SecretsManager::Secret': `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`,
      'AWS::SNS::Topic': `arn:aws:sns:${region}:${account}:${name}`,
      'AWS::Signer::SigningProfile': `arn:aws:signer:${region}:${account}:/signing-profiles/${name}`,
    };
    if (attribute === 'ProfileName') {
      return name;
    }
    return attribute === 'Arn' ? arns[resource.Type] ?? `arn:aws:made-up:${region}:${account}:${name}` : `${name}.${attribute}`;
  }
}
