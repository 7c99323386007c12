/* eslint-disable no-bitwise -- a hash is arithmetic on 32 bits */
/** The share of slots in use at which the table grows. */
const FULL = 0.75;

/** `sha256:` and 64 digits. */
const DIGEST_LENGTH = 71;
const DIGEST_PREFIX = 7;

/**
 * Texts that must be different, with a number for each, such as the position of an image. Keeps hashes and numbers only, because a
 * `Set` of three million texts takes more memory and time than all else that is done with them.
 */
export class UniqueTexts {
  /** A hash and the number of its owner, plus one, for each slot: side by side, so that a look-up reads memory once. */
  private slots = new Int32Array(2 * 1024);
  private size = 0;

  /**
   * Adds a text, and returns the number of the same text that was added before, or -1.
   *
   * @param owner a number of 0 or more
   * @param has whether the text of an owner is this one, for texts with the same hash
   */
  public add(text: string, owner: number, has: (owner: number, text: string) => boolean): number {
    if (this.size >= this.slots.length / 2 * FULL) {
      this.grow();
    }
    const { slots } = this;
    const hash = hashOf(text);
    const mask = slots.length - 1;
    let slot = (2 * hash) & mask;
    while (slots[slot + 1] !== 0) {
      if (slots[slot] === hash && has(slots[slot + 1] - 1, text)) {
        return slots[slot + 1] - 1;
      }
      slot = (slot + 2) & mask;
    }
    slots[slot] = hash;
    slots[slot + 1] = owner + 1;
    this.size++;
    return -1;
  }

  private grow(): void {
    const old = this.slots;
    const slots = new Int32Array(2 * old.length);
    const mask = slots.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] !== 0) {
        let slot = (2 * old[from]) & mask;
        while (slots[slot + 1] !== 0) {
          slot = (slot + 2) & mask;
        }
        slots[slot] = old[from];
        slots[slot + 1] = old[from + 1];
      }
    }
    this.slots = slots;
  }
}

/**
 * FNV-1a over UTF-16, with its high bits mixed into the low ones that choose a slot. Of a digest, the ends are enough.
 */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  const isDigest = text.length === DIGEST_LENGTH;
  for (let index = isDigest ? DIGEST_PREFIX : 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    if (isDigest && index === DIGEST_PREFIX + 7) {
      index = DIGEST_LENGTH - 9;
    }
  }
  return hash ^ (hash >>> 15);
}
