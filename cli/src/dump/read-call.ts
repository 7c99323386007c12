import { existsSync, readFileSync } from 'node:fs';
import { reasonOf } from '../core/files';
import { isObject } from '../core/json';
import { type Operation, type Outputs, SHAPES } from './outputs';

/**
 * What a dump knows of a call: its output, that there is no such thing, or why it is not known.
 */
export type Call<T> =
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'none' }
  | { readonly state: 'unknown'; readonly reason: string };

/** The errors by which AWS says that something does not exist. */
const NOT_FOUND = /^(?:\w*PolicyNotFound|SigningConfigurationNotFound)Exception$/;

/**
 * Reads the files of a call.
 *
 * @param output the path of the output
 * @param error the path of the error message
 */
export function readCall<O extends Operation>(operation: O, output: string, error: string): Call<Outputs[O]> {
  // An empty output with an error beside it is what a shell leaves of a command that failed.
  const failed = existsSync(error) ? errorOf(readFileSync(error, 'utf8')) : undefined;
  const content = existsSync(output) ? contentOf(output) : { reason: 'the dump does not include it' };
  if (content.text === undefined || (content.text.trim() === '' && failed)) {
    return failed ? fromError(failed) : { state: 'unknown', reason: content.reason ?? 'the file is empty' };
  }
  return fromText(operation, content.text);
}

function contentOf(path: string): { text?: string; reason?: string } {
  try {
    return { text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    return { reason: `the file cannot be read: ${reasonOf(error)}` };
  }
}

function fromText<O extends Operation>(operation: O, text: string): Call<Outputs[O]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { state: 'unknown', reason: text.trim() === '' ? 'the file is empty' : 'the file is not complete JSON' };
  }
  if (isObject(value) && (value.nextToken ?? value.NextToken)) {
    return { state: 'unknown', reason: 'the output is a part that ends with a NextToken; leave out --max-items and --no-paginate' };
  }
  const [problem, ...more] = SHAPES[operation](value, '');
  return problem === undefined
    ? { state: 'read', value: value as Outputs[O] }
    : { state: 'unknown', reason: `${problem}${more.length > 0 ? ` and ${more.length} more problems` : ''}` };
}

function fromError(error: AwsError): Call<never> {
  return isNotFound(error) ? { state: 'none' } : { state: 'unknown', reason: error.message };
}

/**
 * Whether an error says that there is no such policy or configuration.
 */
export function isNotFound(error: AwsError | undefined): boolean {
  return NOT_FOUND.test(error?.code ?? '');
}

/**
 * An error of AWS.
 */
export interface AwsError {
  readonly code: string;
  readonly message: string;
}

/**
 * Reads an error message as the AWS CLI prints it: `An error occurred (AccessDeniedException) when calling …`.
 */
export function errorOf(text: string): AwsError | undefined {
  const message = text.trim();
  return message === '' ? undefined : { code: /An error occurred \((\w+)\)/.exec(message)?.[1] ?? '', message: message.split('\n').at(-1)! };
}

/**
 * Writes an error as the AWS CLI does.
 */
export function errorText(operation: string, { code, message }: AwsError): string {
  return `An error occurred (${code}) when calling the ${operation} operation: ${message}\n`;
}

/**
 * The value of a call; undefined if there is none or it is not known.
 */
export function valueOf<T>(call: Call<T>): T | undefined {
  return call.state === 'read' ? call.value : undefined;
}
