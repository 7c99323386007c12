/** A word or a phrase that the documentation of AWS does not use, with a sentence that the rule reports and one that it must not report. */
export interface WordRule {
  readonly name: string;
  /** Runs over the text of a paragraph, in which code is masked. */
  readonly pattern: RegExp;
  /** The replacement. */
  readonly advice: string;
  readonly finds: string;
  readonly passes: string;
}

/** The beginning of a paragraph, a table cell or a sentence. */
const BEGIN = '(?<=^[\\s"\'(*-]*|[.!?:;]\\s+)';

/** An object after a verb. */
const OBJECT = '(?:you|users?|the|a|an|it|them|us|each|every|its|their|your|Amazon|AWS|CDK|CloudFormation)';

export const WORD_RULES: readonly WordRule[] = [
  {
    name: 'begins-with-what',
    pattern: new RegExp(`${BEGIN}what(?:ever)?\\b(?![^.]*\\?)`, 'gi'),
    advice: 'begin with the thing: "The settings that …", "Configurations that …"',
    finds: 'What two stacks define twice is an error.',
    passes: 'The error names what is missing. What is a digest?',
  },
  {
    name: 'begins-with-somebody',
    pattern: new RegExp(`${BEGIN}(?:nobody|somebody|anybody|everybody|who)\\b(?![^.]*\\?)`, 'gi'),
    advice: 'begin with the thing: a principal, a role, an account, a user',
    finds: 'Nobody sees the key.',
    passes: 'You cannot audit the use of the key. Who pays?',
  },
  {
    name: 'somebody',
    pattern: /\b(?:nobody|somebody|anybody|everybody)\b/gi,
    advice: 'name the principal, the account or the user; "anyone", "no one" for people',
    finds: 'A key that nobody can revoke',
    passes: 'A key that you cannot revoke',
  },
  {
    name: 'tell',
    pattern: new RegExp(`\\b(?:tell|tells|telling|told)\\b(?!\\s+${OBJECT}\\b)`, 'gi'),
    advice: 'report, notify, show, warn about; "distinguish" for "tell apart"',
    finds: 'Tells of vulnerabilities that scans find.',
    passes: 'CHANGELOG.md tells users about changes.',
  },
  {
    name: 'say',
    pattern: /\b(?:says?|said|saying)\b/gi,
    advice: 'report, state, describe, specify',
    finds: 'The message says why.',
    passes: 'The message states the reason.',
  },
  {
    name: 'let-in',
    pattern: /\b(?:lets?|letting)\s+(?:[\w*-]+\s+){0,3}(?:in|through|out|pass)\b(?! (?:a|an|the)\b)/gi,
    advice: 'allow, grant access to',
    finds: 'A prefix that lets in other repositories',
    passes: 'The policy lets a role push.',
  },
  {
    name: 'go',
    pattern: /\b(?:go|goes|going|went|gone)\b(?![.-]\w|\s+(?:get|build|mod)\b)/g,
    advice: 'is removed, is deleted, is sent, follows, fails',
    finds: 'The image goes to the upstream.',
    passes: 'Apps in Go, and the Go module. See go.mod.',
  },
  {
    name: 'ring',
    pattern: /\b(?:ring|rings|ringing|rang)\b/gi,
    advice: 'alarms, is in the ALARM state',
    finds: 'Rings when a registry comes near a quota.',
    passes: 'Alarms before a quota is reached, during a pull.',
  },
  {
    name: 'hold',
    pattern: /\b(?:hold|holds|holding|held)\b/gi,
    advice: 'keep, protect, contain, apply to, check',
    finds: 'Rule 2 holds the image for 30 days.',
    passes: 'Rule 2 keeps the image for 30 days, below the threshold.',
  },
  {
    name: 'surely',
    pattern: /\bsurely\b/gi,
    advice: '"probably unintended", or leave it out',
    finds: 'This is surely not meant.',
    passes: 'This is probably unintended.',
  },
  {
    name: 'strangers',
    pattern: /\bstrangers?\b/gi,
    advice: 'other accounts, other principals',
    finds: 'Strangers can pull.',
    passes: 'Principals of other accounts can pull, strange as it is.',
  },
  {
    name: 'whoever',
    pattern: /\bwho(?:m|so)?ever\b/gi,
    advice: 'the principal that, the user who, anyone who',
    finds: 'Whoever may push signs the image.',
    passes: 'A principal that may push signs the image.',
  },
  {
    name: 'way-out',
    pattern: /\bways? (?:out|round)\b/gi,
    advice: 'the fix, the alternative',
    finds: 'The message has the way out.',
    passes: 'The message has the fix, by way of outputs.',
  },
  {
    name: 'mend',
    pattern: /\bmend(?:s|ed|ing)?\b/gi,
    advice: 'fix, correct',
    finds: 'The library mends all mistakes.',
    passes: 'The library corrects all mistakes; we recommend it.',
  },
  {
    name: 'look-at',
    pattern: /\blook(?:s|ed|ing)? at\b/gi,
    advice: 'read, check, inspect',
    finds: 'A check that looks at the template',
    passes: 'A check that reads the template',
  },
  {
    name: 'only-the-deployment',
    pattern: /\b(?:what|which|that) only (?:the |a )?\w+ (?:knows?|see|sees|gives?)\b|\bonly the deployment\b/gi,
    advice: 'a token, an unresolved value',
    finds: 'Passes what only the deployment knows.',
    passes: 'Ignores unresolved tokens, which resolve only at deployment.',
  },
  {
    name: 'is-what',
    pattern: /\b(?:is|are|was|were|of|for|from|than|and|or|to|as) what\b(?! (?:if|to|happens)\b)/gi,
    advice: 'name the thing: "the settings that …"',
    finds: 'A value of what the stack shares',
    passes: 'The preview shows what expires.',
  },
  {
    name: 'inverted-negation',
    pattern: new RegExp(`${BEGIN}(?:Never|Nor|Neither (?!the|of)|Not(?= (?:a|an|the|in|for|of|by|with|proven|tested|every|all|only)\\b[^.;]*,))\\b`, 'g'),
    advice: 'subject first: "No engine supports this, so it is not proven"',
    finds: 'Not proven, because no engine does it.',
    passes: 'No engine supports this, so it is not proven. Not supported in AWS China.',
  },
  {
    name: 'inverted-verb',
    pattern: new RegExp(`${BEGIN}(?:Part of|So (?:is|are|does|do)|Such (?:is|are)|Also (?:is|are|does|do)|Only (?:then|there|here) (?:is|are|does|do)|Left out (?:is|are)|Of [^,.]* (?:is|are))\\b`, 'g'),
    advice: 'subject, verb, object: "The contract includes …"',
    finds: 'Part of the contract are exported names.',
    passes: 'The contract includes exported names. The images are a part of it.',
  },
];
