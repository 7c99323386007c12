/** Previews a policy of RULES rules over IMAGES images ROUNDS times, and prints milliseconds and megabytes. */
import { AT, policyOf, registryOf } from './registry';

const [images, rules, rounds] = process.argv.slice(2).map(Number);
const policy = policyOf(rules);
const registry = registryOf(images);

const milliseconds: number[] = [];
let megabytes = 0;
for (let round = 0; round < rounds; round++) {
  const start = process.hrtime.bigint();
  const { decisions } = policy.preview({ images: registry, at: AT });
  milliseconds.push(Number(process.hrtime.bigint() - start) / 1e6);
  if (decisions.length !== images) {
    throw new Error(`${images} images gave ${decisions.length} decisions`);
  }
  megabytes ||= process.resourceUsage().maxRSS / 1024; // the peak with the images, before later rounds leave garbage
}
console.log(JSON.stringify({ milliseconds, megabytes }));
