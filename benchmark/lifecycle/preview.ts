/** Previews a policy of RULES rules over IMAGES images ROUNDS times, and prints milliseconds and megabytes. */
import { AT, policyOf, registryOf } from './registry';

const [images, rules, rounds] = process.argv.slice(2).map(Number);
const policy = policyOf(rules);
const registry = registryOf(images);

const milliseconds: number[] = [];
let megabytes = 0;
for (let round = 0; round < rounds; round++) {
  const before = process.cpuUsage();
  const preview = policy.preview({ images: registry, at: AT });
  const summary = preview.summary();
  const { length } = preview.expired; // a decision for each image that goes, as a caller reads them
  const { user, system } = process.cpuUsage(before); // not the time of other processes
  milliseconds.push((user + system) / 1000);
  if (!summary.startsWith(`Of ${images} images, ${length} expire`) || length === 0) {
    throw new Error(`${images} images gave ${summary}`);
  }
  megabytes ||= process.resourceUsage().maxRSS / 1024; // the peak with the images, before later rounds leave garbage
}
console.log(JSON.stringify({ milliseconds, megabytes }));
