import { ImageStorageClass, LifecycleAction, type RegistryImage } from '../../lib';
import { evaluateNaively } from './naive-evaluator';

/**
 * A repository that takes pushes for days, as the documentation of a forecast describes it: every image is kept in one list, and the
 * naive evaluator looks at all of them at the end of every day.
 */
export interface NaivePushes {
  readonly tags: string[];
  readonly perDay: number;
  readonly untaggedShare: number;
  readonly manifestsPerPush: number;
  readonly referrersPerPush: number;
  readonly signatureTagsPerPush: number;
}

export interface NaiveDay {
  readonly pushed: number;
  readonly expired: number;
  readonly archived: number;
  readonly images: number;
  readonly untaggedImages: number;
  readonly archivedImages: number;
}

export interface NaiveTag {
  readonly images: number;
  readonly archivedImages: number;
  readonly rollbackDays: number;
}

interface NaiveImage extends RegistryImage {
  tags: string[];
  names: Record<string, string>;
  storageClass: ImageStorageClass;
  archivedAt?: Date;
}

const DAY = 24 * 60 * 60 * 1000;

export function simulateNaively(policyText: string, sources: NaivePushes[], days: number): { days: NaiveDay[]; tags: Record<string, NaiveTag> } {
  const ordered = [...sources].sort((a, b) => JSON.stringify([...a.tags].sort()) < JSON.stringify([...b.tags].sort()) ? -1 : 1);
  const pushes = ordered.flatMap((source, position) => momentsOf(source.perDay, days).map((time, count) => ({ source, position, time, count })))
    .sort((a, b) => a.time - b.time || a.position - b.position);
  const numbers: Record<string, number> = {};
  const history: Record<string, Array<{ digest: string; pushedAt: Date }>> = {};
  const result: NaiveDay[] = [];
  let images: NaiveImage[] = [];
  let order = 0;

  for (let day = 0; day < days; day++) {
    let pushed = 0;
    for (const { source, time, count } of pushes.filter(push => push.time >= day * DAY && push.time < (day + 1) * DAY)) {
      const whole = (value: number) => Math.floor((count + 1) * value + 1e-9) - Math.floor(count * value + 1e-9);
      const add = (names: string[], links: Partial<RegistryImage>) => {
        const texts = Object.fromEntries(names.map(name => {
          numbers[name] = (numbers[name] ?? 0) + 1;
          return [name, name.split('*').join(String(numbers[name]))];
        }));
        for (const image of images) {
          image.tags = image.tags.filter(tag => !Object.values(texts).includes(tag));
        }
        // Of images pushed at the same moment, the digest that sorts first counts as newer: the last push gets it.
        const digest = `sha256:${String(1_000_000 - ++order).padStart(7, '0')}`;
        const storageClass = ImageStorageClass.STANDARD;
        images.push({ digest, pushedAt: new Date(time), tags: Object.values(texts), names: texts, storageClass, ...links });
        names.forEach(name => (history[name] ??= []).push({ digest, pushedAt: new Date(time) }));
        pushed++;
        return digest;
      };
      const members = Array.from({ length: whole(source.manifestsPerPush) - 1 }, () => add([], {}));
      const root = add(whole(source.untaggedShare) > 0 ? [] : [...source.tags].sort(), { references: members.length > 0 ? members : undefined });
      Array.from({ length: whole(source.referrersPerPush) }, () => add([], { subject: root }));
      Array.from({ length: whole(source.signatureTagsPerPush) }, () => add(['sha256-*'], {}));
    }

    const at = new Date((day + 1) * DAY);
    const decisions = evaluateNaively(policyText, images, at);
    const going = (action: LifecycleAction) => images.filter(({ digest }) => decisions[digest].action === action);
    const expired = going(LifecycleAction.EXPIRE);
    const archived = going(LifecycleAction.ARCHIVE);
    archived.forEach(image => Object.assign(image, { storageClass: ImageStorageClass.ARCHIVE, archivedAt: at }));
    images = images.filter(image => !expired.includes(image));
    const standard = images.filter(isStandard);
    result.push({
      pushed,
      expired: expired.length,
      archived: archived.length,
      images: standard.length,
      untaggedImages: standard.filter(({ tags }) => tags.length === 0).length,
      archivedImages: images.length - standard.length,
    });
  }

  const names = [...new Set(sources.flatMap(({ tags, signatureTagsPerPush }) => [...tags, ...signatureTagsPerPush > 0 ? ['sha256-*'] : []]))];
  return {
    days: result,
    tags: Object.fromEntries(names.map(name => {
      const tagged = images.filter(image => image.tags.includes(image.names[name]));
      const standard = tagged.filter(isStandard);
      // Images pushed with the tag, from the newest to the first one that was removed.
      const gapless: Date[] = [];
      for (const { digest, pushedAt } of [...history[name] ?? []].reverse()) {
        if (!standard.some(image => image.digest === digest)) {
          break;
        }
        gapless.unshift(pushedAt);
      }
      return [name, {
        images: standard.length,
        archivedImages: tagged.length - standard.length,
        rollbackDays: gapless.length > 1 ? (days * DAY - gapless[0].getTime()) / DAY : 0,
      }];
    })),
  };
}

function momentsOf(perDay: number, days: number): number[] {
  const moments: number[] = [];
  for (let count = 0; perDay > 0 && Math.round(count / perDay * DAY) < days * DAY; count++) {
    moments.push(Math.round(count / perDay * DAY));
  }
  return moments;
}

function isStandard(image: NaiveImage): boolean {
  return image.storageClass === ImageStorageClass.STANDARD;
}
