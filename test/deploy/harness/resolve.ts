import type { Place } from './accounts';

/** Stands in a resolved text for what only the engine knows. */
export const UNKNOWN = '\u0000';

export interface Values {
  readonly place: Place;
  readonly stack: string;
  /** Physical ids by logical id. */
  readonly ids: Record<string, string>;
  /** Types by logical id. */
  readonly types: Record<string, string>;
  /** Exported values of the account and Region. */
  readonly imports: Record<string, string>;
}

/** Resolves CloudFormation's functions independently of the engine. */
export function resolve(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) {
    return value.map(item => resolve(item, values)).filter(item => item !== undefined);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const [[name, argument], ...more] = Object.entries(value).length > 0 ? Object.entries(value) : [['', undefined]];
  const call = more.length === 0 ? FUNCTIONS[name] : undefined;
  return call ? call(argument as never, values) : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, values)]));
}

const FUNCTIONS: Record<string, (argument: never, values: Values) => unknown> = {
  'Ref': (name: string, values) => reference(name, values),
  'Fn::GetAtt': ([id, attribute]: [string, string], values) => attributeOf(id, attribute, values),
  'Fn::ImportValue': (name: unknown, values) => values.imports[resolve(name, values) as string],
  'Fn::Join': ([separator, parts]: [string, unknown], values) => (resolve(parts, values) as string[]).join(separator),
  'Fn::Select': ([index, list]: [number, unknown], values) => (resolve(list, values) as string[])[index] ?? UNKNOWN,
  'Fn::Split': ([separator, text]: [string, unknown], values) => (resolve(text, values) as string).split(separator),
  'Fn::Sub': (text: string, values) => text.replace(/\$\{([^}]+)\}/g, (_, name: string) => String(reference(name, values))),
};

function reference(name: string, { ids, place, stack }: Values): unknown {
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': place.account,
    'AWS::NoValue': undefined,
    'AWS::Partition': 'aws',
    'AWS::Region': place.region,
    'AWS::StackName': stack,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  return name in pseudo ? pseudo[name] : ids[name] ?? UNKNOWN;
}

function attributeOf(id: string, attribute: string, { ids, place, types }: Values): string {
  const { account, region } = place;
  const known: Record<string, string> = {
    'AWS::ECR::Repository.Arn': `arn:aws:ecr:${region}:${account}:repository/${ids[id]}`,
    'AWS::ECR::Repository.RepositoryUri': `${account}.dkr.ecr.${region}.amazonaws.com/${ids[id]}`,
    'AWS::EC2::SecurityGroup.GroupId': ids[id],
    'AWS::IAM::Role.Arn': `arn:aws:iam::${account}:role/${ids[id]}`,
    'AWS::KMS::Key.Arn': `arn:aws:kms:${region}:${account}:key/${ids[id]}`,
  };
  return known[`${types[id]}.${attribute}`] ?? UNKNOWN;
}
