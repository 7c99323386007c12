import { spawnSync } from 'node:child_process';
import { CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { shellQuote } from '../../../lib/private/core/shell';

describe('shellQuote', () => {
  const printed = (word: string): string => spawnSync('sh', ['-c', `printf %s ${word}`], { encoding: 'utf8' }).stdout;

  test.each(['', 'v1', "it's", "''", '$(id)', '`id`', '$HOME', '"', '\\', '!', 'a b', 'a\nb', '; exit 1', '#', '*', '-n', "'; id; '"])('gives %j back', text => {
    expect(printed(shellQuote(text))).toBe(text);
  });

  test('lets the deployment quote what only the deployment knows', () => {
    const stack = new Stack();
    const parameter = new CfnParameter(stack, 'Parameter');

    expect(stack.resolve(shellQuote(parameter.valueAsString))).toEqual({
      'Fn::Join': ['', ["'", { 'Fn::Join': ["'\\''", { 'Fn::Split': ["'", { Ref: 'Parameter' }] }] }, "'"]],
    });
    expect(stack.resolve(shellQuote(`team/${Fn.ref('AWS::StackName')}`))).toEqual({
      'Fn::Join': ['', ["'", { 'Fn::Join': ["'\\''", { 'Fn::Split': ["'", { 'Fn::Join': ['', ['team/', { Ref: 'AWS::StackName' }]] }] }] }, "'"]],
    });
  });
});
