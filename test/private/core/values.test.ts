import { App, CfnParameter, Lazy, Stack, Token } from 'aws-cdk-lib';
import { duplicatesOf, isKnown, show } from '../../../lib/private/core/values';

const parameter = new CfnParameter(new Stack(new App(), 'Stack'), 'Parameter', { type: 'CommaDelimitedList' });

describe('isKnown', () => {
  test.each(['', 'text', 0, false, null])('knows %p', value => {
    expect(isKnown<unknown>(value)).toBe(true);
  });

  test('knows a list and its entries, some of which may come late', () => {
    expect(isKnown(['a', Token.asString({ Ref: 'X' })])).toBe(true);
  });

  test.each([
    ['nothing', undefined],
    ['a token', Token.asString({ Ref: 'X' })],
    ['a text with a token in it', `team/${Token.asString({ Ref: 'X' })}`],
    ['a late number', Lazy.number({ produce: () => 1 })],
    ['a late list', parameter.valueAsList],
  ])('does not know %s', (_, value) => {
    expect(isKnown<unknown>(value)).toBe(false);
  });
});

describe('show', () => {
  test.each([
    ['text', '"text"'],
    ['', '""'],
    ['a "quote"\n', '"a \\"quote\\"\\n"'],
    [7, '7'],
    [[], '[]'],
    [undefined, 'undefined'],
  ])('shows %p as %s', (value, text) => {
    expect(show(value)).toBe(text);
  });

  test('shows up to 120 characters', () => {
    expect(show('x'.repeat(118))).toBe(`"${'x'.repeat(118)}"`);
    expect(show('x'.repeat(119))).toBe(`"${'x'.repeat(116)}...`);
  });
});

describe('duplicatesOf', () => {
  test.each([
    [[], []],
    [['a', 'b'], []],
    [['a', 'b', 'a'], ['a']],
    [['a', 'a', 'b', 'a', 'b'], ['a', 'b']],
  ])('finds in %p the duplicates %p', (values, duplicates) => {
    expect(duplicatesOf(values)).toEqual(duplicates);
  });
});
