import { App, Stack, UnscopedValidationError, ValidationError } from 'aws-cdk-lib';
import { failIfAny, failUnscopedIfAny } from '../../../lib/private/core/errors';

function thrownBy(action: () => void): Error & { type?: string } {
  let error: unknown;
  try {
    action();
  } catch (caught) {
    error = caught;
  }
  return error as Error;
}

describe('failIfAny', () => {
  const stack = new Stack(new App(), 'Stack');

  test('does nothing without problems', () => {
    expect(() => failIfAny(stack, 'Code', [])).not.toThrow();
  });

  test('fails with a line for each problem, as the CDK fails, and with the construct', () => {
    const error = thrownBy(() => failIfAny(stack, 'InvalidThing', ['one', 'two']));

    expect(error).toBeInstanceOf(ValidationError);
    expect(error.message).toBe('one\ntwo');
    expect(error.name).toBe('InvalidThing');
    expect(error.stack).toContain('Stack');
  });
});

describe('failUnscopedIfAny', () => {
  test('does nothing without problems', () => {
    expect(() => failUnscopedIfAny('Code', [])).not.toThrow();
  });

  test('fails with a line for each problem, without a construct', () => {
    const error = thrownBy(() => failUnscopedIfAny('InvalidThing', ['one', 'two']));

    expect(error).toBeInstanceOf(UnscopedValidationError);
    expect(error.message).toBe('one\ntwo');
    expect(error.name).toBe('InvalidThing');
  });
});

test('lists as many problems as somebody reads', () => {
  const problems = Array.from({ length: 40 }, (_, index) => `problem ${index}`);
  const message = (count: number): string => {
    try {
      failUnscopedIfAny('Code', problems.slice(0, count));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  expect(message(25).split('\n')).toEqual(problems.slice(0, 25));
  expect(message(40).split('\n')).toEqual([...problems.slice(0, 25), 'and 15 more problems like these']);
});
