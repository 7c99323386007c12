import { App, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import * as examples from '../examples';
import { readable } from './readable-template';

type Example = new (scope: App, id: string, props?: StackProps) => Stack;

const PACKS: Array<new () => NagPack> = [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks];
const ENVIRONMENT = { account: '111122223333', region: 'eu-west-1' };

/** A finding of a pack, or an acknowledgement of one. */
interface Finding {
  readonly rule: string;
  readonly path: string;
}

expect.addSnapshotSerializer({ test: value => typeof value === 'string', print: value => value as string });

describe.each(Object.entries(examples as unknown as Record<string, Example>))('%s', (name, ExampleStack) => {
  const synthesis = once(() => {
    const app = new App({ analyticsReporting: false });
    const stack = new ExampleStack(app, name.replace(/Stack$/, ''), { env: ENVIRONMENT });
    return { app, stack, assembly: app.synth() };
  });

  test('is named after its scenario', () => {
    expect(name).toMatch(/^[A-Z][A-Za-z0-9]+Stack$/);
    expect(synthesis().stack).toBeInstanceOf(Stack);
  });

  test('synthesizes without errors and warnings', () => {
    expect(synthesis().assembly.stacksRecursively.flatMap(({ messages }) => messages)).toEqual([]);
  });

  test('has no finding of AwsSolutions, HIPAA, NIST 800-53 r5 and PCI DSS that is not acknowledged', () => {
    expect(findings(synthesis().app)).toEqual([]);
  });

  test('acknowledges only what is found, with a reason', () => {
    const { app } = synthesis();
    const found = findings(app, { acknowledgedToo: true });
    for (const { rule, path, reason } of acknowledgements(app)) {
      expect({ rule, reason }).toEqual({ rule, reason: expect.stringMatching(/^.{40,400}$/) });
      expect(found).toContainEqual({ rule, path: expect.stringMatching(new RegExp(`^${escape(path)}(/|$)`)) });
    }
  });

  test('is the template that was reviewed', () => {
    for (const { template } of synthesis().assembly.stacksRecursively) {
      expect(readable(template)).toMatchSnapshot();
    }
  });
});

function findings(app: App, { acknowledgedToo = false } = {}): Finding[] {
  return PACKS.flatMap(Pack => {
    const pack = new Pack();
    if (acknowledgedToo) {
      Object.assign(pack, { isAcknowledged: () => false });
    }
    return pack.validateScope(app).violations.flatMap(({ ruleName, violatingResources }) => {
      return violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath ?? '' }));
    });
  });
}

function acknowledgements(app: App): Array<Finding & { reason: string }> {
  return app.node.findAll().flatMap((construct: IConstruct) => construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), path: construct.node.path, reason })));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
