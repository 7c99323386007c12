import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import * as examples from '../examples';
import { EcrChecks } from '../lib';
import { APP_PROPS, ENVIRONMENT } from './environment';
import { nagFindings, type NagFinding } from './nag';
import { expectReviewed } from './reviewed-template';

type Example = new (scope: App, id: string, props?: StackProps) => Stack;

describe.each(Object.entries(examples as unknown as Record<string, Example>))('%s', (name, ExampleStack) => {
  const synthesis = once(() => {
    const app = new App(APP_PROPS);
    const stack = new ExampleStack(app, name.replace(/Stack$/, ''), { env: ENVIRONMENT });
    const report = jest.spyOn(console, 'error').mockImplementation(() => undefined); // of a plugin, also when it finds nothing
    const assembly = app.synth();
    report.mockRestore();
    return { app, stack, assembly };
  });

  test('is named after its scenario', () => {
    expect(name).toMatch(/^[A-Z][A-Za-z0-9]+Stack$/);
    expect(synthesis().stack).toBeInstanceOf(Stack);
  });

  test('synthesizes without errors and warnings', () => {
    expect(synthesis().assembly.stacksRecursively.flatMap(({ messages }) => messages).filter(({ level }) => String(level) !== 'info')).toEqual([]);
  });

  test('has no finding of AwsSolutions, HIPAA, NIST 800-53 r5 and PCI DSS that is not acknowledged', () => {
    expect(nagFindings(synthesis().app)).toEqual([]);
  });

  test('has no finding of EcrChecks that is not acknowledged', () => {
    expect(new EcrChecks().validateScope(synthesis().app).violations).toEqual([]);
  });

  test('acknowledges only what is found, with a reason', () => {
    const { app } = synthesis();
    const found = nagFindings(app, { acknowledgedToo: true });
    for (const { rule, path, reason } of acknowledgements(app)) {
      expect({ rule, reason }).toEqual({ rule, reason: expect.stringMatching(/^.{40,400}$/) });
      expect(found).toContainEqual({ rule, path: expect.stringMatching(new RegExp(`^${escape(path)}(/|$)`)) });
    }
  });

  test('is the template that was reviewed', () => {
    for (const { id, template } of synthesis().assembly.stacksRecursively) {
      expectReviewed(template as object, `examples/${id}`);
    }
  });
});

test('every reviewed template is of an example', () => {
  const names = Object.keys(examples).map(name => `${name.replace(/Stack$/, '')}.json`);
  expect(readdirSync(join(__dirname, 'templates/examples')).filter(file => !names.includes(file))).toEqual([]);
});

/** The rules of the packs that the tree acknowledges. */
function acknowledgements(app: App): Array<NagFinding & { reason: string }> {
  return app.node.findAll().flatMap((construct: IConstruct) => construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), path: construct.node.path, reason }))
    .filter(({ rule }) => /^(AwsSolutions|HIPAA\.Security|NIST\.800\.53\.R5|PCI\.DSS\.321)-/.test(rule)));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
