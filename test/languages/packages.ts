import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, run } from '../packaging/sandbox';

/** A block of the documentation with its translations, as `npm run docs` writes it. */
export interface Snippet {
  readonly page?: string;
  readonly index?: number;
  readonly translations: Record<string, { readonly source: string } | undefined>;
}

interface Manifest {
  readonly version: string;
  readonly devDependencies: Record<string, string>;
}

export const MANIFEST = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as Manifest;
export const CDK_VERSION = MANIFEST.devDependencies['aws-cdk-lib'];

/**
 * Packs the library for a language as it would be published, and returns the folder of the package.
 */
export function pack(language: string, folder: string, ...options: string[]): string {
  run(PROJECT, 'npx', '--no-install', 'jsii-pacmak', '--no-npmignore', '--rosetta-unknown-snippets', 'fail', '--targets', language, '--outdir', folder, ...options);
  return join(folder, language);
}

/**
 * The translations to a language of all blocks in the README, the guides and the docstrings, named after where they are.
 */
export function translationsTo(language: string): Array<{ readonly name: string; readonly code: string }> {
  const { snippets } = JSON.parse(readFileSync(join(PROJECT, 'dist/docs/tablet.json'), 'utf8')) as { snippets: Record<string, Snippet> };
  return Object.values(snippets).flatMap(({ page, index, translations }, position) => {
    const code = translations[language]?.source;
    return code === undefined ? [] : [{ name: page === undefined ? `docstring-${position}` : `${page.split('/').at(-1)!.replace('.md', '')}-${index}`, code }];
  });
}

export function findFile(folder: string, extension: string): string {
  const found = readdirSync(folder).find(file => file.endsWith(extension));
  if (found === undefined) {
    throw new Error(`no ${extension} in ${folder}`);
  }
  return join(folder, found);
}
