// Tidies what jsii-docgen writes, so that API.md tells of this library: members that every construct inherits from the CDK go, and so do lines
// that repeat the line above them. Anchors stay what they are.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../API.md', import.meta.url);
const INHERITED = ['applyRemovalPolicy', 'env', 'isConstruct', 'isOwnedResource', 'isResource', 'node', 'stack', 'toString', 'with'];

const sections = readFileSync(FILE, 'utf8').split(/^(?=#{1,6} )/m);
const kept = [];
let skippedLevel = Infinity;
for (const section of sections) {
  const [, marks, name] = /^(#{1,6}) `?(\w+)/.exec(section);
  const level = marks.length;
  if (level > skippedLevel) {
    continue;
  }
  const inherited = level === 5 && INHERITED.includes(name);
  const undocumented = /^#{5,6} `(scope|id|props)`/.test(section) && !/^- \*Type:\* .*\n\n[^-#\s]/m.test(section) && level > 4;
  skippedLevel = inherited || undocumented ? level : Infinity;
  if (!inherited && !undocumented) {
    kept.push(section);
  }
}

writeFileSync(FILE, kept.join('')
  .replace(new RegExp(`^\\| <code>(?:<a href="[^"]*">)?(?:${INHERITED.join('|')})(?:</a>)?</code> \\|.*\\n`, 'gm'), '')
  .replace(/^#{4} (?:Methods|Static Functions|Properties) .*\n+\| .*\n\| --- .*\n+(?:---\n+)?(?=#)/gm, '')
  .replace(/<a name="[^"]*" id="([^"]*)"><\/a>/g, '<a id="$1"></a>')
  .replace(/<code><a href="(#cdk-secure-ecr\.[^"]*\.(?:parameter|Initializer)\.[^"]*)">([^<]*)<\/a><\/code>/g, '`$2`')
  .replace(/<code><a href="(#[^"]*)">([^<]*)<\/a><\/code>/g, '[`$2`]($1)')
  .replace(/<a href="(#[^"]*)">([^<]*)<\/a>/g, '[$2]($1)')
  .replace(/<code>\[([^\]`]*)\]\((#[^)]*)\)(\[\])?<\/code>/g, '[`$1$3`]($2)')
  .replace(/<code>([^<|]*)<\/code>/g, '`$1`')
  .replace(/^> \[(https?:[^\]]*)\]\(\1\)$/gm, '> <$1>')
  .replace(/^(#{4}) (Constants|Initializers?|Members|Methods|Properties|Static Functions) <a id="[^"]*"><\/a>$/gm, '$1 $2')
  .replace(/^import { \w+ } from 'cdk-secure-ecr'\n\n/gm, '')
  .replace(/^```typescript\npublic readonly [^`]*?```\n\n/gm, '')
  .replaceAll('*No description.*', '')
  .replace(/\n---\n+(?=#)/g, '\n'));
