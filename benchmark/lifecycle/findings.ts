/** Finds the traps of policies of 50 rules, in which most rules have one, and prints milliseconds. */
import { Duration } from 'aws-cdk-lib';
import { ImageSelection, LifecyclePolicy, LifecycleRule } from '../../lib';

const ROUNDS = 7;
const numbers = Array.from({ length: 24 }, (_, index) => index);
const pattern = (text: string): ImageSelection => ImageSelection.tagPattern(text);

const policies = {
  'protections below': LifecyclePolicy.of(
    ...numbers.map(number => LifecycleRule.expire({ images: pattern(`sha-${number}-*`), olderThan: Duration.days(30) })),
    ...numbers.map(number => LifecycleRule.protect({ images: pattern(`release-${number}-*`) })),
    LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
    LifecycleRule.expire({ images: ImageSelection.ANY, keepNewest: 30 }),
  ),
  'unreachable rules': LifecyclePolicy.of(
    ...numbers.map(number => LifecycleRule.expire({ images: pattern(`team-${number}-*`), olderThan: Duration.days(30) })),
    ...numbers.map(number => LifecycleRule.expire({ images: pattern(`team-${number}-pr-*`), keepNewest: 5 })),
    LifecycleRule.archive({ images: pattern('v*'), olderThan: Duration.days(30) }),
    LifecycleRule.expire({ images: ImageSelection.ANY, olderThan: Duration.days(14) }),
  ),
};

const milliseconds = Object.fromEntries(Object.entries(policies).map(([name, policy]) => {
  const text = policy.toJson();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const fresh = LifecyclePolicy.fromJson(text); // a policy remembers its findings
    const before = process.cpuUsage();
    const { length } = fresh.findings();
    const { user, system } = process.cpuUsage(before);
    if (length < 24) {
      throw new Error(`${name} has ${length} findings`);
    }
    return (user + system) / 1000;
  });
  return [name, rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]];
}));
console.log(JSON.stringify({ milliseconds }));
