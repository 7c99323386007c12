import { Lazy } from 'aws-cdk-lib';
import { LifecyclePolicy } from '../../lib';

/** A policy of one rule: a legal one, changed as given. `undefined` leaves a key out. */
const policy = (selection: object = {}, action: object = {}, rule: object = {}) => JSON.stringify({ rules: [oneRule(selection, action, rule)] });
const oneRule = (selection: object = {}, action: object = {}, rule: object = {}) => ({
  rulePriority: 1,
  description: 'Kept as it is, and long enough for any policy.',
  selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1, ...selection },
  action: { type: 'expire', ...action },
  ...rule,
});
const problemsOf = (text: string): string[] => {
  try {
    LifecyclePolicy.fromJson(text);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

const tagged = (entries: unknown) => ({ tagStatus: 'tagged', tagPatternList: entries });
const pushed = { countType: 'sinceImagePushed', countUnit: 'days' };
const pulled = { countType: 'sinceImagePulled', countUnit: 'days' };
const transitioned = { countType: 'sinceImageTransitioned', countUnit: 'days', storageClass: 'archive', countNumber: 90 };
const archive = { type: 'transition', targetStorageClass: 'archive' };

describe('reads', () => {
  test.each([
    ['an age of a pattern', policy({ ...tagged(['prod*']), ...pushed, countNumber: 14 })],
    ['a last pull that archives', policy({ ...pulled, countNumber: 90 }, archive)],
    ['an age in the archive', policy({ ...transitioned, countNumber: 365 })],
    ['the shortest time in the archive', policy(transitioned)],
    ['a number of untagged images', policy({ tagStatus: 'untagged' })],
    ['an age that archives', policy({ ...tagged(['prod*']), ...pushed, countNumber: 30 }, archive)],
    ['a number that archives', policy({}, archive)],
    ['prefixes', policy({ tagStatus: 'tagged', tagPrefixList: ['prod', 'eu'] })],
    ['four wildcards', policy(tagged(['*a*b*c*']))],
    ['the standard storage class by name', policy({ storageClass: 'standard' })],
    ['no description', policy({}, {}, { description: undefined })],
    ['an any rule for each storage class', JSON.stringify({
      rules: [oneRule({ ...pushed, countNumber: 30 }, archive), oneRule({ ...transitioned, countNumber: 365 }, {}, { rulePriority: 2 })],
    })],
    ['an untagged rule for each storage class', JSON.stringify({
      rules: [oneRule({ tagStatus: 'untagged' }), oneRule({ ...transitioned, tagStatus: 'untagged' }, {}, { rulePriority: 2 })],
    })],
    ['one entry twice in a list', policy(tagged(['a*', 'a*']))],
  ])('%s', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test('and writes the same policy again', () => {
    for (const preset of [LifecyclePolicy.standard(), LifecyclePolicy.production(), LifecyclePolicy.development()]) {
      expect(LifecyclePolicy.fromJson(preset.toJson()).toJson()).toBe(preset.toJson());
    }
  });

  test('and writes rules by priority, which may have gaps, without white space and defaults', () => {
    const text = JSON.stringify({
      rules: [oneRule({}, {}, { rulePriority: 900 }), oneRule({ ...tagged(['b*']), storageClass: 'standard' }, {}, { rulePriority: 20, description: '' })],
    }, undefined, 2);

    expect(LifecyclePolicy.fromJson(text).toJson()).toBe('{"rules":['
      + '{"rulePriority":20,"selection":{"tagStatus":"tagged","tagPatternList":["b*"],"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}},'
      + '{"rulePriority":900,"description":"Kept as it is, and long enough for any policy.",'
      + '"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}');
  });
});

describe('refuses', () => {
  test.each([
    ['pattern of six wildcards', policy(tagged(['test*1*2*3*4*5*6'])), "'rules[0].selection.tagPatternList' must have patterns with at most 4 '*', got 6: \"test*1*2*3*4*5*6\""],
    ['last pull that expires', policy(pulled), "'rules[0].action.type' must be \"transition\" with countType \"sinceImagePulled\", got \"expire\""],
    ['89 days in the archive', policy({ ...transitioned, countNumber: 89 }), "'rules[0].selection.countNumber' must be a whole number of at least 90, got 89"],
    ['time in the archive without the archive', policy({ ...transitioned, storageClass: undefined }),
      "'rules[0].selection.storageClass' must be \"archive\" with countType \"sinceImageTransitioned\", got undefined"],
    ['time in the archive that archives', policy(transitioned, archive), "'rules[0].action.type' must be \"expire\" with countType \"sinceImageTransitioned\", got \"transition\""],
    ['age of archived images', policy({ ...pushed, storageClass: 'archive' }),
      "'rules[0].selection.countType' must be \"sinceImageTransitioned\" with storageClass \"archive\", got \"sinceImagePushed\""],
    ['number of archived images', policy({ storageClass: 'archive' }),
      "'rules[0].selection.countType' must be \"sinceImageTransitioned\" with storageClass \"archive\", got \"imageCountMoreThan\""],
    ['unknown storage class', policy({ storageClass: 'cold' }), "'rules[0].selection.storageClass' must be one of \"standard\", \"archive\", got \"cold\""],
    ['unit with a number', policy({ countUnit: 'days' }), "'rules[0].selection.countUnit' must be left out with countType \"imageCountMoreThan\", got \"days\""],
    ['age without a unit', policy({ countType: 'sinceImagePushed' }), "'rules[0].selection.countUnit' must be \"days\" with countType \"sinceImagePushed\", got undefined"],
    ['age in hours', policy({ ...pushed, countUnit: 'hours' }), "'rules[0].selection.countUnit' must be \"days\" with countType \"sinceImagePushed\", got \"hours\""],
    ['unknown countType', policy({ countType: 'sinceImageScanned' }),
      "'rules[0].selection.countType' must be one of \"imageCountMoreThan\", \"sinceImagePushed\", \"sinceImagePulled\", \"sinceImageTransitioned\", got \"sinceImageScanned\""],
    ['count of 0', policy({ countNumber: 0 }), "'rules[0].selection.countNumber' must be a whole number of at least 1, got 0"],
    ['fraction', policy({ countNumber: 1.5 }), "'rules[0].selection.countNumber' must be a whole number of at least 1, got 1.5"],
    ['number in quotes', policy({ countNumber: '7' }), "'rules[0].selection.countNumber' must be a whole number of at least 1, got \"7\""],
    ['unknown tagStatus', policy({ tagStatus: 'TAGGED' }), "'rules[0].selection.tagStatus' must be one of \"tagged\", \"untagged\", \"any\", got \"TAGGED\""],
    ['tagged rule without tags', policy({ tagStatus: 'tagged' }), "'rules[0].selection' must have one of 'tagPatternList' and 'tagPrefixList' when tagStatus is \"tagged\", got neither"],
    ['tagged rule with both lists', policy({ ...tagged(['a']), tagPrefixList: ['a'] }),
      "'rules[0].selection' must have one of 'tagPatternList' and 'tagPrefixList' when tagStatus is \"tagged\", got both"],
    ['tags of any image', policy({ tagPatternList: ['a'] }), "'rules[0].selection.tagPatternList' must be left out unless tagStatus is \"tagged\", got [\"a\"]"],
    ['tags of untagged images', policy({ tagStatus: 'untagged', tagPrefixList: [] }), "'rules[0].selection.tagPrefixList' must be left out unless tagStatus is \"tagged\", got []"],
    ['empty list', policy(tagged([])), "'rules[0].selection.tagPatternList' must name at least one tag prefix or pattern, got none; use 'any' for every image"],
    ['empty entry', policy(tagged([''])), "'rules[0].selection.tagPatternList' must not have an empty entry, got \"\"; use the pattern '*' for every tagged image"],
    ['entry that is no string', policy(tagged(['a', 1])), "'rules[0].selection.tagPatternList' must be a list of strings, got [\"a\",1]"],
    ['text for a list', policy(tagged('a')), "'rules[0].selection.tagPatternList' must be a list of strings, got \"a\""],
    ['unknown action', policy({}, { type: 'delete' }), "'rules[0].action.type' must be one of \"expire\", \"transition\", got \"delete\""],
    ['archiving without a target', policy({}, { type: 'transition' }), "'rules[0].action.targetStorageClass' must be \"archive\" with type \"transition\", got undefined"],
    ['deletion with a target', policy({}, { targetStorageClass: 'archive' }), "'rules[0].action.targetStorageClass' must be left out unless type is \"transition\", got \"archive\""],
    ['priority of 0', policy({}, {}, { rulePriority: 0 }), "'rules[0].rulePriority' must be a whole number of at least 1, got 0"],
    ['description that is no text', policy({}, {}, { description: 7 }), "'rules[0].description' must be a string, got 7"],
    ['null', policy({ storageClass: null }), "'rules[0].selection.storageClass' must not be null; leave the key out"],
    ['null in an action', policy({}, { targetStorageClass: null }), "'rules[0].action.targetStorageClass' must not be null; leave the key out"],
    ['null for rules', `{"rules":null}${' '.repeat(100)}`, "'text.rules' must not be null; leave the key out"],
    ['unknown key of a selection', policy({ tagList: ['a'] }),
      "'rules[0].selection' must only have 'tagStatus', 'tagPatternList', 'tagPrefixList', 'storageClass', 'countType', 'countUnit', 'countNumber', got \"tagList\""],
    ['unknown key of an action', policy({}, { days: 1 }), "'rules[0].action' must only have 'type', 'targetStorageClass', got \"days\""],
    ['unknown key of a rule', policy({}, {}, { priority: 1 }), "'rules[0]' must only have 'rulePriority', 'description', 'selection', 'action', got \"priority\""],
    ['unknown key of the policy', policy().replace('{"rules"', '{"version":1,"rules"'), "'text' must only have 'rules', got \"version\""],
    ['key that is special in JavaScript', policy().replace('"type"', '"__proto__":{},"type"'), "'rules[0].action' must only have 'type', 'targetStorageClass', got \"__proto__\""],
    ['rule without a selection', `${policy({}, {}, { selection: undefined })}${' '.repeat(100)}`,
      "'rules[0]' must have 'selection', got {\"rulePriority\":1,\"description\":\"Kept as it is, and long enough for any policy.\",\"action\":{\"type\":\"expire\"}}"],
    ['selection that is a list', policy({}, {}, { selection: [] }) + ' '.repeat(100), "'rules[0].selection' must be an object, got []"],
    ['rule that is null', `{"rules":[null]}${' '.repeat(100)}`, "'rules[0]' must be an object, got null"],
    ['rules that are an object', `{"rules":{}}${' '.repeat(100)}`, "'rules' must be a list, got {}"],
    ['no rules', `{"rules":[]}${' '.repeat(100)}`, "'rules' must have at least one rule, got none; remove the policy to keep every image"],
    ['policy without rules', `{}${' '.repeat(100)}`, "'text' must have 'rules', got {}"],
    ['number as a policy', 1 as unknown as string, "'text' must be a string, got 1 (LifecyclePolicy.fromJson)"],
    ['parsed policy', { rules: [] } as unknown as string, "'text' must be a string, got an object (LifecyclePolicy.fromJson)"],
    ['list as a policy', `[]${' '.repeat(100)}`, "'text' must be an object, got []"],
    ['two equal priorities', JSON.stringify({ rules: [oneRule(tagged(['a'])), oneRule()] }), "'rules' must have a rulePriority of its own for each rule, got 1 twice"],
    ['any rule before another', JSON.stringify({ rules: [oneRule({}, {}, { rulePriority: 1 }), oneRule(tagged(['a']), {}, { rulePriority: 2 })] }),
      "'rules[0]' must be the last rule for standard storage because it selects any image, got 'rules[1]' after it; move it to the end"],
    ['two rules for untagged images', JSON.stringify({ rules: [oneRule({ tagStatus: 'untagged' }), oneRule({ tagStatus: 'untagged' }, {}, { rulePriority: 2 })] }),
      "'rules[1]' must not be a second rule for untagged images in standard storage, got 'rules[0]' before it; keep one of them"],
    ['two rules for the same tags', JSON.stringify({ rules: [oneRule(tagged(['a', 'b'])), oneRule(tagged(['b', 'a']), {}, { rulePriority: 2 })] }),
      "'rules[1]' must select other tags than 'rules[0]', got 'b' and 'a' in both; keep one of them"],
  ])('a %s', (_, text, problem) => {
    expect(problemsOf(text)[0]).toBe(problem);
    expect(problemsOf(text)).toHaveLength(1);
  });

  test('more than 30,720 characters, without white space', () => {
    const long = (count: number) => policy({}, {}, { description: 'x'.repeat(count - policy({}, {}, { description: '' }).length) });

    expect(problemsOf(long(30_720).padEnd(40_000))).toEqual([]);
    expect(problemsOf(JSON.stringify(JSON.parse(long(30_720)), undefined, 8))).toEqual([]);
    expect(problemsOf(long(30_721))).toEqual([
      "'rules' must render to at most 30720 characters of JSON, got 30721; shorten descriptions or use patterns for several tags",
    ]);
  });

  test('keys that are given twice, of which one is ignored', () => {
    const text = policy(tagged(['a*'])).replace('"tagPatternList":', '"tagPatternList":["{b,[\\"*"], "tagPatternList" :').replace('{"rules"', '{"rules":[],"rules"');

    expect(problemsOf(text)).toEqual([
      "'rules' must be given once, got it twice; keep one of them, because the other one is ignored",
      "'rules[0].selection.tagPatternList' must be given once, got it twice; keep one of them, because the other one is ignored",
    ]);
    expect(problemsOf(JSON.stringify({ rules: [oneRule(tagged(['a*'])), oneRule(tagged(['b*']), {}, { rulePriority: 2 })] }))).toEqual([]);
  });

  test('51 rules, but not 50', () => {
    const rules = (count: number) => JSON.stringify({
      rules: Array.from({ length: count }, (_, index) => oneRule(tagged([`${index}`]), {}, { rulePriority: index + 1 })),
    });

    expect(problemsOf(rules(50))).toEqual([]);
    expect(problemsOf(rules(51))).toEqual(["'rules' must have at most 50 rules, got 51; each prefix or pattern of an anyOf counts as one"]);
  });

  test('a text that is no JSON', () => {
    expect(problemsOf('{'.repeat(100))).toEqual([expect.stringMatching(/^'text' must be JSON, got "\{{100}": Expected property name/)]);
  });

  test('a token, which nobody can read yet', () => {
    expect(problemsOf(Lazy.string({ produce: () => '' }))).toEqual([
      "'text' must be known at synthesis, got a token; use LifecyclePolicy.of() with tokens as values",
    ]);
  });

  test('several problems at once', () => {
    expect(problemsOf(JSON.stringify({
      rules: [oneRule({ countNumber: 0, storageClass: 'archive' }, { type: 'delete' }), oneRule({}, {}, { rulePriority: -1 })],
    }))).toHaveLength(4);
  });
});

describe('the output of aws ecr get-lifecycle-policy', () => {
  const output = (lifecyclePolicyText: unknown) => JSON.stringify({
    registryId: '111122223333', repositoryName: 'team/web', lifecyclePolicyText, lastEvaluatedAt: '2026-11-21T00:00:00+00:00',
  }, undefined, 4);

  test('is read like the text in it', () => {
    expect(LifecyclePolicy.fromJson(output(policy())).toJson()).toBe(LifecyclePolicy.fromJson(policy()).toJson());
  });

  test('is refused for the text in it, or if it has none', () => {
    expect(problemsOf(output('{"rules":[]}'))).toEqual(["'rules' must have at least one rule, got none; remove the policy to keep every image"]);
    expect(problemsOf(output(undefined))[0]).toBe("'text' must only have 'rules', got \"registryId\"");
    expect(problemsOf('null')).toEqual(["'text' must be an object, got null"]);
  });
});
