import { join } from 'node:path';
import { output, PROJECT, run } from './sandbox';

/** A package as npm would publish it, in a file. */
export interface Packed {
  readonly path: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: Array<{ readonly path: string; readonly size: number }>;
}

function pack(folder: string, source: string): Packed {
  const [tarball] = JSON.parse(output(PROJECT, 'npm', 'pack', source, '--json', '--ignore-scripts', '--pack-destination', folder)) as [Packed & { filename: string }];
  return { ...tarball, path: join(folder, tarball.filename) };
}

/** Packs the library, after `npm run build`. */
export const packLibrary = (folder: string): Packed => pack(folder, '.');

/** Builds and packs the command. */
export function packCommand(folder: string): Packed {
  run(PROJECT, 'npm', 'run', '--silent', 'stage', '--workspace', 'cdk-secure-ecr-cli');
  return pack(folder, './cli/dist');
}
