import { type AnyTxtNode, ASTNodeTypes } from '@textlint/ast-node-types';
import { TextlintKernel, type TextlintKernelOptions, type TextlintPluginCreator } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import { textOf } from './typescript-text';
import { WORD_RULES, type WordRule } from './vocabulary';

export interface Finding {
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly message: string;
}

const CODE: readonly string[] = [ASTNodeTypes.Code, ASTNodeTypes.Image, ASTNodeTypes.Html, ASTNodeTypes.CodeBlock];

/** Reads the comments and texts of TypeScript and JavaScript files. */
const TYPESCRIPT = {
  Processor: class {
    public availableExtensions(): string[] {
      return ['.ts', '.mjs'];
    }

    public processor() {
      return {
        preProcess: (text: string) => textOf(text),
        postProcess: (messages: never[], filePath?: string) => ({ messages, filePath: filePath ?? 'text' }),
      };
    }
  },
} as unknown as TextlintPluginCreator;

/** The part of the context of a textlint rule that this file uses. */
interface Context {
  readonly report: (node: AnyTxtNode, error: unknown) => void;
  readonly RuleError: new (message: string, options: { padding: unknown }) => unknown;
  readonly locator: { readonly range: (range: [number, number]) => unknown };
}

const STR: string = ASTNodeTypes.Str;
const kernel = new TextlintKernel();
const OPTIONS: Pick<TextlintKernelOptions, 'plugins' | 'rules'> = {
  plugins: [{ pluginId: 'markdown', plugin: markdown }, { pluginId: 'typescript', plugin: TYPESCRIPT }],
  rules: WORD_RULES.map(rule => ({ ruleId: rule.name, rule: ((context: Context) => reporter(rule, context)) as never })),
};

/** The findings of all rules in the text of a file, whose name decides how it is read. */
export async function findingsIn(text: string, extension: string): Promise<Finding[]> {
  const { messages } = await kernel.lintText(text, { ...OPTIONS, ext: extension });
  return messages.map(({ line, column, ruleId, message }) => ({ line, column, rule: ruleId, message }));
}

function reporter({ pattern, advice }: WordRule, { report, RuleError, locator }: Context): Record<string, (node: AnyTxtNode) => void> {
  const check = (node: AnyTxtNode): void => {
    for (const match of proseOf(node).matchAll(pattern)) {
      const padding = locator.range([match.index, match.index + match[0].length]);
      report(node, new RuleError(`'${match[0].trim()}': ${advice}`, { padding }));
    }
  };
  return { [ASTNodeTypes.Paragraph]: check, [ASTNodeTypes.Header]: check, [ASTNodeTypes.TableCell]: check };
}

/** The text of a paragraph: as long as its source, with an x for each character of code and a space for each character of markup. */
function proseOf(unit: AnyTxtNode): string {
  const characters = Array.from<string>({ length: unit.raw.length }).fill(' ');
  const fill = (node: AnyTxtNode): void => {
    const from = node.range[0] - unit.range[0];
    if (node.type === STR || CODE.includes(node.type)) {
      [...node.raw.split('')].forEach((character, index) => {
        characters[from + index] = node.type === STR ? character : 'x';
      });
    } else if ('children' in node) {
      (node.children as AnyTxtNode[]).forEach(fill);
    }
  };
  fill(unit);
  return characters.join('');
}
