import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { ImageSelection, LifecyclePolicy, LifecycleRule } from '../../lib';

const { ANY, UNTAGGED } = ImageSelection;
const days = (amount: number) => Duration.days(amount);
const old = (images: ImageSelection, amount = 100) => LifecycleRule.expire({ images, olderThan: days(amount) });
const newest = (images: ImageSelection, keepNewest: number) => LifecycleRule.expire({ images, keepNewest });
const pattern = (...patterns: string[]) => ImageSelection.anyOfTagPatterns(...patterns);
const prefix = (...prefixes: string[]) => ImageSelection.anyOfTagPrefixes(...prefixes);
const archive = (images: ImageSelection, amount = 100) => LifecycleRule.archive({ images, olderThan: days(amount) });
const expireArchived = (images: ImageSelection) => LifecycleRule.expireArchived({ images, archivedFor: days(365) });

const messages = (id: string, ...rules: LifecycleRule[]) =>
  LifecyclePolicy.of(...rules).findings().filter(finding => finding.id === id).map(finding => finding.message);
const ids = (...rules: LifecycleRule[]) => LifecyclePolicy.of(...rules).findings().map(finding => finding.id);

test('the presets have none', () => {
  for (const preset of [LifecyclePolicy.standard(), LifecyclePolicy.production(), LifecyclePolicy.development(), LifecyclePolicy.keepLatest(1)]) {
    expect(preset.findings()).toEqual([]);
  }
});

test('are the same each time, and nobody can change them', () => {
  const policy = LifecyclePolicy.of(old(prefix('a*')));
  policy.findings().pop();

  expect(policy.findings()).toHaveLength(1);
});

describe('impossibleTag', () => {
  test('a wildcard in a prefix', () => {
    expect(messages('impossibleTag', old(prefix('pr-*')))).toEqual([
      "rule 1 selects no image because no tag can match \"pr-*\": a prefix takes '*' literally, use a pattern",
    ]);
  });

  test.each(['git hash', 'a/b', '-a', '.a', 'ä', '*-\ud800'])('a pattern %j', text => {
    expect(messages('impossibleTag', old(pattern(text)))).toEqual([
      `rule 1 selects no image because no tag can match ${JSON.stringify(text)}: `
      + "a tag is 1 to 300 letters, digits, '_', '.' and '-' and does not begin with '.' or '-'",
    ]);
  });

  test('301 characters, but not 300', () => {
    const [long, tooLong] = ['x'.repeat(300), 'x'.repeat(301)];

    expect(ids(old(pattern(long)), old(pattern(`*${long}*`)), old(prefix(`_${'x'.repeat(299)}`)))).toEqual([]);
    expect(ids(old(pattern(tooLong)))).toEqual(['impossibleTag']);
    expect(ids(old(prefix(tooLong)))).toEqual(['impossibleTag']);
  });

  test('not for tags that exist', () => {
    expect(ids(old(pattern('*-rc', '_x', 'V1.2_3-4')), old(prefix('9', 'a.b-')))).toEqual([]);
  });
});

describe('andList', () => {
  const text = (list: string) => '{"rules":[{"rulePriority":5,"selection":{"tagStatus":"tagged",'
    + `"tagPrefixList":${list},"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}`;

  test('a list of a policy text', () => {
    expect(LifecyclePolicy.fromJson(text('["feature-","fix-"]')).findings()).toEqual([{
      id: 'andList',
      message: "rule 5 selects only images that carry tags for each of 'feature-*' and 'fix-*'; write one rule for each to select any of them",
    }]);
  });

  test('not one entry, nor what was asked for by name', () => {
    expect(LifecyclePolicy.fromJson(text('["feature-"]')).findings()).toEqual([]);
    expect(ids(old(ImageSelection.allOfTagPrefixes('feature-', 'fix-')))).toEqual([]);
  });
});

describe('unreachableRule', () => {
  test.each([
    ['the same tags as prefix and pattern', prefix('pr-'), pattern('pr-*')],
    ['a wider prefix', prefix('pr'), prefix('pr-')],
    ['a wider pattern', pattern('*-rc*'), pattern('v*-rc1')],
    ['every tag', pattern('*'), prefix('a')],
    ['one tag of an AND list', pattern('a*'), ImageSelection.allOfTagPatterns('ab*', 'c*')],
    ['a shorter AND list', ImageSelection.allOfTagPatterns('a*', '*c'), ImageSelection.allOfTagPatterns('b*', 'ab', '*bc')],
    ['a wildcard around what has one', pattern('a*b*'), pattern('a*b')],
  ])('%s above', (_, wide, narrow) => {
    expect(ids(old(wide), old(narrow))).toEqual(['unreachableRule']);
  });

  test.each([
    ['a narrower prefix', prefix('pr-'), prefix('pr')],
    ['other tags', pattern('a*'), pattern('*a')],
    ['a wildcard that may be more than one letter', pattern('a*b'), pattern('a*')],
    ['a longer AND list', ImageSelection.allOfTagPatterns('a*', 'b*'), pattern('ab*')],
    ['untagged images', UNTAGGED, pattern('*')],
    ['tagged images', pattern('*'), UNTAGGED],
    ['every tag, but not untagged images', pattern('*'), ANY],
  ])('not %s above', (_, first, second) => {
    expect(ids(old(first), old(second))).toEqual([]);
  });

  test('a rule for any image below rules for tagged and for untagged ones', () => {
    expect(messages('unreachableRule', old(pattern('*')), old(UNTAGGED), old(ANY))).toEqual([
      "rule 3 (any image) never acts because all its images belong to rule 1 '*' and rule 2 (untagged) above; remove it or move it up",
    ]);
  });

  test('names the rule that claims the images', () => {
    expect(messages('unreachableRule', old(prefix('x')), old(prefix('pr')), old(prefix('p-')), newest(prefix('pr-'), 5))).toEqual([
      "rule 4 'pr-*' never acts because all its images belong to rule 2 'pr*' above; remove it or move it up",
    ]);
  });

  test('not across storage classes', () => {
    expect(ids(old(pattern('a*')), expireArchived(pattern('ab*')))).toEqual([]);
  });
});

describe('sharedTag', () => {
  test('the same entry in two lists of one storage class', () => {
    expect(messages('sharedTag', old(ImageSelection.allOfTagPatterns('a*', 'b*')), old(ImageSelection.allOfTagPatterns('b*', 'c*')))).toEqual([
      'rule 1 and rule 2 both list "b*", and ECR wants the tags of all rules to be different; list it in one of them',
    ]);
  });

  test('not in lists of patterns and prefixes, nor in two storage classes', () => {
    expect(ids(old(pattern('b')), old(ImageSelection.allOfTagPrefixes('b', 'c')), expireArchived(pattern('b')))).toEqual([]);
  });
});

describe('countIncludesProtected', () => {
  test('fewer places than a protecting rule may fill', () => {
    expect(messages('countIncludesProtected', LifecycleRule.protect({ images: pattern('release-*') }), newest(ANY, 500))).toEqual([
      "rule 2 (any image) keeps the newest 500 and counts up to 100000 images held by rule 1 'release-*', "
      + 'so there may be no place for any other image; select other tags, expire by age, or keep more',
    ]);
  });

  test('as many places as all rules above keep, but not one more', () => {
    expect(ids(newest(pattern('a*'), 10), newest(prefix('b'), 20), newest(ANY, 30))).toEqual(['countIncludesProtected']);
    expect(ids(newest(pattern('a*'), 10), newest(prefix('b'), 20), newest(ANY, 31))).toEqual([]);
    expect(ids(newest(pattern('ab*'), 10), newest(prefix('a'), 10))).toEqual(['countIncludesProtected']);
  });

  test('not of images that the rule does not count, or that age removes', () => {
    expect(ids(newest(pattern('a*'), 10), newest(pattern('b*'), 1))).toEqual([]);
    expect(ids(old(pattern('a*')), newest(ANY, 1))).toEqual([]);
    expect(ids(newest(pattern('a*'), 10), old(ANY))).toEqual([]);
  });
});

describe('archives', () => {
  test('anyEndsProtection: a rule for any archived image deletes what was archived to be kept', () => {
    expect(messages('anyEndsProtection', archive(pattern('release-*')), expireArchived(ANY))).toEqual([
      "rule 2 (any image) deletes every archived image, also those that rule 1 'release-*' archives; "
      + "give archived images of 'release-*' a rule of their own above it",
    ]);
  });

  test('anyEndsProtection: not when the tags have their own rule, or when any image is archived', () => {
    expect(ids(archive(pattern('release-*')), expireArchived(pattern('release-*')), expireArchived(ANY))).toEqual(['archiveSavesNothing']);
    expect(ids(archive(ANY), expireArchived(ANY))).toEqual(['archiveSavesNothing']);
    expect(ids(archive(pattern('release-*')))).toEqual(['archiveSavesNothing']);
  });

  test('archiveSavesNothing names the rules', () => {
    expect(messages('archiveSavesNothing', archive(pattern('a*')), archive(ANY))).toEqual([
      "images archived by rule 1 'a*' and rule 2 (any image) cost as much as in standard storage below 150 TB a Region; "
      + 'delete them unless you archive more or must keep them',
    ]);
  });

  test('archiveBelowMinimum: 89 days, but not 90', () => {
    expect(messages('archiveBelowMinimum', archive(ANY, 89))).toEqual([
      'rule 1 (any image) archives images after 89 days, and each is then charged for 90 days more; delete such images, or archive after 90 days or later',
    ]);
    expect(messages('archiveBelowMinimum', archive(ANY, 90))).toEqual([]);
  });

  test('scannersCountAsPulls: the last pull decides', () => {
    expect(messages('scannersCountAsPulls', LifecycleRule.archive({ images: ANY, notPulledFor: days(90) }))).toEqual([
      'rule 1 archives what nobody pulled for a while, but scanners that pull keep an image in use; '
      + 'name their roles in PullTimeExclusions',
    ]);
  });
});

test('tokens are not looked at', () => {
  const stack = new Stack();
  const count = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
  const tag = new CfnParameter(stack, 'Tag').valueAsString;

  expect(ids(
    newest(prefix(tag), count),
    newest(pattern('a'), count),
    old(ImageSelection.allOfTagPatterns(tag, 'a b')),
    newest(ANY, count),
  )).toEqual([]);
  expect(ids(newest(pattern('a'), count), newest(ANY, 1))).toEqual([]);
  expect(ids(newest(pattern('a'), 1), newest(ANY, count))).toEqual([]);
  expect(ids(archive(ANY, count))).toEqual(['archiveSavesNothing']);
});
