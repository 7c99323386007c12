import { findingsIn } from '../../tools/prose/check';
import { WORD_RULES } from '../../tools/prose/vocabulary';

const rulesIn = async (text: string, extension: string): Promise<string[]> => (await findingsIn(text, extension)).map(({ rule }) => rule);

describe.each(WORD_RULES.map(rule => [rule.name, rule] as const))('the rule %s', (name, { finds, passes }) => {
  test('reports its example in documentation, comments and messages', async () => {
    expect(await rulesIn(`# Title\n\n${finds}\n`, '.md')).toContain(name);
    expect(await rulesIn(`/**\n * ${finds}\n */\nexport const a = 1;\n`, '.ts')).toContain(name);
    expect(await rulesIn(`// ${finds}\nexport const a = 1;\n`, '.ts')).toContain(name);
    expect(await rulesIn(`export const a = ${JSON.stringify(finds)};\n`, '.ts')).toContain(name);
  });

  test('does not report its counterexample', async () => {
    expect(await rulesIn(`${passes}\n`, '.md')).toEqual([]);
    expect(await rulesIn(`// ${passes}\nexport const a = ${JSON.stringify(passes)};\n`, '.ts')).toEqual([]);
  });
});

describe('the text of a file', () => {
  test('has no code and no names', async () => {
    expect(await rulesIn('Call `tell()` of [the page](https://example.com/go).\n\n```ts\n// whoever\n```\n', '.md')).toEqual([]);
    expect(await rulesIn('/** Calls `goes` and {@link hold}. @see https://example.com/go\n *\n * @example\n *\n * whoever(); */\nconst go = tell;\n', '.ts')).toEqual([]);
    expect(await rulesIn('const a = `the prop ${hold} of the stack`;\n', '.ts')).toEqual([]);
  });

  test('is found with its place, also in a sentence of several lines', async () => {
    expect(await findingsIn('/**\n * The image that\n * goes to the upstream.\n */\n', '.ts')).toEqual([expect.objectContaining({ line: 3, column: 4, rule: 'go' })]);
    expect(await findingsIn('const a = `the image ${b} goes to the cache`;\n', '.ts')).toEqual([expect.objectContaining({ line: 1, column: 27, rule: 'go' })]);
    expect(await findingsIn('| a |\n| --- |\n| it goes |\n', '.md')).toEqual([expect.objectContaining({ line: 3, rule: 'go' })]);
  });
});
