#!/usr/bin/env node
import { run } from './program';

void run(process.argv.slice(2), {
  stdout: text => process.stdout.write(text),
  stderr: text => process.stderr.write(text),
  isTerminal: Boolean(process.stderr.isTTY),
  columns: process.stdout.columns,
  now: () => new Date(),
}).then(code => {
  process.exitCode = code;
});
