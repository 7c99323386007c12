// Corrects what jsii-rosetta translates wrongly, so that each translation runs (Python) or compiles (Java). Its Go does not compile: a block
// is shown in Go only where test/languages/go/snippets has a translation by hand, named after the page and the position of the block in it.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const BY_HAND = fileURLToPath(new URL('../test/languages/go/snippets/', import.meta.url));
const cdk = JSON.parse(gunzipSync(readFileSync(new URL('../node_modules/aws-cdk-lib/.jsii.gz', import.meta.url))).toString());

/** The translations of a block, corrected. */
export function polished({ translations, page, index }, assembly) {
  const { $, python, java, csharp } = translations;
  const go = page && goByHand(page, index);
  return {
    $,
    python: { ...python, source: pythonOf(python.source) },
    java: { ...java, source: javaOf(java.source, $.source, assembly) },
    ...csharp ? { csharp } : {},
    ...go ? { go: { source: go, version: translations.go.version } } : {},
  };
}

/** Dates are datetimes, names in f-strings are those of Python, and names of one module are imported once. */
function pythonOf(text) {
  const inStrings = text.replace(/\bf"(?:[^"\\]|\\.)*"/g, string => string.replace(/\{([^{}"]+)\}/g, (_, value) => `{${value.replace(/\.([a-z]+(?:[A-Z][a-z]+)+)\b/g, (__, name) => `.${snake(name)}`)}}`));
  let code = inStrings.replace(/\bDate\("(\d+)-0?(\d+)-0?(\d+)"\)/g, 'datetime($1, $2, $3, tzinfo=timezone.utc)');
  const names = new Map(code.includes('datetime(') ? [['datetime', new Set(['datetime', 'timezone'])]] : []);
  code = code.replace(/^from (\S+) import (.*)\n/gm, (_, module, list) => {
    names.set(module, new Set([...names.get(module) ?? [], ...list.split(', ')]));
    return '';
  });
  return [...names].map(([module, set]) => `from ${module} import ${[...set].sort().join(', ')}\n`).join('') + code;
}

/** Dates are instants, properties have getters in front of a call, lists have no brackets, and all classes are imported. */
function javaOf(text, source, assembly) {
  let code = text
    .replace(/new Date\("([\d-]+)"\)/g, 'Instant.parse("$1T00:00:00Z")')
    .replace(/\)\[(\d+)\]/g, ').get($1)')
    .replace(/\.rewrittenPolicy\b/g, '.getRewrittenPolicy()') // behind `!` in TypeScript
    .replace(/\.(connections|grants|node|role|topic)\./g, (_, name) => `.get${name[0].toUpperCase()}${name.slice(1)}().`);
  for (const [, type, name] of code.matchAll(/\b([A-Z]\w+)\[\] (\w+) =/g)) {
    code = code.replace(`${type}[] ${name} =`, `List<${type}> ${name} =`).replace(new RegExp(`for \\(Object (\\w+) : ${name}\\)`), `for (${type} $1 : ${name})`);
  }
  const imported = [...code.matchAll(/^import (\S+);$/gm)].map(([, name]) => name);
  const modules = [...source.matchAll(/from 'aws-cdk-lib(?:\/(\S+))?'/g)].map(([, module]) => module === undefined ? 'aws-cdk-lib' : `aws-cdk-lib.${module.replaceAll('-', '_')}`);
  const body = code.replace(/^import .*\n/gm, '').replace(/\/\/.*/g, '').replace(/"[^"]*"/g, '""');
  for (const name of new Set([...body.matchAll(/(?<![.\w])([A-Z]\w+)/g)].map(([, it]) => it))) {
    if (!imported.some(it => it.endsWith(`.${name}`))) {
      imported.push(...javaNameOf(name, modules, assembly));
    }
  }
  code = code.replace(/^import .*\n/gm, '').trimStart();
  const needed = imported.filter(it => !it.endsWith('.*') && new RegExp(`(?<!\\w)${it.split('.').at(-1)}\\b`).test(code));
  return `${[...new Set(needed)].sort().map(it => `import ${it};\n`).join('')}\n${code}`;
}

const snake = name => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

const OF_JAVA = { Instant: 'java.time.Instant', List: 'java.util.List', Map: 'java.util.Map', Arrays: 'java.util.Arrays' };

/** The full name of a class, or nothing if there is none or several: then the block does not compile. */
function javaNameOf(name, modules, assembly) {
  if (OF_JAVA[name] || assembly.types[`${assembly.name}.${name}`]) {
    return [OF_JAVA[name] ?? `${assembly.targets.java.package}.${name}`];
  }
  const found = Object.values(cdk.types).filter(type => type.name === name);
  const near = found.filter(({ fqn }) => modules.includes(fqn.slice(0, -name.length - 1)));
  const [type, ...others] = near.length > 0 ? near : found.filter(({ fqn }) => !fqn.includes('.interfaces.'));
  if (type === undefined || others.length > 0) {
    return [];
  }
  const module = cdk.submodules[type.fqn.slice(0, -name.length - 1)];
  return [`${module?.targets?.java?.package ?? cdk.targets.java.package}.${name}`];
}

/** `README-0.go` is the first block of the README, without what a block does not show: its package clause and its function. */
function goByHand(page, index) {
  const file = `${BY_HAND}${page.split('/').at(-1).replace('.md', '').toLowerCase()}-${index}.go`;
  return existsSync(file) ? shownOf(readFileSync(file, 'utf8')) : undefined;
}

function shownOf(text) {
  const [, imports, body] = /^import \(\n(.*?)^\)\n.*?^func \w+\(\) \{\n(.*?)^\}$/ms.exec(text);
  return `import (\n${imports})\n\n${body.replace(/^\t/gm, '').trimEnd()}`;
}
