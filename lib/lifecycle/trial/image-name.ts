import type { RegistryImage } from './registry-image';

const LONGEST_TAG = 40;

/**
 * The first tag of an image or else its digest, both shortened.
 */
export function imageName({ tags, digest }: RegistryImage): string {
  const [tag] = tags ?? [];
  return tag === undefined ? `${digest.slice(0, 19)}${digest.length > 20 ? '…' : digest.slice(19)}` : shortTag(tag);
}

/**
 * A tag as a table shows it: without its middle if it is long, because long tags differ at their ends.
 */
export function shortTag(tag: string): string {
  return tag.length > LONGEST_TAG ? `${tag.slice(0, 24)}…${tag.slice(-15)}` : tag;
}
