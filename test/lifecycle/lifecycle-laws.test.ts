import * as fc from 'fast-check';
import { ImageStorageClass, LifecycleAction, LifecyclePolicy, type RegistryImage } from '../../lib';
import { AT, compatible, policyText, registry, rule, rules, type UnnumberedRule } from './arbitraries';
import { evaluateNaively } from './naive-evaluator';

// `npm run test:properties` sets both: many runs with a new seed. Here a few with the same seed each time.
const { LIFECYCLE_RUNS = 200, LIFECYCLE_SEED = 20_261_121 } = globalThis as { LIFECYCLE_RUNS?: number; LIFECYCLE_SEED?: number };
const STRENGTH = [LifecycleAction.KEEP, LifecycleAction.ARCHIVE, LifecycleAction.EXPIRE];

const preview = (unnumbered: UnnumberedRule[], images: RegistryImage[]) =>
  LifecyclePolicy.fromJson(policyText(unnumbered)).preview({ images, at: AT }).decisions;
const strengths = (unnumbered: UnnumberedRule[], images: RegistryImage[]) =>
  preview(unnumbered, images).map(({ action }) => STRENGTH.indexOf(action));

type Arbitraries<T> = { [K in keyof T]: fc.Arbitrary<T[K]> };

function law<T extends [unknown, ...unknown[]]>(name: string, holds: (...values: T) => void, ...arbitraries: Arbitraries<T>): void {
  test(`${name} (${LIFECYCLE_RUNS} random policies and registries, seed ${LIFECYCLE_SEED})`, () => {
    fc.assert(fc.property(...arbitraries, (...values) => holds(...values)), { numRuns: LIFECYCLE_RUNS, seed: LIFECYCLE_SEED });
  }, 1_800_000);
}

law('decides as a naive evaluator of the documented sentences does', (unnumbered, images) => {
  const decisions = Object.fromEntries(
    preview(unnumbered, images).map(({ image, action, rule: acting, claimedBy }) => [image.digest, { action, rule: acting, claimedBy }]));

  expect(decisions).toEqual(evaluateNaively(policyText(unnumbered), images, AT));
}, rules, registry);

law('decides the same again, whatever the order of the images', (unnumbered, images, shuffling) => {
  const keyOf = (image: RegistryImage) => shuffling[images.indexOf(image) % shuffling.length];
  const shuffled = [...images].sort((a, b) => keyOf(a) - keyOf(b));
  const texts = (order: RegistryImage[]) => Object.fromEntries(
    preview(unnumbered, order).map(({ image, action, rule: acting, claimedBy, reason, assumptions }) =>
      [image.digest, [action, acting, claimedBy, reason, assumptions]]));

  expect(texts(shuffled)).toEqual(texts(images));
  expect(texts(images)).toEqual(texts(images));
}, rules, registry, fc.array(fc.integer(), { minLength: 1, maxLength: 24 }));

law('lets at most one rule act on an image: the first one that selects it', (unnumbered, images) => {
  for (const { action, rule: acting, claimedBy, image } of preview(unnumbered, images)) {
    if (acting !== undefined) {
      expect(action).not.toBe(LifecycleAction.KEEP);
      expect(acting).toBe(claimedBy);
    } else if (action !== LifecycleAction.KEEP) {
      expect(images.map(other => other.digest)).toContain(image.subject);
    }
  }
}, rules, registry);

law('saves no image by one more rule of lower priority', (unnumbered, images, added) => {
  const more = compatible([...unnumbered, added]);
  fc.pre(more.length > unnumbered.length && more.at(-1) === added);
  const before = strengths(unnumbered, images);

  strengths(more, images).forEach((strength, index) => expect(strength).toBeGreaterThanOrEqual(before[index]));
}, rules, registry, rule);

law('lets nothing go that an index in standard storage refers to, unless the index goes', (unnumbered, images) => {
  const actions = new Map(preview(unnumbered, images).map(({ image, action }) => [image.digest, action]));
  for (const index of images) {
    if (actions.get(index.digest) === LifecycleAction.KEEP && index.storageClass !== ImageStorageClass.ARCHIVE) {
      expect(index.references?.filter(digest => actions.has(digest) && actions.get(digest) !== LifecycleAction.KEEP) ?? []).toEqual([]);
    }
  }
}, rules, registry);

law('removes no more when a number of images or days is raised', (unnumbered, images, which, by) => {
  const chosen = which % unnumbered.length;
  const raised = unnumbered.map((entry, index) => index === chosen
    ? { ...entry, selection: { ...entry.selection, countNumber: entry.selection.countNumber + by } }
    : entry);
  const before = strengths(unnumbered, images);

  strengths(raised, images).forEach((strength, index) => expect(strength).toBeLessThanOrEqual(before[index]));
}, rules, registry, fc.nat(7), fc.integer({ min: 1, max: 10 }));

law('decides the same by the text that a policy renders', (unnumbered, images) => {
  const policy = LifecyclePolicy.fromJson(policyText(unnumbered));
  const again = LifecyclePolicy.fromJson(policy.toJson());

  expect(again.toJson()).toBe(policy.toJson());
  expect(again.preview({ images, at: AT }).toTable()).toBe(policy.preview({ images, at: AT }).toTable());
}, rules, registry);

law('explains every decision', (unnumbered, images) => {
  const done = { [LifecycleAction.KEEP]: 'kept', [LifecycleAction.ARCHIVE]: 'archived', [LifecycleAction.EXPIRE]: 'expired' };
  for (const { action, reason, rule: acting } of preview(unnumbered, images)) {
    expect(reason).toMatch(new RegExp(`^${done[action]}: [^\n]+$`));
    expect(reason).not.toMatch(/undefined|NaN|null|\[object/);
    expect(acting === undefined || reason.startsWith(`${done[action]}: rule ${acting} `)).toBe(true);
  }
}, rules, registry);

law('finds rules unreachable that then never act', (unnumbered, images) => {
  const unreachable = LifecyclePolicy.fromJson(policyText(unnumbered)).findings()
    .filter(({ id }) => id === 'unreachableRule').map(({ message }) => Number(/^rule (\d+) /.exec(message)![1]));

  expect(preview(unnumbered, images).filter(({ claimedBy }) => unreachable.includes(claimedBy!))).toEqual([]);
}, rules, registry);

law('finds losses that a preview confirms, and rewrites policies so that it keeps the image', unnumbered => {
  const policy = LifecyclePolicy.fromJson(policyText(unnumbered));
  for (const { loss, rewrittenPolicy, message } of [...policy.findings(), ...policy.findings({ mutableTags: ['latest', 'sha256-*'] })]) {
    const lost = loss && policy.preview(loss).decisionFor(loss.digest).action;
    const kept = loss && rewrittenPolicy && LifecyclePolicy.fromJson(rewrittenPolicy).preview(loss).decisionFor(loss.digest).action;

    expect(lost).not.toBe(LifecycleAction.KEEP);
    expect(message).not.toMatch(/undefined|NaN|null|\[object/);
    expect(kept === undefined || STRENGTH.indexOf(kept as LifecycleAction) < STRENGTH.indexOf(lost!)).toBe(true);
    expect(() => LifecyclePolicy.fromJson(rewrittenPolicy ?? policy.toJson())).not.toThrow();
  }
}, rules);

const HARMLESS = ['protectionBelow', 'countIncludesProtected', 'countIncludesSignatures', 'archivedIndexLosesPlatforms'];

law('rewrites policies so that they keep what the policy keeps', (unnumbered, images) => {
  const before = strengths(unnumbered, images);
  for (const { id, rewrittenPolicy } of LifecyclePolicy.fromJson(policyText(unnumbered)).findings({ mutableTags: ['sha256-*'] })) {
    if (HARMLESS.includes(id) && rewrittenPolicy) {
      const after = LifecyclePolicy.fromJson(rewrittenPolicy).preview({ images, at: AT }).decisions.map(({ action }) => STRENGTH.indexOf(action));
      after.forEach((strength, index) => expect(strength).toBeLessThanOrEqual(before[index]));
    }
  }
}, rules, registry);
