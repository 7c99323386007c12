/** Simulates a year of 20 pushes a day 50 times, and searches a policy for it, evenly and in bursts, and prints milliseconds. */
import { Duration } from 'aws-cdk-lib';
import { LifecyclePolicy } from '../../lib';

const PUSHES = { 'release-*': 0.5, 'pr-*': 18.5, 'latest': 1 };
const keep = { 'release-*': { rollback: Duration.days(180) }, 'pr-*': { images: 20, rollback: Duration.days(14) } };

const cases: Record<string, () => unknown> = {
  '50 runs, standard': () => LifecyclePolicy.standard().forecast({ pushesPerDay: PUSHES, untaggedShare: 0.1, burstiness: 4 }),
  '50 runs, production': () => LifecyclePolicy.production().forecast({ pushesPerDay: PUSHES, untaggedShare: 0.1, burstiness: 4 }),
  'fit': () => LifecyclePolicy.fit({ pushesPerDay: PUSHES, keep }),
  'fit in bursts': () => LifecyclePolicy.fit({ pushesPerDay: PUSHES, keep, burstiness: 4 }),
};

const milliseconds = Object.fromEntries(Object.entries(cases).map(([name, action]) => {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return [name, (user + system) / 1000];
}));
console.log(JSON.stringify({ milliseconds }));
