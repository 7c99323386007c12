import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { ImageSelection, LifecycleAction, type LifecycleFinding, LifecyclePolicy, LifecycleRule } from '../../lib';

const { ANY, SIGNATURES, TAGGED, UNTAGGED } = ImageSelection;
const days = (amount: number) => Duration.days(amount);
const old = (images: ImageSelection, amount = 100) => LifecycleRule.expire({ images, olderThan: days(amount) });
const newest = (images: ImageSelection, keepNewest: number) => LifecycleRule.expire({ images, keepNewest });
const protect = (images: ImageSelection) => LifecycleRule.protect({ images });
const pattern = (...patterns: string[]) => ImageSelection.anyOfTagPatterns(...patterns);
const prefix = (...prefixes: string[]) => ImageSelection.anyOfTagPrefixes(...prefixes);
const archive = (images: ImageSelection, amount = 100) => LifecycleRule.archive({ images, olderThan: days(amount) });
const expireArchived = (images: ImageSelection, amount = 365) => LifecycleRule.expireArchived({ images, archivedFor: days(amount) });

/** The findings of a policy, after a preview has lost each example and kept it under the rewritten policy. */
function findingsOf(policy: LifecyclePolicy, mutableTags?: string[]): LifecycleFinding[] {
  const findings = policy.findings({ mutableTags });
  for (const { id, loss, rewrittenPolicy } of findings) {
    const lost = loss && policy.preview(loss).decisionFor(loss.digest).action;
    expect(lost).not.toBe(LifecycleAction.KEEP);
    if (rewrittenPolicy !== undefined) {
      const rewritten = LifecyclePolicy.fromJson(rewrittenPolicy);
      const kept = loss && rewritten.preview(loss).decisionFor(loss.digest).action;
      expect(kept === undefined || kept === LifecycleAction.KEEP || (lost === LifecycleAction.EXPIRE && kept === LifecycleAction.ARCHIVE)).toBe(true);
      expect(rewritten.findings({ mutableTags }).filter(finding => finding.id === id).length)
        .toBeLessThan(findings.filter(finding => finding.id === id).length);
    }
  }
  return findings;
}

const messages = (id: string, ...rules: LifecycleRule[]) =>
  findingsOf(LifecyclePolicy.of(...rules)).filter(finding => finding.id === id).map(finding => finding.message);
const ids = (...rules: LifecycleRule[]) => findingsOf(LifecyclePolicy.of(...rules)).map(finding => finding.id);
const idsOf = (policy: LifecyclePolicy, mutableTags?: string[]) => findingsOf(policy, mutableTags).map(finding => finding.id);

/** What the rewritten policy selects and keeps, such as `release-*: 100000 images`. */
const rewritten = (id: string, ...rules: LifecycleRule[]) => {
  const text = findingsOf(LifecyclePolicy.of(...rules)).find(finding => finding.id === id)?.rewrittenPolicy;
  return text && JSON.parse(text).rules.map(({ selection, action }: any) =>
    `${selection.tagPatternList ?? selection.tagPrefixList ?? selection.tagStatus}: ${action.type} ${selection.countNumber} ${selection.countUnit ?? 'images'}`);
};

test('the presets have none, also when tags move', () => {
  for (const preset of [LifecyclePolicy.standard(), LifecyclePolicy.production(), LifecyclePolicy.development(), LifecyclePolicy.keepLatest(1)]) {
    expect(preset.findings()).toEqual([]);
    expect(preset.findings({ mutableTags: ['latest', '*'] })).toEqual([]);
  }
});

test('are the same each time, and nobody can change them', () => {
  const policy = LifecyclePolicy.of(old(prefix('a*')));
  policy.findings().pop();

  expect(policy.findings()).toHaveLength(1);
  expect(policy.findings({ mutableTags: [] })).toHaveLength(1);
});

describe('impossibleTag', () => {
  test('a wildcard in a prefix', () => {
    expect(messages('impossibleTag', old(prefix('pr-*')))).toEqual([
      "rule 1 selects no image because no tag can match \"pr-*\"; use a pattern, because a prefix takes '*' literally",
    ]);
  });

  test.each(['git hash', 'a/b', '-a', '.a', 'ä', '*-\ud800'])('a pattern %j', text => {
    expect(messages('impossibleTag', old(pattern(text)))).toEqual([
      `rule 1 selects no image because no tag can match ${JSON.stringify(text)}; `
      + "use a tag of 1 to 300 letters, digits, '_', '.' and '-' that does not begin with '.' or '-'",
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
    expect(findingsOf(LifecyclePolicy.fromJson(text('["feature-","fix-"]')))).toEqual([{
      id: 'andList',
      message: "rule 5 selects only images that carry tags for each of 'feature-*' and 'fix-*'; write one rule for each to select any of them",
      rewrittenPolicy: LifecyclePolicy.of(newest(prefix('feature-', 'fix-'), 1)).toJson(),
    }]);
  });

  const list = (rulePriority: number, entries: string[], countNumber = 1000) =>
    ({ rulePriority, selection: { tagStatus: 'tagged', tagPrefixList: entries, countType: 'imageCountMoreThan', countNumber }, action: { type: 'expire' } });
  const any = { rulePriority: 9, selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 }, action: { type: 'expire' } };

  test('all lists at once, with what a lower rule takes, and not again as protected images', () => {
    const policy = LifecyclePolicy.fromJson(JSON.stringify({ rules: [list(1, ['prod', 'qa']), list(2, ['a', 'b', 'c']), any] }));

    expect(findingsOf(policy).map(({ id, message }) => [id, message])).toEqual([['andList',
      "rule 1 selects only images that carry tags for each of 'prod*' and 'qa*'; rule 2 selects only images that carry tags for each of 'a*' and 'b*' and 'c*'; "
      + "for example, an image tagged 'prod1', pushed 24 hours ago, is deleted; write one rule for each to select any of them"]]);
    expect(idsOf(LifecyclePolicy.fromJson(JSON.stringify({ rules: [list(1, ['x'], 5), list(2, ['prod', 'qa'])] })))).toEqual(['andList']);
  });

  test('not one entry, nor what was asked for by name', () => {
    expect(LifecyclePolicy.fromJson(text('["feature-"]')).findings()).toEqual([]);
    expect(ids(old(ImageSelection.allOfTagPrefixes('feature-', 'fix-')))).toEqual([]);
  });
});

describe('unreachableRule', () => {
  test('a list of patterns that describe the same tag, below a rule that archives', () => {
    const archiveAll = LifecycleRule.archive({ images: TAGGED, keepNewest: 1 });

    expect(ids(archiveAll, newest(ImageSelection.allOfTagPatterns('*-1', '*-*'), 2))).toContain('unreachableRule');
  });

  test.each([
    ['the same tags as prefix and pattern', prefix('pr-'), pattern('pr-*')],
    ['a wider prefix', prefix('pr'), prefix('pr-')],
    ['a wider pattern', pattern('*-rc*'), pattern('v*-rc1')],
    ['every tag for years', TAGGED, prefix('a'), 999],
    ['one tag of an AND list', pattern('a*'), ImageSelection.allOfTagPatterns('ab*', 'c*')],
    ['a shorter AND list', ImageSelection.allOfTagPatterns('a*', '*c'), ImageSelection.allOfTagPatterns('b*', 'ab', '*bc')],
    ['a wildcard around what has one', pattern('a*b*'), pattern('a*b')],
  ])('%s above', (_, wide, narrow, age = 100) => {
    expect(ids(old(wide, age), old(narrow))).toEqual(['unreachableRule']);
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
    expect(ids(old(first, 999), old(second, 999))).toEqual([]);
  });

  test('a rule for any image below rules for tagged and for untagged ones', () => {
    expect(messages('unreachableRule', old(pattern('*')), old(UNTAGGED), old(ANY))).toEqual([
      "rule 3 (any image) never acts because all its images belong to rule 1 '*' and rule 2 (untagged) above; remove it",
    ]);
  });

  test('names the rule that claims the images', () => {
    expect(messages('unreachableRule', old(prefix('x')), old(prefix('pr')), old(prefix('p-')), newest(prefix('pr-'), 5))).toEqual([
      "rule 4 'pr-*' never acts because all its images belong to rule 2 'pr*' above; "
      + "for example, an image tagged 'pr-1', pushed 101 days ago, is deleted; move it above rule 2",
    ]);
  });

  test('not across storage classes', () => {
    expect(ids(old(pattern('a*')), expireArchived(pattern('ab*')))).toEqual([]);
  });
});

describe('sharedTag', () => {
  test('the same entry in two lists of one storage class', () => {
    expect(messages('sharedTag', old(ImageSelection.allOfTagPatterns('a*', 'b*')), old(ImageSelection.allOfTagPatterns('b*', 'c*')))).toEqual([
      'rule 1 and rule 2 both list "b*", and ECR may refuse the policy because the tags of all rules must be different; list it in one of them',
    ]);
  });

  test('not in lists of patterns and prefixes, nor in two storage classes', () => {
    expect(ids(old(pattern('b')), old(ImageSelection.allOfTagPrefixes('b', 'c')), expireArchived(pattern('b')))).toEqual([]);
  });
});

describe('protectionBelow', () => {
  test('an image with two tags expires by the rule above', () => {
    expect(messages('protectionBelow', old(pattern('sha-*'), 30), protect(pattern('prod')))).toEqual([
      "rule 2 'prod' does not protect images that rule 1 'sha-*' above it expires; "
      + "for example, an image tagged 'prod' and 'sha-2', pushed 31 days ago, is deleted; move rule 2 above rule 1",
    ]);
    expect(rewritten('protectionBelow', old(pattern('sha-*'), 30), protect(pattern('prod')))).toEqual(['prod: expire 100000 images', 'sha-*: expire 30 days']);
  });

  test.each<[string, LifecycleRule[]]>([
    ['a rule by number', [newest(prefix('sha-'), 3), protect(pattern('release-*'))]],
    ['a rule that archives', [archive(pattern('sha-*')), protect(pattern('release-*'))]],
    ['a protection by age', [old(pattern('sha-*')), old(prefix('release-'), 3650)]],
    ['a protection by a large number', [old(pattern('sha-*')), newest(prefix('release-'), 999)]],
    ['a tag that only one image has', [old(pattern('sha-*')), newest(pattern('latest'), 1)]],
    ['a list of all tags', [old(pattern('sha-*')), protect(ImageSelection.allOfTagPatterns('a*', 'b*'))]],
    ['another rule between', [old(pattern('pr-*')), newest(pattern('qa-*'), 5), old(pattern('sha-*')), protect(pattern('prod'))]],
    ['rules for archived images', [expireArchived(pattern('sha-*'), 90), expireArchived(pattern('release-*'), 3650)]],
  ])('%s', (_, rules) => {
    expect(ids(...rules)).toContain('protectionBelow');
    expect(rewritten('protectionBelow', ...rules)).toBeDefined();
  });

  test.each<[string, LifecycleRule[]]>([
    ['a narrower rule above, which is an exception', [old(pattern('release-rc*')), protect(pattern('release-*'))]],
    ['a rule that never acts', [protect(pattern('a*')), old(pattern('b*'), 9999), protect(pattern('c*'))]],
    ['the protection above', [protect(pattern('prod')), old(pattern('sha-*'))]],
    ['untagged images', [old(UNTAGGED), protect(pattern('prod'))]],
    ['signatures, which have no other tag', [old(pattern('sha256-*')), protect(pattern('v*'))]],
    ['a protection of signatures', [newest(pattern('v*'), 5), protect(SIGNATURES)]],
    ['a rule that is not written to protect', [old(pattern('sha-*')), newest(pattern('v*'), 10)]],
    ['another storage class', [expireArchived(pattern('sha-*')), protect(pattern('prod'))]],
    ['a pattern so long that few tags match it', [newest(pattern(`${'a'.repeat(299)}*`), 2), protect(pattern('prod'))]],
  ])('not %s', (_, rules) => {
    expect(ids(...rules)).not.toContain('protectionBelow');
  });

  test('is reported once, as an unreachable rule, where the rule above selects every image of the protection', () => {
    expect(ids(old(TAGGED), protect(pattern('prod')))).toEqual(['unreachableRule', 'ageWithoutFloor']);
    expect(rewritten('unreachableRule', old(TAGGED), protect(pattern('prod')))).toEqual(['prod: expire 100000 images', '*: expire 100 days']);
  });
});

describe('ageWithoutFloor', () => {
  test('says that ECR cannot keep the newest images and expire the others by age', () => {
    expect(messages('ageWithoutFloor', old(ANY, 14))).toEqual([
      'rule 1 (any image) expires the only image, which may be running, when nothing is pushed for 14 days; '
      + "for example, an image tagged 'v1', pushed 15 days ago, is deleted; ECR cannot keep the newest images and expire the others by age; "
      + 'keep images by number with keepNewest, or protect the tags that you run with a rule above it',
    ]);
    expect(rewritten('ageWithoutFloor', old(ANY, 14))).toBeUndefined();
  });

  test.each<[string, LifecycleRule[]]>([
    ['every tagged image', [old(TAGGED)]],
    ['below other rules by age', [old(pattern('pr-*'), 7), old(UNTAGGED, 1), old(ANY)]],
  ])('%s', (_, rules) => {
    expect(ids(...rules)).toEqual(['ageWithoutFloor']);
  });

  test.each<[string, LifecycleRule[]]>([
    ['below a rule that keeps a number of tagged images', [newest(pattern('main-*'), 5), old(ANY)]],
    ['below a protection', [old(prefix('release-'), 9999), old(ANY)]],
    ['of some tags', [old(pattern('pr-*'))]],
    ['of untagged images', [old(UNTAGGED)]],
    ['of years', [old(ANY, 999)]],
    ['that archives and expires from the archive', [archive(ANY), expireArchived(ANY)]],
    ['by number', [newest(ANY, 5)]],
  ])('not %s', (_, rules) => {
    expect(ids(...rules)).not.toContain('ageWithoutFloor');
  });
});

describe('countIncludesProtected', () => {
  test('fewer places than a protecting rule may fill', () => {
    expect(messages('countIncludesProtected', protect(pattern('release-*')), newest(ANY, 500))).toEqual([
      "rule 2 (any image) keeps the newest 500 and counts the images that rule 1 'release-*' holds, so that there may be no place for any other image; "
      + "for example, an image tagged 'v1', pushed 12 hours ago, is deleted; ECR cannot count only the other images; "
      + 'select them by a tag pattern of their own, or keep more',
    ]);
  });

  test('as many places as all rules above keep, but not one more, with a policy that keeps more', () => {
    expect(ids(newest(pattern('a*'), 10), newest(prefix('b'), 20), newest(ANY, 30))).toEqual(['countIncludesProtected']);
    expect(ids(newest(pattern('a*'), 10), newest(prefix('b'), 20), newest(ANY, 31))).toEqual([]);
    expect(rewritten('countIncludesProtected', newest(pattern('ab*'), 10), newest(prefix('a'), 10))).toEqual(['ab*: expire 10 images', 'a: expire 20 images']);
  });

  test('also images that a rule holds by age', () => {
    expect(ids(old(prefix('prod'), 9999), newest(ANY, 5))).toEqual(['countIncludesProtected']);
    expect(ids(old(pattern('pr-*'), 30), newest(ANY, 100))).toEqual(['countIncludesProtected']);
    expect(ids(old(pattern('pr-*'), 3), newest(ANY, 100))).toEqual([]);
  });

  test('not of images that the rule does not count', () => {
    expect(ids(newest(pattern('a*'), 10), newest(pattern('b*'), 1))).toEqual([]);
    expect(ids(newest(pattern('a*'), 10), old(pattern('*x'))).filter(id => id === 'countIncludesProtected')).toEqual([]);
    expect(ids(protect(prefix('x*')), newest(ANY, 1)).filter(id => id === 'countIncludesProtected')).toEqual([]);
  });

  test('a pattern without a wildcard is on one image', () => {
    expect(ids(protect(pattern('latest')), newest(ANY, 30))).toEqual([]);
    expect(ids(protect(pattern('latest')), old(pattern('dev'), 9999), newest(ANY, 2))).toEqual(['countIncludesProtected']);
    expect(rewritten('countIncludesProtected', protect(pattern('latest')), newest(ANY, 1))).toEqual(['latest: expire 100000 images', 'any: expire 2 images']);
    expect(ids(old(pattern('ab*'), 9999), newest(ImageSelection.allOfTagPatterns('a*', 'latest'), 1))).toEqual([]);
  });

  test('not more images than a repository can hold', () => {
    expect(ids(protect(pattern('a*')), protect(ANY))).toEqual([]);
  });
});

describe('countIncludesUntagged', () => {
  test('untagged images that wait for their age use up the places, with a policy that counts tagged images', () => {
    expect(messages('countIncludesUntagged', old(UNTAGGED, 7), newest(ANY, 30))).toEqual([
      'rule 2 (any image) keeps the newest 30 and counts untagged images, which every move of a tag and every platform of an index adds; '
      + "for example, an image tagged 'v1', pushed 3 days ago, is deleted; count only tagged images with the pattern '*'",
    ]);
    expect(rewritten('countIncludesUntagged', old(UNTAGGED, 7), newest(ANY, 30))).toEqual(['untagged: expire 7 days', '*: expire 30 images']);
  });

  test('by number, too', () => {
    expect(ids(newest(UNTAGGED, 30), newest(ANY, 30))).toEqual(['countIncludesUntagged']);
    expect(ids(newest(UNTAGGED, 29), newest(ANY, 30))).toEqual([]);
  });

  test('at ten a day, or at a hundred where tags move', () => {
    const policy = LifecyclePolicy.of(old(UNTAGGED, 7), newest(ANY, 500));

    expect(ids(old(UNTAGGED, 7), newest(ANY, 70))).toEqual(['countIncludesUntagged']);
    expect(ids(old(UNTAGGED, 7), newest(ANY, 71))).toEqual([]);
    expect(idsOf(policy)).toEqual([]);
    expect(idsOf(policy, [])).toEqual([]);
    expect(idsOf(policy, ['sha256-*'])).toEqual([]);
    expect(idsOf(policy, ['latest'])).toEqual(['countIncludesUntagged']);
    expect(idsOf(LifecyclePolicy.of(old(UNTAGGED, 7), newest(ANY, 701)), ['latest'])).toEqual([]);
  });

  test('without a rule for untagged images where tags move, with a policy that adds one', () => {
    const policy = LifecyclePolicy.of(newest(pattern('pr-*'), 5), newest(ANY, 500));

    expect(idsOf(policy)).toEqual([]);
    expect(findingsOf(policy, ['latest'])).toMatchObject([{
      id: 'countIncludesUntagged',
      message: expect.stringMatching(/is deleted; count only tagged images with the pattern '\*', and expire untagged images after 7 days$/),
      rewrittenPolicy: expect.stringContaining('{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":7}'),
    }]);
  });

  test('not where only untagged images are left to count', () => {
    expect(idsOf(LifecyclePolicy.of(protect(TAGGED), newest(ANY, 5)), ['latest'])).not.toContain('countIncludesUntagged');
  });
});

describe('countIncludesSignatures', () => {
  test('where signatures may have mutable tags, with a policy that keeps more', () => {
    const [finding] = findingsOf(LifecyclePolicy.keepLatest(30), [ImageSelection.SIGNATURE_TAG_PATTERN]);

    expect(finding.message).toBe("rule 2 '*' keeps the newest 30 and counts signatures and attestations, up to 3 for each image, "
      + "so that it keeps as few as 8 signed images; for example, an image tagged 'v29', pushed 30 days ago, is deleted; "
      + 'keep 200, or count only your images: LifecyclePolicy.keepLatest(30, { tagPatterns })');
    expect(finding.rewrittenPolicy).toContain('"countNumber":200');
  });

  test('where a rule is for signatures', () => {
    expect(ids(protect(SIGNATURES), newest(ANY, 30))).toEqual(['countIncludesSignatures']);
    expect(ids(newest(prefix('sha256-'), 90), newest(TAGGED, 30))).toEqual(['countIncludesSignatures']);
  });

  test('not where nothing says that images are signed, or images enough are kept', () => {
    expect(idsOf(LifecyclePolicy.keepLatest(30), ['*', 'latest'])).toEqual([]);
    expect(idsOf(LifecyclePolicy.keepLatest(199), ['sha256-*'])).toEqual(['countIncludesSignatures']);
    expect(idsOf(LifecyclePolicy.keepLatest(200), ['sha256-*'])).toEqual([]);
    expect(idsOf(LifecyclePolicy.keepLatest(30, { tagPatterns: ['v*', 'release-*'] }), ['sha256-*'])).toEqual([]);
    expect(idsOf(LifecyclePolicy.of(protect(TAGGED), newest(ANY, 5)), ['sha256-*'])).not.toContain('countIncludesSignatures');
  });
});

describe('archivedIndexLosesPlatforms', () => {
  test('untagged images expire beside a rule that archives, with a policy that archives them, too', () => {
    expect(messages('archivedIndexLosesPlatforms', archive(pattern('v*'), 90), old(UNTAGGED, 7))).toEqual([
      "rule 2 (untagged) deletes the platforms of an index after rule 1 'v*' archives the index, so that the index is useless after it is restored; "
      + 'for example, an untagged image, pushed 91 days ago, is deleted; archive untagged images too',
    ]);
    expect(rewritten('archivedIndexLosesPlatforms', archive(pattern('v*'), 90), old(UNTAGGED, 7))).toEqual(['v*: transition 90 days', 'untagged: transition 7 days']);
    expect(rewritten('archivedIndexLosesPlatforms', archive(pattern('v*'), 90), newest(pattern('x'), 1), old(ANY, 365)))
      .toEqual(['v*: transition 90 days', 'x: expire 1 images', 'untagged: transition 365 days', 'any: expire 365 days']);
  });

  test.each<[string, LifecycleRule[]]>([
    ['by number', [LifecycleRule.archive({ images: pattern('v*'), keepNewest: 5 }), newest(UNTAGGED, 5)]],
    ['by pull', [old(UNTAGGED), LifecycleRule.archive({ images: ANY, notPulledFor: days(90) })]],
    ['of every image', [archive(TAGGED), newest(ANY, 5)]],
    ['of tags that rules for more images select', [LifecycleRule.archive({ images: TAGGED, keepNewest: 1 }), newest(ANY, 2)]],
  ])('%s', (_, rules) => {
    expect(ids(...rules)).toContain('archivedIndexLosesPlatforms');
  });

  test.each<[string, LifecycleRule[]]>([
    ['where untagged images are archived, too', [archive(ANY), expireArchived(ANY)]],
    ['where untagged images stay', [archive(pattern('v*'))]],
    ['where untagged images stay for years', [archive(pattern('v*')), old(UNTAGGED, 9999)]],
    ['where no tagged image is archived', [protect(TAGGED), LifecycleRule.archive({ images: UNTAGGED, olderThan: days(90) }), old(ANY)]],
    ['where the only tag is never archived', [LifecycleRule.archive({ images: pattern('v1'), keepNewest: 1 }), old(UNTAGGED)]],
  ])('not %s', (_, rules) => {
    expect(ids(...rules)).not.toContain('archivedIndexLosesPlatforms');
  });
});

describe('archives', () => {
  test('the normal chain has no finding but the cost', () => {
    expect(ids(archive(pattern('prod*'), 90), expireArchived(ANY))).toEqual(['archiveSavesNothing']);
    expect(ids(archive(ANY), expireArchived(ANY))).toEqual(['archiveSavesNothing']);
  });

  test('archiveSavesNothing names the rules, with a policy that keeps the images in standard storage', () => {
    expect(messages('archiveSavesNothing', archive(pattern('a*')), archive(ANY))).toEqual([
      "images archived by rule 1 'a*' and rule 2 (any image) cost as much as in standard storage below 150 TB a Region, and cannot be pulled; "
      + "for example, an image tagged 'a1', pushed 101 days ago, is archived; keep them in standard storage or expire them unless you archive more",
    ]);
    expect(rewritten('archiveSavesNothing', archive(pattern('a*')), newest(pattern('b*'), 3))).toEqual(['b*: expire 3 images']);
    expect(rewritten('archiveSavesNothing', archive(pattern('a*')), old(pattern('*1'), 20))).toBeUndefined();
  });

  test('archiveBelowMinimum: 89 days, but not 90, by push, by pull and by number', () => {
    expect(messages('archiveBelowMinimum', archive(ANY, 89))).toEqual([
      'rule 1 (any image) archives images 89 days after their last push, and each is charged for 90 days from then on, also when it is restored or deleted earlier; '
      + "for example, an image tagged 'v1', pushed 90 days ago, is archived; expire such images, or archive only images that you keep for 90 days more",
    ]);
    expect(messages('archiveBelowMinimum', archive(ANY, 90))).toEqual([]);
    expect(messages('archiveBelowMinimum', LifecycleRule.archive({ images: ANY, notPulledFor: days(89) }))[0]).toContain('89 days after their last pull');
    expect(messages('archiveBelowMinimum', LifecycleRule.archive({ images: ANY, notPulledFor: days(90) }))).toEqual([]);
    expect(messages('archiveBelowMinimum', LifecycleRule.archive({ images: ANY, keepNewest: 89 }))[0]).toContain('that may be younger than 90 days');
    expect(messages('archiveBelowMinimum', LifecycleRule.archive({ images: ANY, keepNewest: 90 }))).toEqual([]);
    expect(rewritten('archiveBelowMinimum', archive(pattern('a*'), 30), newest(pattern('b*'), 3))).toEqual(['b*: expire 3 images']);
  });

  test('a rule for one tag by number archives nothing, so that there is no example', () => {
    const [finding] = findingsOf(LifecyclePolicy.of(LifecycleRule.archive({ images: pattern('v1'), keepNewest: 100 })));

    expect(finding.id).toBe('archiveSavesNothing');
    expect(finding).not.toHaveProperty('loss');
  });

  test('scannersCountAsPulls: the last pull decides', () => {
    expect(messages('scannersCountAsPulls', LifecycleRule.archive({ images: ANY, notPulledFor: days(90) }))).toEqual([
      'rule 1 archives images that are not pulled, but scanners that pull keep an image in use; name their roles in PullTimeExclusions',
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
  expect(ids(old(pattern('sha-*')), protect(pattern('prod')), newest(pattern('x*'), count))).toEqual([]);
  expect(ids(archive(ANY, count))).toEqual(['archiveSavesNothing']);
});
