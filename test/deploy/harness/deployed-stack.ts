import {
  CreateChangeSetCommand, DescribeStackEventsCommand, DescribeStackResourcesCommand, DescribeStacksCommand, ExecuteChangeSetCommand,
  GetTemplateCommand, ListExportsCommand, waitUntilChangeSetCreateComplete,
} from '@aws-sdk/client-cloudformation';
import type { Place } from './accounts';
import { Clients } from './clients';
import { pause } from './processes';
import { type Properties, READERS } from './read-back';
import { resolve, UNKNOWN } from './resolve';

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: Properties }>;
}

/** A difference between what a template asks for and what AWS says is there. */
export type Difference = string;

/** A stack in the emulator. */
export class DeployedStack {
  public readonly clients: Clients;

  constructor(public readonly name: string, public readonly place: Place) {
    this.clients = new Clients(place);
  }

  /** Creates it from a template without the CDK CLI, by a change set; returns the status at the end. */
  public async create(template: string): Promise<string> {
    const { cloudFormation: client } = this.clients;
    const names = { ChangeSetName: 'create', StackName: this.name };
    await client.send(new CreateChangeSetCommand({
      ...names,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ChangeSetType: 'CREATE',
      TemplateBody: template,
    }));
    await waitUntilChangeSetCreateComplete({ client, maxWaitTime: 30, minDelay: 0.1, maxDelay: 0.2 }, names);
    await client.send(new ExecuteChangeSetCommand(names));
    for (;;) {
      const status = await this.status();
      if (status && !/IN_PROGRESS$/.test(status)) {
        return status;
      }
      await pause(50);
    }
  }

  /** Its status, or `undefined` when there is no such stack. */
  public async status(): Promise<string | undefined> {
    const found = await this.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: this.name })).catch(() => undefined);
    return found?.Stacks?.[0].StackStatus;
  }

  /** Status and reason of every event, newest first. */
  public async events(): Promise<string[]> {
    const { StackEvents } = await this.clients.cloudFormation.send(new DescribeStackEventsCommand({ StackName: this.name }));
    return StackEvents!.map(event => [event.ResourceType, event.ResourceStatus, event.ResourceStatusReason].join(' '));
  }

  /** Physical ids by logical id. */
  public async physicalIds(): Promise<Record<string, string>> {
    const { StackResources } = await this.clients.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: this.name }));
    return Object.fromEntries(StackResources!.map(resource => [resource.LogicalResourceId!, resource.PhysicalResourceId!]));
  }

  /** The physical ids of all resources of a type. */
  public async all(type: string): Promise<string[]> {
    const { StackResources } = await this.clients.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: this.name }));
    return StackResources!.filter(resource => resource.ResourceType === type).map(resource => resource.PhysicalResourceId!).sort();
  }

  /** The physical id of the only resource of a type. */
  public async only(type: string): Promise<string> {
    const [found, ...more] = await this.all(type);
    if (!found || more.length > 0) {
      throw new Error(`${this.name} must have one ${type}, got ${JSON.stringify([found, ...more])}`);
    }
    return found;
  }

  /** What AWS says about the only resource of a type. */
  public async read(type: string): Promise<Properties> {
    return READERS[type](this.clients, await this.only(type), {});
  }

  /**
   * Compares every resource with the template, and tells which types nobody could read.
   *
   * @param instead properties to ask for instead of the template's, as `LogicalId.Property`
   */
  public async compare(instead: Record<string, unknown> = {}): Promise<{ differences: Difference[]; compared: string[]; unread: string[] }> {
    const template = await this.template();
    const values = { ids: await this.physicalIds(), imports: await this.exports(), place: this.place, stack: this.name, types: typesOf(template) };
    const [differences, compared, unread]: string[][] = [[], [], []];
    for (const [logicalId, { Type, Properties: props = {} }] of Object.entries(template.Resources)) {
      const reader = READERS[Type];
      if (!reader) {
        unread.push(Type);
        continue;
      }
      const asked = resolve(props, values) as Properties;
      const found = await reader(this.clients, values.ids[logicalId], asked);
      for (const name of Object.keys(asked).filter(prop => !NOT_TOLD[Type]?.includes(prop))) {
        const path = `${logicalId}.${name}`;
        differences.push(...differencesOf(path, path in instead ? instead[path] : asked[name], found[name]));
      }
      compared.push(Type);
    }
    return { differences, compared, unread };
  }

  private async template(): Promise<Template> {
    const { TemplateBody } = await this.clients.cloudFormation.send(new GetTemplateCommand({ StackName: this.name, TemplateStage: 'Processed' }));
    return JSON.parse(TemplateBody!) as Template;
  }

  private async exports(): Promise<Record<string, string>> {
    const { Exports = [] } = await this.clients.cloudFormation.send(new ListExportsCommand({}));
    return Object.fromEntries(Exports.map(({ Name, Value }) => [Name!, Value!]));
  }
}

/** Properties that no API tells, or not in this form. */
const NOT_TOLD: Record<string, string[]> = {
  'AWS::ECR::Repository': ['EmptyOnDelete'],
  'AWS::EC2::SecurityGroup': ['GroupName', 'Tags'],
  'AWS::IAM::Role': ['ManagedPolicyArns'],
  'AWS::KMS::Alias': ['TargetKeyId'],
  'AWS::KMS::Key': ['PendingWindowInDays', 'Tags'],
  'AWS::SecretsManager::Secret': ['GenerateSecretString', 'SecretString'],
};

function typesOf(template: Template): Record<string, string> {
  return Object.fromEntries(Object.entries(template.Resources).map(([id, { Type }]) => [id, Type]));
}

/** Everything that was asked for must be found; what AWS adds by itself is left out of account. */
function differencesOf(path: string, asked: unknown, found: unknown): Difference[] {
  if (Array.isArray(asked)) {
    const list = Array.isArray(found) ? found : [];
    return asked.flatMap((item, index) => {
      const attempts = list.map(candidate => differencesOf(`${path}[${index}]`, item, candidate));
      return attempts.some(attempt => attempt.length === 0) ? [] : attempts[index] ?? [`${path}[${index}]: asked ${JSON.stringify(item)}, not there`];
    });
  }
  if (asked !== null && typeof asked === 'object') {
    return Object.entries(asked).flatMap(([name, value]) => differencesOf(`${path}.${name}`, value, (found as Properties | undefined)?.[name]));
  }
  return matches(String(asked), String(found)) ? [] : [`${path}: asked ${String(asked)}, is ${String(found)}`];
}

function matches(asked: string, found: string): boolean {
  const pattern = asked.split(UNKNOWN).map(part => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('.+');
  return new RegExp(`^${pattern}$`, 's').test(found);
}
