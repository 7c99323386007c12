/** Compiles the library unless the compiled code is newer than all sources. The `build` of cdk.json: `npx cdk synth` works in a fresh clone. */
const { execSync } = require('node:child_process');
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');

const changedAt = file => statSync(file).mtimeMs;
const sources = ['lib', ...readdirSync('lib', { recursive: true }).map(file => join('lib', file)), 'package.json', 'tsconfig.json'];
const compiled = 'build/lib/index.js';

if (!existsSync(compiled) || sources.some(file => changedAt(file) > changedAt(compiled))) {
  execSync('npm run --silent compile', { stdio: ['ignore', process.stderr, 'inherit'] }); // the CDK CLI prints templates to the standard output
}
