import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A member of a type, as jsii describes it. */
export interface Member {
  readonly name: string;
}

/** A public type, as jsii describes it. */
export interface Type {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'enum' | 'interface';
  readonly base?: string;
  readonly interfaces?: string[];
  readonly locationInModule: { readonly filename: string };
  readonly methods?: Member[];
  readonly properties?: Member[];
  readonly members?: Member[];
}

/** The public types of a package by their full names. */
export type Types = Readonly<Record<string, Type>>;

/** The public types of the package in a folder, which `npm run compile` or its publisher described. */
export function typesOf(folder: string): Types {
  const redirect = JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8')) as { schema: string; filename: string; types: Types };
  return redirect.schema === 'jsii/file-redirect'
    ? (JSON.parse(gunzipSync(readFileSync(join(folder, redirect.filename))).toString()) as { types: Types }).types
    : redirect.types;
}

/** The names of the methods, properties and enum members of a type. */
export function membersOf({ methods = [], properties = [], members = [] }: Type): string[] {
  return [...methods, ...properties, ...members].map(({ name }) => name);
}

/** The bases of a type in the package itself and, with its full name, the first one of another package. */
export function basesOf(types: Types, { base }: Type): string[] {
  return base === undefined ? [] : [base, ...types[base] ? basesOf(types, types[base]) : []];
}
