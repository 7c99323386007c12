/** A section of a document of jsii-docgen with the sections below it. */
export interface Section {
  readonly level: number;
  readonly title: string;
  readonly id: string;
  readonly text: string;
  readonly children: Section[];
}

/** The description of a property: its type, its default, its first sentence and the rest. */
export interface Property {
  readonly name: string;
  readonly type: string;
  readonly initial: string;
  readonly first: string;
  readonly more: string;
}

/** The sections of a document as a tree. */
export function parse(markdown: string): Section {
  const root: Section = { level: 0, title: '', id: '', text: '', children: [] };
  const path = [root];
  for (const section of markdown.split(/^(?=#{1,6} )/m)) {
    const [, marks, title, id = ''] = /^(#{1,6}) (.*?) *(?:<a name="[^"]*" id="([^"]*)"><\/a>)?\n/.exec(section)!;
    const node: Section = { level: marks.length, title, id, text: proseOf(section.slice(section.indexOf('\n') + 1)), children: [] };
    while (path.at(-1)!.level >= node.level) {
      path.pop();
    }
    path.at(-1)!.children.push(node);
    path.push(node);
  }
  return root.children[0];
}

/** The name of the member that a section describes. */
export function nameOf({ title }: Section): string {
  return /^`(\w+)`/.exec(title)?.[1] ?? '';
}

/** The property that a section describes. */
export function propertyOf(section: Section): Property {
  const [, type = '', initial = ''] = /^(?:- \*Type:\* (.*)\n?)?(?:- \*Default:\* (.*)\n?)?/.exec(section.text)!;
  const text = section.text.replace(/^- \*(?:Type|Default):\* .*\n?/gm, '').trim();
  const [first, ...more] = text.split('\n\n');
  return { name: `${nameOf(section)}${section.title.includes('Optional') ? '?' : ''}`, type, initial, first: first.replaceAll('\n', ' '), more: more.join('\n\n') };
}

/** The text of a section without its table, rules and imports. jsii cuts the summary at a semicolon or a colon; here it is one sentence again. */
function proseOf(text: string): string {
  return text
    .replace(/^\| .*\n/gm, '')
    .replace(/^---$/gm, '')
    .replace(/^- \*(?:Extends|Implemented By|Implements):\* .*$/gm, '')
    .replace(/^import { \w+ } from 'cdk-secure-ecr'\n\n/gm, '')
    .replace(/^```typescript\npublic readonly [^`]*?```$/gm, '')
    .replace(/\*No description\.\*|\[disable-awslint:[^\]]*\]/g, '')
    .replace(/^> \[(https?:[^\]]*)\]\(\1\)$/gm, '> <$1>')
    .replace(/<a href="#cdk-secure-ecr\.(\w+)">[^<]*<\/a>/g, (_, type: string) => `[${type}](#${type.toLowerCase()})`)
    .replace(/([;:])\n\n(?=[a-z`])/g, '$1 ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
