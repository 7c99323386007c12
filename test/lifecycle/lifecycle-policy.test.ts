import { CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { ImageSelection, LifecyclePolicy, LifecycleRule } from '../../lib';
import { problemsOf } from '../message-of';

const DAY = Duration.days(1);
const anyImage = LifecycleRule.expire({ images: ImageSelection.ANY, keepNewest: 1 });

const rulesOf = (policy: LifecyclePolicy) => JSON.parse(policy.toJson()).rules;
const render = (...rules: LifecycleRule[]) => rulesOf(LifecyclePolicy.of(...rules));
const prefixRules = (count: number) => Array.from({ length: count }, (_, index) =>
  LifecycleRule.expire({ images: ImageSelection.tagPrefix(`team-${index}-`), olderThan: DAY }));

describe('presets', () => {
  test('standard expires untagged images after 7 days and keeps the newest 500 tagged images', () => {
    expect(rulesOf(LifecyclePolicy.standard())).toEqual([
      {
        rulePriority: 1,
        selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
        action: { type: 'expire' },
      },
      {
        rulePriority: 2,
        selection: { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 500 },
        action: { type: 'expire' },
      },
    ]);
  });

  test('production protects releases, expires pull requests after 30 days and untagged images after 7', () => {
    expect(rulesOf(LifecyclePolicy.production())).toEqual([
      {
        rulePriority: 1,
        selection: { tagStatus: 'tagged', tagPatternList: ['release-*'], countType: 'imageCountMoreThan', countNumber: 100_000 },
        action: { type: 'expire' },
      },
      {
        rulePriority: 2,
        selection: { tagStatus: 'tagged', tagPatternList: ['pr-*'], countType: 'sinceImagePushed', countUnit: 'days', countNumber: 30 },
        action: { type: 'expire' },
      },
      {
        rulePriority: 3,
        selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
        action: { type: 'expire' },
      },
    ]);
  });

  const summary = (policy: LifecyclePolicy) => rulesOf(policy).map(({ selection }: any) =>
    `${selection.tagPatternList ?? selection.tagStatus}: ${selection.countNumber} ${selection.countUnit ?? 'images'}`);

  test('development expires untagged images after 3 days and keeps the newest 50 tagged images', () => {
    expect(summary(LifecyclePolicy.development())).toEqual(['untagged: 3 days', '*: 50 images']);
  });

  test('keepLatest keeps a number of tagged images', () => {
    expect(summary(LifecyclePolicy.keepLatest(25))).toEqual(['untagged: 7 days', '*: 25 images']);
    expect(problemsOf(() => LifecyclePolicy.keepLatest(0))).toEqual(["'count' must be a whole number of at least 1, got 0"]);
  });

  test('keepLatest with tag patterns keeps a number of images of each, with their signatures', () => {
    expect(summary(LifecyclePolicy.keepLatest(30, { tagPatterns: ['v*'] }))).toEqual(['sha256-*: 90 images', 'v*: 30 images', 'untagged: 7 days']);
    expect(summary(LifecyclePolicy.keepLatest(30, { tagPatterns: ['v*', 'lts-*'], signatureTagsPerImage: 1 })))
      .toEqual(['sha256-*: 60 images', 'v*: 30 images', 'lts-*: 30 images', 'untagged: 7 days']);
    expect(problemsOf(() => LifecyclePolicy.keepLatest(30, { tagPatterns: [], signatureTagsPerImage: 0 }))).toEqual([
      "'signatureTagsPerImage' must be a whole number of at least 1, got 0",
      "'tagPatterns' must name at least one tag pattern, got none; leave it out to count every tagged image",
    ]);
  });

  test('keepLatest keeps as many signed images as it says only with tag patterns', () => {
    const at = new Date('2026-11-21T12:00:00Z');
    const images = Array.from({ length: 30 }, (_, index) => {
      const pushedAt = (minutes: number) => new Date(at.getTime() - (index + 1) * 86_400_000 + minutes * 60_000);
      const digest = String(index).padStart(64, '0');
      return [
        { digest: `sha256:${digest}`, pushedAt: pushedAt(0), tags: [`v${index}`] },
        ...['sig', 'att'].map((kind, order) => ({ digest: `${kind}${index}`, pushedAt: pushedAt(order + 1), tags: [`sha256-${digest}.${kind}`] })),
      ];
    }).flat();
    const kept = (policy: LifecyclePolicy) => policy.preview({ images, at }).kept.filter(({ image }) => image.tags![0].startsWith('v')).length;

    expect(kept(LifecyclePolicy.keepLatest(30))).toBe(10);
    expect(kept(LifecyclePolicy.keepLatest(30, { tagPatterns: ['v*'] }))).toBe(30);
    expect(LifecyclePolicy.keepLatest(30, { tagPatterns: ['v*'] }).preview({ images, at }).expired).toEqual([]);
  });
});

describe('rules', () => {
  test('anyOf writes one rule for each prefix or pattern, in order', () => {
    const rules = render(
      LifecycleRule.expire({ images: ImageSelection.anyOfTagPrefixes('feature-', 'fix-'), olderThan: DAY, description: 'Branches' }),
      LifecycleRule.expire({ images: ImageSelection.anyOfTagPatterns('*-rc', '*-beta'), keepNewest: 3 }),
    );

    expect(rules.map((rule: any) => rule.rulePriority)).toEqual([1, 2, 3, 4]);
    expect(rules.map((rule: any) => rule.description)).toEqual(['Branches', 'Branches', undefined, undefined]);
    expect(rules.map((rule: any) => rule.selection.tagPrefixList ?? rule.selection.tagPatternList)).toEqual([['feature-'], ['fix-'], ['*-rc'], ['*-beta']]);
  });

  test('allOf writes one rule that wants every entry', () => {
    const rules = render(
      LifecycleRule.expire({ images: ImageSelection.allOfTagPrefixes('prod-', 'eu-'), olderThan: DAY }),
      LifecycleRule.expire({ images: ImageSelection.allOfTagPatterns('prod*', '*eu'), keepNewest: 3 }),
    );

    expect(rules[0].selection.tagPrefixList).toEqual(['prod-', 'eu-']);
    expect(rules[1].selection.tagPatternList).toEqual(['prod*', '*eu']);
  });

  test('archive by age, by number and by last pull', () => {
    const rules = render(
      LifecycleRule.archive({ images: ImageSelection.tagPrefix('a'), olderThan: Duration.days(30) }),
      LifecycleRule.archive({ images: ImageSelection.tagPrefix('b'), keepNewest: 10 }),
      LifecycleRule.archive({ images: ImageSelection.ANY, notPulledFor: Duration.days(90) }),
    );

    expect(rules.map((rule: any) => rule.selection.countType)).toEqual(['sinceImagePushed', 'imageCountMoreThan', 'sinceImagePulled']);
    expect(rules.map((rule: any) => rule.action)).toEqual(Array(3).fill({ type: 'transition', targetStorageClass: 'archive' }));
    expect(rules.map((rule: any) => rule.selection.storageClass)).toEqual([undefined, undefined, undefined]);
  });

  test('archived images expire by the time in the archive, next to an any rule of the standard class', () => {
    const rules = render(
      LifecycleRule.archive({ images: ImageSelection.ANY, olderThan: Duration.days(30) }),
      LifecycleRule.expireArchived({ images: ImageSelection.UNTAGGED, archivedFor: Duration.days(90) }),
      LifecycleRule.expireArchived({ images: ImageSelection.ANY, archivedFor: Duration.days(365) }),
    );

    expect(rules[2]).toEqual({
      rulePriority: 3,
      selection: { tagStatus: 'any', storageClass: 'archive', countType: 'sinceImageTransitioned', countUnit: 'days', countNumber: 365 },
      action: { type: 'expire' },
    });
  });

  test('renders no empty key and escapes text', () => {
    expect(render(LifecycleRule.expire({ images: ImageSelection.ANY, keepNewest: 1 }))[0]).not.toHaveProperty('description');
    expect(render(LifecycleRule.expire({ images: ImageSelection.ANY, keepNewest: 1, description: '"\ud800\n' }))[0].description).toBe('"\ud800\n');
  });
});

describe('tokens', () => {
  const stack = new Stack();
  const count = new CfnParameter(stack, 'Count', { type: 'Number' });
  const prefix = new CfnParameter(stack, 'Prefix');

  test('pass as text and as numbers in the place of numbers', () => {
    const policy = LifecyclePolicy.of(
      LifecycleRule.expire({
        images: ImageSelection.tagPrefix(prefix.valueAsString),
        keepNewest: count.valueAsNumber,
        description: prefix.valueAsString,
      }),
      LifecycleRule.expireArchived({ images: ImageSelection.ANY, archivedFor: Duration.days(count.valueAsNumber) }),
    );

    expect(stack.resolve(policy.toJson())).toEqual({
      'Fn::Join': ['', [
        '{"rules":[{"rulePriority":1,"description":"', { Ref: 'Prefix' }, '","selection":{"tagStatus":"tagged","tagPrefixList":["', { Ref: 'Prefix' },
        '"],"countType":"imageCountMoreThan","countNumber":', { Ref: 'Count' }, '},"action":{"type":"expire"}},{"rulePriority":2,"selection":'
        + '{"tagStatus":"any","storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":', { Ref: 'Count' },
        '},"action":{"type":"expire"}}]}',
      ]],
    });
  });

  test('a lazy number becomes the number', () => {
    const policy = LifecyclePolicy.keepLatest(Lazy.number({ produce: () => 7 }));

    expect(JSON.parse(stack.resolve(policy.toJson())).rules[0].selection.countNumber).toBe(7);
  });

  test('fails for a list token, whose length nobody knows', () => {
    const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' });

    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.allOfTagPrefixes(...list.valueAsList), olderThan: DAY })))).toEqual([
      "'rules[0].images' must be a list of known length, got a list token; pass a string token for each prefix or pattern",
    ]);
  });

  test('fails for a period whose unit cannot be converted', () => {
    const olderThan = Duration.hours(count.valueAsNumber);

    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.ANY, olderThan })))).toEqual([
      "'rules[0].olderThan' must be given in days when it is a token, got hours; use Duration.days()",
    ]);
  });
});

describe('limits', () => {
  test.each([
    [Duration.days(1), []],
    [Duration.hours(48), []],
    [Duration.days(0), ["'rules[0].olderThan' must be whole days, at least 1, got 0 days; use Duration.days()"]],
    [Duration.hours(36), ["'rules[0].olderThan' must be whole days, at least 1, got 1 day 12 hours; use Duration.days()"]],
  ])('age %p', (olderThan, problems) => {
    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.ANY, olderThan })))).toEqual(problems);
  });

  test.each([[1, 0], [2 ** 53 - 1, 0], [0, 1], [-1, 1], [1.5, 1], [NaN, 1], [Infinity, 1], [2 ** 53, 1]])('number of images %p', (keepNewest, problems) => {
    expect(problemsOf(() => render(LifecycleRule.archive({ images: ImageSelection.ANY, keepNewest })))).toEqual(
      Array(problems).fill(`'rules[0].keepNewest' must be a whole number of at least 1, got ${keepNewest}`),
    );
  });

  test.each([[90, []], [89, ["'rules[0].archivedFor' must be whole days, at least 90, got 89 days; use Duration.days()"]]])('%p days in the archive', (days, problems) => {
    const archivedFor = Duration.days(days);

    expect(problemsOf(() => render(LifecycleRule.expireArchived({ images: ImageSelection.ANY, archivedFor })))).toEqual(problems);
  });

  test('exactly one condition', () => {
    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.ANY })))).toEqual([
      "'rules[0]' must have exactly one of 'olderThan' and 'keepNewest', got neither",
    ]);
    expect(problemsOf(() => render(LifecycleRule.archive({ images: ImageSelection.ANY, olderThan: DAY, notPulledFor: DAY })))).toEqual([
      "'rules[0]' must have exactly one of 'olderThan' and 'keepNewest' and 'notPulledFor', got 'olderThan' and 'notPulledFor'; write one rule for each",
    ]);
  });

  test('wildcards in a pattern, and none in a prefix', () => {
    expect(render(LifecycleRule.expire({ images: ImageSelection.tagPattern('a*b*c*d*'), olderThan: DAY }))).toHaveLength(1);
    expect(render(LifecycleRule.expire({ images: ImageSelection.tagPrefix('*****'), olderThan: DAY }))).toHaveLength(1);
    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.tagPattern('a*b*c*d*e*'), olderThan: DAY })))).toEqual([
      "'rules[0].images' must have patterns with at most 4 '*', got 5: \"a*b*c*d*e*\"",
    ]);
  });

  test('entries of a selection', () => {
    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.anyOfTagPrefixes(), olderThan: DAY })))).toEqual([
      "'rules[0].images' must name at least one tag prefix or pattern, got none; use ImageSelection.ANY for every image",
    ]);
    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.allOfTagPatterns(), olderThan: DAY })))).toEqual([
      "'rules[0].images' must name at least one tag prefix or pattern, got none; use 'any' for every image",
    ]);
    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.anyOfTagPatterns('a', 'b', 'a'), olderThan: DAY })))).toEqual([
      "'rules[0].images' must name each tag prefix or pattern once, got \"a\" twice",
    ]);
  });

  test('0, 1, 50 and 51 rules', () => {
    expect(problemsOf(() => render())).toEqual(["'rules' must have at least one rule, got none; use LifecyclePolicy.none() to keep every image"]);
    expect(render(...prefixRules(1))).toHaveLength(1);
    expect(render(...prefixRules(50))).toHaveLength(50);
    expect(problemsOf(() => render(...prefixRules(51)))).toEqual([
      "'rules' must have at most 50 rules, got 51; each prefix or pattern of an anyOf counts as one",
    ]);
  });

  test('30,720 and 30,721 characters', () => {
    const policy = (length: number) => LifecyclePolicy.of(LifecycleRule.expire({ images: ImageSelection.ANY, keepNewest: 1, description: 'x'.repeat(length) }));
    const room = 30_720 - policy(1).toJson().length + 1;

    expect(policy(room).toJson()).toHaveLength(30_720);
    expect(problemsOf(() => policy(room + 1))).toEqual([
      "'rules' must render to at most 30720 characters of JSON, got 30721; shorten descriptions or use patterns for several tags",
    ]);
  });

  test('the rule for any image is the last of its storage class', () => {
    const tagged = LifecycleRule.expire({ images: ImageSelection.tagPrefix('a'), olderThan: DAY });

    expect(render(tagged, anyImage)).toHaveLength(2);
    expect(problemsOf(() => render(anyImage, tagged))).toEqual([
      "'rules[0]' must be the last rule for standard storage because it selects any image, got 'rules[1]' after it; move it to the end",
    ]);
    expect(problemsOf(() => render(anyImage, anyImage))).toHaveLength(1);
  });

  test('one rule for untagged images in each storage class', () => {
    const untagged = LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: DAY });
    const archived = LifecycleRule.expireArchived({ images: ImageSelection.UNTAGGED, archivedFor: Duration.days(90) });

    expect(render(untagged, archived)).toHaveLength(2);
    expect(problemsOf(() => render(untagged, untagged))).toEqual([
      "'rules[1]' must not be a second rule for untagged images in standard storage, got 'rules[0]' before it; keep one of them",
    ]);
    expect(problemsOf(() => render(archived, archived))).toEqual([
      "'rules[1]' must not be a second rule for untagged images in archive storage, got 'rules[0]' before it; keep one of them",
    ]);
  });

  test('the same list of tags once in each storage class', () => {
    const all = (...patterns: string[]) => LifecycleRule.expire({ images: ImageSelection.allOfTagPatterns(...patterns), olderThan: DAY });
    const archived = LifecycleRule.expireArchived({ images: ImageSelection.allOfTagPatterns('a*', 'b*'), archivedFor: Duration.days(90) });

    expect(render(all('a*', 'b*'), all('a*'), archived)).toHaveLength(3);
    expect(problemsOf(() => render(all('a*', 'b*'), all('b*', 'a*')))).toEqual([
      "'rules[1]' must select other tags than 'rules[0]', got 'b*' and 'a*' in both; keep one of them",
    ]);
  });

  test('reports every problem at once', () => {
    expect(problemsOf(() => render(LifecycleRule.expire({ images: ImageSelection.anyOfTagPrefixes() }), anyImage, anyImage))).toEqual([
      "'rules[0].images' must name at least one tag prefix or pattern, got none; use ImageSelection.ANY for every image",
      "'rules[0]' must have exactly one of 'olderThan' and 'keepNewest', got neither",
      "'rules[1]' must be the last rule for standard storage because it selects any image, got 'rules[2]' after it; move it to the end",
    ]);
  });
});

describe('LifecyclePolicy.none', () => {
  test('keeps every image, has no text and finds that', () => {
    const none = LifecyclePolicy.none();

    expect(none.toJson()).toBe('');
    expect(LifecyclePolicy.none()).toBe(none);
    expect(none.findings().map(({ id }) => id)).toEqual(['keepsEveryImage']);
    expect(none.preview({ images: [{ digest: `sha256:${'a'.repeat(64)}`, pushedAt: new Date('2020-01-01') }] }).kept).toHaveLength(1);
  });
});
