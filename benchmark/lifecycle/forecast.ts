/** Forecasts a year of 20 pushes a day under each preset and under a policy that keeps everything, and prints milliseconds. */
import { ImageSelection, LifecyclePolicy, LifecycleRule } from '../../lib';

const policies = {
  'standard': LifecyclePolicy.standard(),
  'production': LifecyclePolicy.production(),
  'development': LifecyclePolicy.development(),
  'keep everything': LifecyclePolicy.of(LifecycleRule.protect({ images: ImageSelection.ANY })),
};

const milliseconds = Object.fromEntries(Object.entries(policies).map(([name, policy]) => {
  const start = process.hrtime.bigint();
  policy.forecast({ pushesPerDay: { 'release-*': 0.5, 'pr-*': 18.5, 'latest': 1 }, untaggedShare: 0.1 });
  return [name, Number(process.hrtime.bigint() - start) / 1e6];
}));
console.log(JSON.stringify({ milliseconds }));
