import type { Types } from '../../tools/assembly';
import { tidy } from '../../tools/tidy-api';

const NAME = 'cdk-secure-ecr';
const at = { locationInModule: { filename: 'lib/share.ts' } };
const TYPES: Types = {
  [`${NAME}.Share`]: {
    ...at, fqn: `${NAME}.Share`, name: 'Share', kind: 'class', base: 'aws-cdk-lib.aws_ecr.RepositoryBase', interfaces: [`${NAME}.IShare`],
    methods: [{ name: 'grant' }], properties: [{ name: 'node' }, { name: 'repository' }],
  },
  [`${NAME}.IShare`]: { ...at, fqn: `${NAME}.IShare`, name: 'IShare', kind: 'interface', interfaces: ['constructs.IConstruct'], methods: [{ name: 'grant' }] },
};

const anchor = (id: string) => `<a name="x" id="${NAME}.${id}"></a>`;
const property = (name: string, text: string) => `##### \`${name}\`<sup>Optional</sup> ${anchor(`Share.property.${name}`)}

\`\`\`typescript
public readonly ${name}: IRepository;
\`\`\`

- *Type:* aws-cdk-lib.aws_ecr.IRepository
- *Default:* none

${text}

---

`;
const grant = (type: string, text: string) => `#### Methods <a name="Methods" id="Methods"></a>

| **Name** | **Description** |
| --- | --- |

##### \`grant\` ${anchor(`${type}.grant`)}

\`\`\`typescript
public grant(grantee: IGrantable): Grant
\`\`\`

${text}

###### \`grantee\`<sup>Required</sup> ${anchor(`${type}.grant.parameter.grantee`)}

- *Type:* aws-cdk-lib.aws_iam.IGrantable

${text === '' ? '' : 'the principals that pull.'}

---

`;
const document = (methods = grant('Share', '')) => `# API Reference <a name="API Reference" id="api-reference"></a>

## Constructs <a name="Constructs" id="Constructs"></a>

### Share ${anchor('Share')}

- *Implements:* <a href="#${NAME}.IShare">IShare</a>

Repositories that others pull from;

not from the internet.

> [https://docs.aws.amazon.com/x](https://docs.aws.amazon.com/x)

${methods}#### Properties <a name="Properties" id="Properties"></a>

${property('node', 'The tree node.')}${property('repository', 'The repository | its twin.\n\nMore than a sentence.')}
## Protocols <a name="Protocols" id="Protocols"></a>

### IShare ${anchor('IShare')}

${grant('IShare', 'Grants a pull.')}`;

test('a document says everything once, in the words of users', () => {
  expect(tidy(document(), TYPES)).toMatchInlineSnapshot(`
"# API Reference

## Constructs

[Share](#share)

### Share

Repositories that others pull from; not from the internet.

> <https://docs.aws.amazon.com/x>

#### Methods

##### \`grant(grantee: IGrantable): Grant\`

Grants a pull.

- \`grantee\`: the principals that pull.

#### Properties

| Name | Type | Default | Description |
| --- | --- | --- | --- |
| \`repository?\` | ecr.IRepository | none | The repository \\| its twin. |

##### \`repository?\`

More than a sentence.

Has the members of \`ecr.RepositoryBase\` too.

## Protocols

### IShare

Has \`grant\` as [Share](#share).
"
`);
});

test('an interface with a member that its class lacks is an error', () => {
  const types: Types = { ...TYPES, [`${NAME}.Share`]: { ...TYPES[`${NAME}.Share`], interfaces: [], methods: [] } };
  expect(() => tidy(document(''), types)).toThrow('Share does not have the members of IShare: grant');
});
