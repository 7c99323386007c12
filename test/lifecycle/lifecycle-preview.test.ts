import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { type ExpireImagesOptions, ImageSelection, ImageStorageClass, LifecycleAction, LifecyclePolicy, LifecycleRule, type RegistryImage } from '../../lib';

const AT = new Date('2026-11-21T12:00:00Z');
const MINUTE = 1 / 24 / 60;

/** A moment some days before the preview. */
const ago = (days: number) => new Date(AT.getTime() - days * 86_400_000);
const image = (digest: string, age: number, tags: string[] = [], more: Partial<RegistryImage> = {}): RegistryImage =>
  ({ digest, pushedAt: ago(age), tags, ...more });
const archived = (digest: string, age: number, tags: string[] = []): RegistryImage =>
  image(digest, 500, tags, { storageClass: ImageStorageClass.ARCHIVE, archivedAt: ago(age) });

const days = (amount: number) => Duration.days(amount);
const { ANY, UNTAGGED } = ImageSelection;
const pattern = (text: string) => ImageSelection.tagPattern(text);
const expire = (options: ExpireImagesOptions) => LifecycleRule.expire(options);
const preview = (images: RegistryImage[], ...rules: LifecycleRule[]) => LifecyclePolicy.of(...rules).preview({ images, at: AT });

/** The outcome for each image, such as `{ A: 'expire 1', B: 'keep' }`. */
const outcomes = (images: RegistryImage[], ...rules: LifecycleRule[]) => Object.fromEntries(
  preview(images, ...rules).decisions.map(({ image: { digest }, action, rule }) => [digest, rule === undefined ? action : `${action} ${rule}`]));
const problemsOf = (images: RegistryImage[], at = AT): string[] => {
  try {
    LifecyclePolicy.standard().preview({ images, at });
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

describe("AWS's own examples", () => {
  interface Vector {
    readonly id: string;
    readonly images: Record<string, [number, string[]]>;
    readonly rules: Array<[number, string, string[] | null, string, number]>;
    readonly expired: Record<string, number>;
  }

  const VECTORS: Vector[] = [
    {
      id: 'filtering on multiple rules, A',
      images: { A: [10, ['beta-1', 'prod-1']], B: [9, ['beta-2', 'prod-2']], C: [8, ['beta-3']] },
      rules: [[1, 'tagged', ['prod*'], 'imageCountMoreThan', 1], [2, 'tagged', ['beta*'], 'imageCountMoreThan', 1]],
      expired: { A: 1 },
    },
    {
      id: 'filtering on multiple rules, B',
      images: { A: [10, ['beta-1', 'prod-1']], B: [9, ['beta-2', 'prod-2']], C: [8, ['beta-3']] },
      rules: [[1, 'tagged', ['beta*'], 'imageCountMoreThan', 1], [2, 'tagged', ['prod*'], 'imageCountMoreThan', 1]],
      expired: { A: 1, B: 1 },
    },
    {
      id: 'filtering on multiple tags, A',
      images: {
        A: [12, ['alpha-1']], B: [11, ['beta-1']], C: [10, ['alpha-2', 'beta-2']], D: [4, ['alpha-3']], E: [3, ['beta-3']], F: [2, ['alpha-4', 'beta-4']],
      },
      rules: [[1, 'tagged', ['alpha*', 'beta*'], 'sinceImagePushed', 5]],
      expired: { C: 1 },
    },
    {
      id: 'filtering on multiple tags, B',
      images: { A: [10, ['alpha-1', 'beta-1', 'gamma-1']], B: [9, ['alpha-2', 'beta-2']], C: [8, ['alpha-3', 'beta-3', 'gamma-2']] },
      rules: [[1, 'tagged', ['alpha*', 'beta*'], 'imageCountMoreThan', 1]],
      expired: { A: 1, B: 1 },
    },
    {
      id: 'filtering on all images, A',
      images: { A: [4, ['alpha-1']], B: [3, ['beta-1']], C: [2, []], D: [1, ['alpha-2']] },
      rules: [[1, 'any', null, 'imageCountMoreThan', 1]],
      expired: { A: 1, B: 1, C: 1 },
    },
    {
      id: 'filtering on all images, B',
      images: { A: [4, ['alpha-1', 'beta-1']], B: [3, []], C: [2, ['alpha-2']], D: [1, ['git-hash']], E: [0.99, []] },
      rules: [[1, 'tagged', ['alpha*'], 'imageCountMoreThan', 1], [2, 'untagged', null, 'sinceImagePushed', 1], [3, 'any', null, 'imageCountMoreThan', 1]],
      expired: { A: 1, B: 2, D: 3 },
    },
    {
      id: 'a list that was meant as an OR (repost.aws QUV2rouOhOTG-whm2R4KWqXw)',
      images: { A: [40, ['latest']], B: [40, ['main']], C: [40, ['cache', 'master']] },
      rules: [[1, 'tagged', ['latest', 'main', 'master', 'cache'], 'imageCountMoreThan', 10], [2, 'any', null, 'sinceImagePushed', 30]],
      expired: { A: 2, B: 2, C: 2 },
    },
  ];

  const CASES = VECTORS.flatMap(vector => [{ ...vector, form: 'tagPatternList' }, { ...vector, form: 'tagPrefixList' }]);
  test.each(CASES)('$id, as $form', ({ images, rules, expired, form }) => {
    const text = JSON.stringify({
      rules: rules.map(([rulePriority, tagStatus, list, countType, countNumber]) => ({
        rulePriority,
        selection: {
          tagStatus,
          [form]: list?.map(entry => form === 'tagPrefixList' ? entry.replace('*', '') : entry),
          countType,
          countUnit: countType === 'imageCountMoreThan' ? undefined : 'days',
          countNumber,
        },
        action: { type: 'expire' },
      })),
    });
    const registry = Object.entries(images).map(([digest, [age, tags]]) => image(digest, age, tags));
    const result = LifecyclePolicy.fromJson(text).preview({ images: registry, at: AT });

    expect(Object.fromEntries(result.expired.map(decision => [decision.image.digest, decision.rule]))).toEqual(expired);
    expect(result.decisions).toHaveLength(Object.keys(images).length);
  });
});

describe('selection', () => {
  test.each([
    ['prod*', ['prod', 'prod-1'], ['preprod', 'pro', 'PROD']],
    ['*prod*', ['prod', 'preprod-1'], ['pro-d']],
    ['*-rc', ['1.0-rc', '-rc'], ['1.0-rc1', 'rc']],
    ['latest', ['latest'], ['latest-1', 'not-latest', 'lates']],
    ['a*b*a', ['aba', 'axbxa', 'abba'], ['ab', 'aa', 'a']],
    ['ab*ba', ['abba', 'abxba'], ['aba']],
    ['a*bc*c', ['abcc', 'abcxc'], ['abc', 'abxc']],
    ['*a*a*', ['aa', 'xaxax'], ['a', 'xa']],
    ['*', ['a', '1.2.3'], []],
    ['v1.2', ['v1.2'], ['v1x2']],
  ])('pattern %s', (text, matching, others) => {
    const rule = expire({ images: pattern(text), olderThan: days(5) });
    const selected = [...matching, ...others].filter(tag => preview([image('A', 1, [tag])], rule).decisions[0].claimedBy === 1);

    expect(selected).toEqual(matching);
    expect(preview([image('untagged', 1)], rule).decisions[0].claimedBy).toBeUndefined();
  });

  test('a star in a prefix stands for itself', () => {
    expect(outcomes([image('A', 9, ['a*b-1']), image('B', 9, ['axb-1'])], expire({ images: ImageSelection.tagPrefix('a*b'), olderThan: days(5) })))
      .toEqual({ A: 'expire 1', B: 'keep' });
  });

  test('a rule for one storage class neither acts on nor shields images of the other', () => {
    const images = [image('A', 200, ['v1']), archived('B', 95, ['v2']), archived('C', 80, ['v3'])];

    expect(outcomes(images, expire({ images: ANY, olderThan: days(100) }))).toEqual({ A: 'expire 1', B: 'keep', C: 'keep' });
    expect(outcomes(
      images,
      LifecycleRule.archive({ images: ANY, olderThan: days(30) }),
      LifecycleRule.expireArchived({ images: ANY, archivedFor: days(90) }),
    )).toEqual({ A: 'archive 1', B: 'expire 2', C: 'keep' });
  });

  test('a rule by number does not count archived images', () => {
    expect(outcomes([image('A', 2), archived('B', 1)], expire({ images: ANY, keepNewest: 1 }))).toEqual({ A: 'keep', B: 'keep' });
  });
});

test('finds among 50 rules the first one that selects an image, whatever its tags begin and end with', () => {
  const parts = ['', 'a', 'B', 'é', '7', '-x', '.y_'];
  const patterns = [...new Set(parts.flatMap(head => parts.map(tail => `${head}*${tail}`)))]
    .concat('a-x', '7*a*7', 'B.y_').filter(entry => /^[é\w*]/.test(entry)).sort((a, b) => b.length - a.length);
  const rules = patterns.slice(0, 40).map(entry => expire({ images: pattern(entry), keepNewest: 1 }));
  const both = LifecycleRule.expire({ images: ImageSelection.allOfTagPatterns('*q*', '*r*'), keepNewest: 1 });
  const policy = LifecyclePolicy.of(both, ...rules.filter((_, index) => patterns[index] !== '*'), expire({ images: UNTAGGED, keepNewest: 1 }), expire({ images: ANY, keepNewest: 1 }));
  const first = (tags: string[]) => {
    const matches = (entry: string) => tags.some(tag => new RegExp(`^${entry.split('*').map(text => text.replaceAll('.', '\\.')).join('.*')}$`, 'su').test(tag));
    if (tags.some(tag => tag.includes('q')) && tags.some(tag => tag.includes('r'))) {
      return 1;
    }
    const ordered = patterns.slice(0, 40).filter(entry => entry !== '*');
    const found = ordered.findIndex(matches);
    return found === -1 ? ordered.length + (tags.length === 0 ? 2 : 3) : found + 2;
  };
  const tags = [
    ...parts.flatMap(head => ['', 'm', 'é', 'a', '7'].flatMap(inner => parts.map(tail => [`${head}${inner}${tail}`]))).filter(([tag]) => tag !== ''),
    ['q1', 'r1'], ['qr2'], ['q3'], [], Array.from({ length: 40 }, (_, index) => `é${index + 1000}é`), Array.from({ length: 40 }, (_, index) => `z${index}${index === 39 ? '-x' : 'é'}`),
  ];
  const { decisions } = policy.preview({ at: AT, images: [...new Map(tags.map(entry => [entry.join(), entry])).values()].map((entry, index) => image(`${index}`, 1, entry)) });

  expect(decisions.map(({ image: { tags: own }, claimedBy }) => [own, claimedBy]))
    .toEqual(decisions.map(({ image: { tags: own } }) => [own, first(own!)]));
  expect(new Set(decisions.map(({ claimedBy }) => claimedBy)).size).toBeGreaterThan(20);
});

describe('age', () => {
  test('is more than the days of the rule, to the millisecond', () => {
    const exactly = { ...image('A', 7) };
    const older = { ...image('B', 7), pushedAt: new Date(ago(7).getTime() - 1) };

    expect(outcomes([exactly, older], expire({ images: ANY, olderThan: days(7) }))).toEqual({ A: 'keep', B: 'expire 1' });
  });

  test('counts from the last pull, or else from the push, or from a later restoration', () => {
    const rule = LifecycleRule.archive({ images: ANY, notPulledFor: days(30) });

    expect(outcomes([
      image('pulled', 100, [], { lastPulledAt: ago(29) }),
      image('pulled-long-ago', 100, [], { lastPulledAt: ago(31) }),
      image('never-pulled', 31),
      image('pushed-lately', 29),
      image('restored', 100, [], { lastPulledAt: ago(90), activatedAt: ago(10) }),
      image('restored-and-pulled', 100, [], { activatedAt: ago(50), lastPulledAt: ago(40) }),
      image('restored-never-pulled', 100, [], { activatedAt: ago(31) }),
    ], rule)).toEqual({
      'pulled': 'keep',
      'pulled-long-ago': 'archive 1',
      'never-pulled': 'archive 1',
      'pushed-lately': 'keep',
      'restored': 'keep',
      'restored-and-pulled': 'archive 1',
      'restored-never-pulled': 'archive 1',
    });
  });

  test('of a restored image counts from its restoration, also for the order of a count', () => {
    const images = [image('A', 100, [], { activatedAt: ago(1) }), image('B', 50)];

    expect(outcomes(images, expire({ images: ANY, olderThan: days(30) }))).toEqual({ A: 'keep', B: 'expire 1' });
    expect(outcomes(images, expire({ images: ANY, keepNewest: 1 }))).toEqual({ A: 'keep', B: 'expire 1' });
  });
});

describe('indexes', () => {
  const untagged = expire({ images: UNTAGGED, olderThan: days(7) });
  const multi = image('multi', 30, ['v1'], { references: ['arm', 'amd'] });
  const platforms = [image('arm', 30), image('amd', 30), image('alone', 30)];

  test('keep what they refer to', () => {
    const result = preview([multi, ...platforms], untagged);

    expect(result.expired.map(decision => decision.image.digest)).toEqual(['alone']);
    expect(result.decisionFor('arm').reason).toBe('kept: index v1 refers to it and is kept; otherwise rule 1 (untagged) would expire it');
    expect(result.decisionFor('arm').rule).toBeUndefined();
  });

  test('are named by the first digest where several refer to an image, in any order', () => {
    const indexes = ['A', 'B'].map(digest => image(digest, 30, [`tag-${digest}`], { references: ['arm'] }));
    const reasons = [indexes, [...indexes].reverse()].map(order => preview([...order, image('arm', 30)], untagged).decisionFor('arm').reason);

    expect(new Set(reasons)).toEqual(new Set(['kept: index tag-A refers to it and is kept; otherwise rule 1 (untagged) would expire it']));
  });

  test('let go what they refer to when they go', () => {
    const rules = [expire({ images: pattern('v*'), olderThan: days(7) }), untagged];

    expect(outcomes([multi, ...platforms], ...rules)).toEqual({ multi: 'expire 1', arm: 'expire 2', amd: 'expire 2', alone: 'expire 2' });
    expect(outcomes([multi, image('arm', 3), ...platforms.slice(1)], ...rules)).toMatchObject({ multi: 'expire 1', arm: 'keep' });
  });

  test('all have to go', () => {
    const other = image('other', 1, ['v2'], { references: ['arm'] });

    expect(outcomes([multi, other, ...platforms], expire({ images: pattern('v*'), olderThan: days(7) }), untagged))
      .toEqual({ multi: 'expire 1', other: 'keep', arm: 'keep', amd: 'expire 2', alone: 'expire 2' });
  });

  test('of indexes keep all levels', () => {
    const images = [image('top', 30, ['v1'], { references: ['middle'] }), image('middle', 30, [], { references: ['leaf'] }), image('leaf', 30)];

    expect(outcomes(images, untagged)).toEqual({ top: 'keep', middle: 'keep', leaf: 'keep' });
    expect(outcomes(images, expire({ images: ANY, olderThan: days(7) }))).toEqual({ top: 'expire 1', middle: 'expire 1', leaf: 'expire 1' });
  });

  test('in the archive no longer keep what they refer to, which is an assumption when it is deleted', () => {
    const images = [{ ...archived('multi', 5, ['v1']), references: ['arm'] }, image('arm', 30)];
    const result = preview(images, untagged);

    expect(result.decisionFor('arm').action).toBe(LifecycleAction.EXPIRE);
    expect(result.decisionFor('arm').assumptions).toEqual([
      'AWS says that an image may expire or be archived after its index was archived, but not whether it may be deleted then: here it may',
    ]);
    expect(outcomes([multi, image('arm', 30)], LifecycleRule.archive({ images: pattern('v*'), olderThan: days(7) }), untagged))
      .toEqual({ multi: 'archive 1', arm: 'expire 2' });
  });

  test('count what they refer to, which is an assumption', () => {
    const result = preview([multi, image('arm', 5), image('amd', 5), image('alone', 30)], expire({ images: UNTAGGED, keepNewest: 2 }));

    expect(result.decisionFor('alone').action).toBe(LifecycleAction.EXPIRE);
    expect(result.decisionFor('alone').assumptions).toEqual([
      'AWS does not say whether images that an index refers to count: here rule 1 (untagged) counts 2 of them',
    ]);
  });

  test('that refer to each other, or to nothing that is there, end', () => {
    const circle = [image('A', 30, [], { references: ['B', 'gone'] }), image('B', 30, [], { references: ['A', 'A'] })];

    expect(outcomes(circle, untagged)).toEqual({ A: 'expire 1', B: 'expire 1' });
    expect(outcomes([circle[0], { ...circle[1], tags: ['v1'] }], untagged)).toEqual({ A: 'keep', B: 'keep' });
  });
});

describe('referrers', () => {
  const releases = expire({ images: pattern('v*'), olderThan: days(7) });
  const signature = image('signature', 1, [], { subject: 'release' });
  const countersignature = image('countersignature', 1, [], { subject: 'signature' });

  test('go with their subject, however young', () => {
    const result = preview([image('release', 30, ['v1']), signature, countersignature], releases);

    expect(result.expired).toHaveLength(3);
    expect(result.decisionFor('signature')).toMatchObject({ rule: undefined, claimedBy: undefined, reason: 'expired: its subject v1 is expired' });
    expect(result.decisionFor('countersignature').reason).toBe('expired: its subject signature is expired');
  });

  test('are archived with their subject, unless they are archived already', () => {
    const inArchive = { ...archived('attestation', 5), subject: 'release' };
    const rule = LifecycleRule.archive({ images: pattern('v*'), olderThan: days(7) });

    expect(outcomes([image('release', 30, ['v1']), signature, inArchive], rule)).toEqual({ release: 'archive 1', signature: 'archive', attestation: 'keep' });
  });

  test('are deleted from the archive with their subject', () => {
    const images = [archived('release', 100, ['v1']), { ...archived('signature', 5), subject: 'release' }];

    expect(outcomes(images, LifecycleRule.expireArchived({ images: pattern('v*'), archivedFor: days(90) }))).toEqual({ release: 'expire 1', signature: 'expire' });
  });

  test('stay with their subject, or follow a rule of their own, which is an assumption', () => {
    const result = preview([image('release', 3, ['v1']), { ...signature, pushedAt: ago(2) }], releases, expire({ images: UNTAGGED, olderThan: days(1) }));

    expect(result.decisionFor('signature')).toMatchObject({
      action: LifecycleAction.EXPIRE,
      rule: 2,
      assumptions: ['AWS does not say whether a rule acts on a referrer whose subject stays: here it does'],
    });
    expect(outcomes([image('release', 3, ['v1']), signature], releases)).toEqual({ release: 'keep', signature: 'keep' });
  });

  test('follow the stronger of their own rule and their subject', () => {
    const archiveUntagged = LifecycleRule.archive({ images: UNTAGGED, olderThan: days(1) });
    const old = { ...signature, pushedAt: ago(5) };

    expect(outcomes([image('release', 30, ['v1']), old], releases, archiveUntagged)).toEqual({ release: 'expire 1', signature: 'expire' });
    expect(outcomes(
      [image('release', 30, ['v1']), old],
      LifecycleRule.archive({ images: pattern('v*'), olderThan: days(7) }),
      expire({ images: UNTAGGED, olderThan: days(1) }),
    )).toEqual({ release: 'archive 1', signature: 'expire 2' });
  });

  test('stay in an index that stays, with all that they keep and all that is about them', () => {
    const images = [
      image('release', 30, ['v1']),
      image('signature', 1, [], { subject: 'release', references: ['part'] }),
      image('part', 30),
      countersignature,
      image('index', 1, ['latest'], { references: ['signature'] }),
    ];
    const result = preview(images, releases, expire({ images: UNTAGGED, olderThan: days(7) }));

    expect(result.expired.map(decision => decision.image.digest)).toEqual(['release']);
    expect(result.decisionFor('signature').reason).toBe('kept: index latest refers to it and is kept; otherwise it would follow its subject v1');
  });

  test('of nothing that is there are images like any other, and circles end', () => {
    expect(outcomes([image('signature', 9, [], { subject: 'gone' })], releases)).toEqual({ signature: 'keep' });
    expect(outcomes([image('A', 9, ['v1'], { subject: 'B' }), image('B', 9, [], { subject: 'A' })], releases)).toEqual({ A: 'expire 1', B: 'expire' });
    expect(outcomes([image('A', 9, [], { subject: 'B' }), image('B', 9, [], { subject: 'A' })], releases)).toEqual({ A: 'keep', B: 'keep' });
  });
});

describe('ties', () => {
  test('keep the digest that sorts first, whatever the order of the images, which is an assumption', () => {
    const images = [image('C', 5), image('A', 5), image('D', 1), image('B', 5)];
    const rule = expire({ images: ANY, keepNewest: 2 });

    expect(outcomes(images, rule)).toEqual({ A: 'keep', B: 'expire 1', C: 'expire 1', D: 'keep' });
    expect(outcomes([...images].reverse(), rule)).toEqual({ A: 'keep', B: 'expire 1', C: 'expire 1', D: 'keep' });
    expect(preview(images, rule).decisionFor('A').assumptions).toHaveLength(1);
    expect(preview(images, rule).decisionFor('D').assumptions).toEqual([]);
  });

  test('that do not cross the limit are no assumption', () => {
    expect(preview([image('A', 5), image('B', 5)], expire({ images: ANY, keepNewest: 2 })).decisions.flatMap(decision => decision.assumptions)).toEqual([]);
  });

  test('milliseconds count, also over a history too long to sort by them', () => {
    const spread = Array.from({ length: 40_000 }, (_, index) => image(`x${index}`, 0, [], { pushedAt: new Date(-8.64e15 + index * 10_000) }));
    const first = { ...image('first', 0), pushedAt: new Date(AT.getTime() - 2) };
    const second = { ...image('second', 0), pushedAt: new Date(AT.getTime() - 1) };

    expect(preview([first, ...spread, second], expire({ images: ANY, keepNewest: 1 })).kept.map(decision => decision.image.digest)).toEqual(['second']);
  });
});

describe('reasons', () => {
  const reason = (age: number, tags: string[], rules: LifecycleRule[], more: Partial<RegistryImage> = {}) =>
    preview([image('A', age, tags, more)], ...rules).decisions[0].reason;

  test('say which rule holds an image and which would have taken it', () => {
    const releases = Array.from({ length: 12 }, (_, index) => image(`R${index}`, index + 20, [`release-${index}`]));
    const result = preview(
      releases,
      expire({ images: pattern('release-*'), keepNewest: 100 }),
      expire({ images: pattern('nothing'), olderThan: days(1) }),
      expire({ images: ANY, olderThan: days(30) }),
    );

    expect(result.decisionFor('release-11').reason).toBe("kept: rule 1 'release-*' (tag release-11): number 12 from the newest, limit 100; otherwise rule 3 (any image) would expire it");
    expect(result.decisionFor('release-0').reason).toBe("kept: rule 1 'release-*' (tag release-0): number 1 from the newest, limit 100");
    expect(result.decisionFor('release-11')).toMatchObject({ rule: undefined, claimedBy: 1 });
  });

  test.each([
    [7.5, 'kept: no rule selects it', [expire({ images: pattern('x'), olderThan: days(7) })]],
    [2, "kept: rule 1 'v*' (tag v1): pushed 2 days ago, limit 7 days", [expire({ images: pattern('v*'), olderThan: days(7) })]],
    [0, "kept: rule 1 'v*' (tag v1): pushed less than a second ago, limit 1 day", [expire({ images: pattern('v*'), olderThan: days(1) })]],
    [7 + MINUTE, "expired: rule 1 'v*' (tag v1): pushed 7 days 1 minute ago, limit 7 days", [expire({ images: ImageSelection.tagPrefix('v'), olderThan: days(7) })]],
    [8, "expired: rule 1 'v*' and '*1' (tag v1): pushed 8 days ago, limit 1 day", [expire({ images: ImageSelection.allOfTagPatterns('v*', '*1'), olderThan: days(1) })]],
  ])('of an image of %d days: %s', (age, text, rules) => {
    expect(reason(age, ['v1'], rules)).toBe(text);
  });

  test('say by which number an image goes', () => {
    expect(preview([image('A', 2), image('B', 1)], expire({ images: UNTAGGED, keepNewest: 1 })).decisionFor('A').reason)
      .toBe('expired: rule 1 (untagged): number 2 from the newest, limit 1');
  });

  test('say what an age counts from', () => {
    const rules = [LifecycleRule.archive({ images: ANY, notPulledFor: days(30) })];

    expect(reason(90, [], rules, { lastPulledAt: ago(31) })).toBe('archived: rule 1 (any image): last pulled 31 days ago, limit 30 days');
    expect(reason(90, [], rules, { activatedAt: ago(31) })).toBe('archived: rule 1 (any image): restored 31 days ago, limit 30 days');
    expect(reason(90, [], rules)).toBe('archived: rule 1 (any image): pushed 90 days ago, limit 30 days');
  });

  test('say what happens in the archive', () => {
    const rule = LifecycleRule.expireArchived({ images: pattern('v*'), archivedFor: days(90) });
    const result = preview([archived('A', 100, ['v1']), archived('B', 10, ['v2']), archived('C', 10, ['x'])], rule);

    expect(result.decisions.map(decision => decision.reason)).toEqual([
      "expired: rule 1 'v*' (tag v1): archived 100 days ago, limit 90 days",
      "kept: rule 1 'v*' (tag v2): archived 10 days ago, limit 90 days",
      'kept: no rule for archived images selects it',
    ]);
  });

  test('name a shielding rule that would have archived', () => {
    expect(reason(40, ['v1'], [expire({ images: pattern('v*'), olderThan: days(90) }), LifecycleRule.archive({ images: ANY, olderThan: days(30) })]))
      .toBe("kept: rule 1 'v*' (tag v1): pushed 40 days ago, limit 90 days; otherwise rule 2 (any image) would archive it");
  });
});

describe('reasons that a reader cannot misread', () => {
  const decisionFor = (age: number, tags: string[], rule: LifecycleRule) =>
    preview([image('A', age, tags)], rule).decisions[0];

  test('name the tag that matches, not the first one, shortened and only if the rule does not name it', () => {
    const rule = (text: string) => expire({ images: pattern(text), olderThan: days(7) });
    const long = `release-${'x'.repeat(100)}-the-end`;

    expect(decisionFor(31, ['latest', 'pr-7'], rule('pr-*')).reason).toBe("expired: rule 1 'pr-*' (tag pr-7): pushed 31 days ago, limit 7 days");
    expect(decisionFor(31, ['pr-7', 'latest'], rule('latest')).reason).toBe("expired: rule 1 'latest': pushed 31 days ago, limit 7 days");
    expect(decisionFor(31, ['a', long], rule('release-*')).reason)
      .toBe("expired: rule 1 'release-*' (tag release-xxxxxxxxxxxxxxxx…xxxxxxx-the-end): pushed 31 days ago, limit 7 days");
    expect(decisionFor(31, ['eu', 'prod-1'], expire({ images: ImageSelection.allOfTagPrefixes('prod-', 'e'), olderThan: days(7) })).reason)
      .toBe("expired: rule 1 'prod-*' and 'e*' (tags prod-1 and eu): pushed 31 days ago, limit 7 days");
  });

  test.each<[number, string]>([
    [7, 'kept: rule 1 (any image): pushed 7 days ago, limit 7 days'],
    [7 + 1 / 86_400_000, 'expired: rule 1 (any image): pushed just over 7 days ago, limit 7 days'],
    [7 + 1 / 86_400, 'expired: rule 1 (any image): pushed 7 days 1 second ago, limit 7 days'],
    [7 - 1 / 86_400, 'kept: rule 1 (any image): pushed 6 days 23 hours ago, limit 7 days'],
    [8.5, 'expired: rule 1 (any image): pushed 8 days 12 hours ago, limit 7 days'],
    [9, 'expired: rule 1 (any image): pushed 9 days ago, limit 7 days'],
    [9.5, 'expired: rule 1 (any image): pushed 9 days ago, limit 7 days'],
    [5.4, 'kept: rule 1 (any image): pushed 5 days 9 hours ago, limit 7 days'],
    [0.2, 'kept: rule 1 (any image): pushed 4 hours ago, limit 7 days'],
  ])('show hours near a limit: %d days', (age, text) => {
    expect(decisionFor(age, [], expire({ images: ANY, olderThan: days(7) })).reason).toBe(text);
  });

  test('say that an image was restored, also in a count', () => {
    const result = preview([image('A', 100, ['v1'], { activatedAt: ago(5) }), image('B', 1)], expire({ images: ANY, keepNewest: 1 }));

    expect(result.decisionFor('A').reason).toBe('expired: rule 1 (any image): number 2 from the newest (restored 5 days ago), limit 1');
    expect(result.decisionFor('B').reason).toBe('kept: rule 1 (any image): number 1 from the newest, limit 1');
  });
});

describe('assumptions appear only where they decide', () => {
  const index = (digest: string, age: number, references: string[]) => image(digest, age, [digest], { references });

  test('not of a tie that an index or a subject decides', () => {
    const tied = [image('A', 5), image('B', 5), index('kept', 1, ['A', 'B'])];
    const untagged = expire({ images: UNTAGGED, keepNewest: 1 });

    expect(preview(tied, untagged).decisions.flatMap(({ assumptions }) => assumptions)).toEqual([]);
    expect(preview(tied.slice(0, 2), untagged).decisions.map(({ assumptions }) => assumptions.length)).toEqual([1, 1]);

    const referrers = [image('v1', 9, ['v1']), image('A', 5, [], { subject: 'v1' }), image('B', 5, [], { subject: 'v1' })];
    expect(preview(referrers, expire({ images: pattern('v*'), olderThan: days(7) }), untagged).decisions.flatMap(({ assumptions }) => assumptions)).toEqual([]);
  });

  test('of a tie between referrers whose subject is archived, and that are archived or expired', () => {
    const archiveVersions = LifecycleRule.archive({ images: pattern('v*'), olderThan: days(7) });
    const images = [image('v1', 9, ['v1']), image('A', 5, [], { subject: 'v1' }), image('B', 5, [], { subject: 'v1' })];
    const result = preview(images, archiveVersions, expire({ images: UNTAGGED, keepNewest: 1 }));

    expect(result.decisionFor('A').action).toBe(LifecycleAction.ARCHIVE);
    expect(result.decisionFor('A').assumptions).toHaveLength(1);
    expect(result.decisionFor('B').assumptions).toEqual([
      expect.stringContaining('pushed at the same moment'),
      'AWS does not say whether a rule acts on a referrer whose subject is only archived: here it does',
    ]);
  });

  test('not of images that an index refers to, where the limit is passed without them', () => {
    const images = [index('v1', 1, ['P']), image('P', 2), image('A', 3), image('B', 4), image('C', 5)];
    const result = preview(images, expire({ images: UNTAGGED, keepNewest: 2 }));

    expect(result.decisionFor('B').action).toBe(LifecycleAction.EXPIRE);
    expect(result.decisionFor('B').assumptions).toEqual(['AWS does not say whether images that an index refers to count: here rule 1 (untagged) counts 1 of them']);
    expect(result.decisionFor('C').action).toBe(LifecycleAction.EXPIRE);
    expect(result.decisionFor('C').assumptions).toEqual([]);
  });

  test('of images that go with their index, which a count may not even include', () => {
    const images = [index('v1', 10, ['P']), image('P', 5), image('A', 3)];
    const result = preview(images, expire({ images: pattern('v*'), olderThan: days(7) }), expire({ images: UNTAGGED, keepNewest: 1 }));

    expect(result.decisionFor('P').assumptions).toEqual(['AWS does not say whether images that an index refers to count: here rule 2 (untagged) counts 1 of them']);
  });

  test('not of ties of archived referrers whose subject is in standard storage', () => {
    const archivedReferrers = ['A', 'B'].map(digest => ({ ...archived(digest, 100), subject: 'v1' }));
    const rule = LifecycleRule.archive({ images: pattern('v*'), olderThan: days(7) });

    expect(preview([image('v1', 9, ['v1']), ...archivedReferrers], rule).decisions.map(({ assumptions }) => assumptions.length)).toEqual([0, 0, 0]);
  });
});

describe('indexes without references', () => {
  const media = (digest: string, manifestMediaType: string, references?: string[]) => image(digest, 30, [digest], { manifestMediaType, references });
  const INDEX = 'application/vnd.oci.image.index.v1+json';
  const rule = expire({ images: UNTAGGED, olderThan: days(7) });

  test('make the preview ask for their manifests', () => {
    const result = preview([media('v1', INDEX), media('v2', 'application/vnd.docker.distribution.manifest.list.v2+json'), image('P', 30)], rule);

    expect(result.indexesWithoutReferences).toEqual(['v1', 'v2']);
    expect(result.toTable().split('\n').slice(-2)).toEqual([
      'The references of 2 of these images, which are indexes, are unknown, so that ECR may keep images that expire here. Add their manifests:',
      'aws ecr batch-get-image --repository-name NAME --image-ids imageDigest=v1 imageDigest=v2',
    ]);
  });

  test('of more than one call are counted', () => {
    const images = Array.from({ length: 102 }, (_, number) => media(`v${number}`, INDEX));

    expect(preview(images, rule).toTable()).toMatch(/imageDigest=v99, and again for 2 more$/);
  });

  test('are not those whose references are listed, nor images of one platform', () => {
    const result = preview([media('v1', INDEX, []), media('v2', 'application/vnd.oci.image.manifest.v1+json')], rule);

    expect(result.indexesWithoutReferences).toEqual([]);
    expect(result.toTable()).toMatch(/are kept\.$/);
  });
});

describe('report', () => {
  const images = [
    { digest: 'sha256:0123456789abcdef0123456789abcdef', pushedAt: ago(3), sizeInBytes: 5 * 2 ** 30 },
    image('B', 2, ['v1', 'latest'], { sizeInBytes: 3 * 2 ** 20 }),
    image('C', 1, ['v2'], { sizeInBytes: 2048 }),
    image('D', 0.5, ['v3'], { sizeInBytes: 7 }),
    image('E', 20, ['old']),
  ];
  const result = preview(images, expire({ images: pattern('old'), olderThan: days(7) }), LifecycleRule.archive({ images: ANY, keepNewest: 3 }));

  test('is a table with what goes first, the oldest first', () => {
    expect(result.toTable()).toBe([
      'ACTION   IMAGE                 PUSHED      SIZE    REASON',
      "expire   old                   2026-11-01          rule 1 'old': pushed 20 days ago, limit 7 days",
      'archive  sha256:0123456789ab…  2026-11-18  5.0 GB  rule 2 (any image): number 4 from the newest, limit 3',
      'keep     v3                    2026-11-21  7 B     rule 2 (any image): number 1 from the newest, limit 3',
      'keep     v2                    2026-11-20  2.0 kB  rule 2 (any image): number 2 from the newest, limit 3',
      'keep     v1 +1                 2026-11-19  3.0 MB  rule 2 (any image): number 3 from the newest, limit 3',
      '',
      'Of 5 images, 1 expire, 1 are archived (5.0 GB), 3 are kept (3.0 MB).',
    ].join('\n'));
  });

  test('can be cut', () => {
    expect(() => result.toTable({ maxRows: -1 })).toThrow("'maxRows' must be");
    expect(() => result.toTable({ maxRows: 0.5 })).toThrow("'maxRows' must be");
    expect(result.toTable({ maxRows: 0 }).split('\n')[1]).toBe('… and 5 more images');
    expect(result.toTable({ maxRows: 1 }).split('\n').slice(1)).toEqual([
      "expire  old    2026-11-01        rule 1 'old': pushed 20 days ago, limit 7 days",
      '… and 4 more images',
      '',
      'Of 5 images, 1 expire, 1 are archived (5.0 GB), 3 are kept (3.0 MB).',
    ]);
  });

  test('shows assumptions next to the reason', () => {
    expect(preview([image('A', 1), image('B', 1)], expire({ images: ANY, keepNewest: 1 })).toTable()).toContain(
      'number 2 from the newest, limit 1 [AWS does not say which of several images pushed at the same moment');
  });

  test('finds decisions by digest and by tag', () => {
    expect(result.decisionFor('latest')).toBe(result.decisionFor('B'));
    expect(() => result.decisionFor('gone')).toThrow("'digestOrTag' must be the digest or a tag of one of the images, got \"gone\"");
  });

  test('is about now unless said otherwise, and also about no images', () => {
    const before = Date.now();
    const empty = LifecyclePolicy.standard().preview({ images: [] });

    expect(empty.at.getTime()).toBeGreaterThanOrEqual(before);
    expect(empty.toTable()).toBe('ACTION  IMAGE  PUSHED  SIZE  REASON\n\nOf 0 images, 0 expire, 0 are archived, 0 are kept.');
  });
});

describe('fails for images that cannot exist', () => {
  const good = image('A', 1, ['v1']);
  const at = AT.toISOString();
  const later = new Date(AT.getTime() + 1);

  test.each([
    ['without a date', { pushedAt: undefined as unknown as Date }, "'images[0].pushedAt' must be a date, got nothing"],
    ['with an invalid date', { pushedAt: new Date(NaN) }, "'images[0].pushedAt' must be a date, got an invalid one"],
    ['from the future', { pushedAt: later }, `'images[0].pushedAt' must not be after 'at', ${at}, got ${later.toISOString()}`],
    ['pulled in the future', { lastPulledAt: later }, `'images[0].lastPulledAt' must not be after 'at', ${at}, got ${later.toISOString()}`],
    ['archived in the future', { archivedAt: later }, `'images[0].archivedAt' must not be after 'at', ${at}, got ${later.toISOString()}`],
    ['restored in the future', { activatedAt: later }, `'images[0].activatedAt' must not be after 'at', ${at}, got ${later.toISOString()}`],
    ['without a digest', { digest: '' }, "'images[0].digest' must be a text that is not empty, got \"\""],
    ['with a number for a digest', { digest: 1 as unknown as string }, "'images[0].digest' must be a text that is not empty, got 1"],
    ['with the date of JSON', { pushedAt: '2026-01-01T00:00:00Z' as unknown as Date }, "'images[0].pushedAt' must be a date, got \"2026-01-01T00:00:00Z\""],
    ['pulled at a date of JSON', { lastPulledAt: 'now' as unknown as Date }, "'images[0].lastPulledAt' must be a date, got \"now\""],
    ['with one tag that is no list', { tags: 'v1' as unknown as string[] }, "'images[0].tags' must be a list, got \"v1\""],
    ['with a number for a tag', { tags: [1 as unknown as string] }, "'images[0].tags' must be texts, got 1"],
    ['of a storage class of S3', { storageClass: 'GLACIER' as ImageStorageClass }, `'images[0].storageClass' must be one of "standard", "archive", got "GLACIER"`],
    ['with an empty tag', { tags: [''] }, "'images[0].tags' must be 1 to 300 characters long each, got 0: \"\""],
    ['with a tag of 301 characters', { tags: ['x'.repeat(301)] }, `'images[0].tags' must be 1 to 300 characters long each, got 301: "${'x'.repeat(116)}...`],
    ['in the archive since never', { storageClass: ImageStorageClass.ARCHIVE }, "'images[0].archivedAt' must be set for an image in the archive, got nothing"],
    ['with a negative size', { sizeInBytes: -1 }, "'images[0].sizeInBytes' must be 0 or more, got -1"],
    ['with an endless size', { sizeInBytes: Infinity }, "'images[0].sizeInBytes' must be 0 or more, got Infinity"],
    ['that refer to themselves', { references: ['B', 'A'] }, "'images[0].references' must not name the image itself, got \"A\""],
    ['about themselves', { subject: 'A' }, "'images[0].subject' must be another image, got its own digest \"A\""],
  ])('%s', (_, change, problem) => {
    expect(problemsOf([{ ...good, ...change }])).toEqual([problem]);
    expect(problemsOf([good])).toEqual([]);
  });

  test('as the bounds allow', () => {
    expect(problemsOf([{ ...good, pushedAt: AT, tags: ['x'.repeat(300), 'y'], sizeInBytes: 0, lastPulledAt: AT, archivedAt: AT, activatedAt: AT }])).toEqual([]);
  });

  test('twice', () => {
    expect(problemsOf([good, image('B', 1), good])).toEqual(["'images[2].digest' must be unique, got \"A\" twice; give every image once, with all its tags"]);
  });

  test('with a tag of another image, or the same tag twice', () => {
    const problem = (index: number, tag: string, other: number) => `'images[${index}].tags' must have tags of no other image, got "${tag}", also in images[${other}]; `
      + 'give each tag once, to the image that was tagged last';

    expect(problemsOf([good, image('B', 1, ['v2']), image('C', 1, ['v3', 'v1'])])).toEqual([problem(2, 'v1', 0)]);
    expect(problemsOf([good, image('B', 1, ['v2', 'v2'])])).toEqual([problem(1, 'v2', 1)]);
  });

  test('also among many', () => {
    const many = Array.from({ length: 5000 }, (_, number) => image(`D${number}`, 1, [`x${number}`, `y${number}`]));

    expect(problemsOf(many)).toEqual([]);
    expect(problemsOf([...many, image('D4999', 1)])[0]).toContain("'images[5000].digest' must be unique");
    expect(problemsOf([...many, image('E', 1, ['y17'])])[0]).toContain('got "y17", also in images[17]');
  });

  test('or at no date', () => {
    expect(problemsOf([good], new Date(NaN))).toEqual(["'at' must be a date, got an invalid one"]);
  });

  test('but names no more problems than somebody reads', () => {
    const problems = problemsOf(Array.from({ length: 1000 }, (_, index) => ({ ...good, digest: `${index}`, pushedAt: later })));

    expect(problems).toHaveLength(26);
    expect(problems[25]).toBe('and 975 more problems like these');
  });
});

test('fails for a policy with tokens, which has no values yet', () => {
  const stack = new Stack();
  const count = new CfnParameter(stack, 'Count', { type: 'Number' });
  const prefix = new CfnParameter(stack, 'Prefix');
  const policy = LifecyclePolicy.of(
    expire({ images: ImageSelection.tagPrefix(prefix.valueAsString), keepNewest: 1 }),
    expire({ images: ANY, keepNewest: count.valueAsNumber }),
  );

  expect(() => policy.preview({ images: [] })).toThrow([
    "'rules[0]' must hold no token to be evaluated, got one; evaluate a policy with the values that you expect",
    "'rules[1]' must hold no token to be evaluated, got one; evaluate a policy with the values that you expect",
  ].join('\n'));
});
