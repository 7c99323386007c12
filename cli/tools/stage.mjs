// Writes the package as npm publishes it to cli/dist: `npm pack ./cli/dist`, `npm publish ./cli/dist`.
// In the repository the command depends on the folder of the library; the package depends on its version.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const at = path => new URL(path, import.meta.url);
const read = path => JSON.parse(readFileSync(at(path), 'utf8'));

const { version } = read('../../package.json');
const { private: _private, scripts: _scripts, devDependencies: _devDependencies, ...manifest } = read('../package.json');
if (manifest.version !== version) {
  throw new Error(`cli/package.json must have the version of the library, ${version}, got ${manifest.version}`);
}

rmSync(at('../dist'), { recursive: true, force: true });
mkdirSync(at('../dist'));
cpSync(at('../build'), at('../dist/build'), { recursive: true });
cpSync(at('../assets'), at('../dist/assets'), { recursive: true });
cpSync(at('../README.md'), at('../dist/README.md'));
cpSync(at('../../LICENSE'), at('../dist/LICENSE'));
writeFileSync(at('../dist/package.json'), `${JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, 'cdk-secure-ecr': version } }, undefined, 2)}\n`);
