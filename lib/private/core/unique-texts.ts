/* eslint-disable no-bitwise -- a hash is arithmetic on 32 bits */
/** The share of slots in use at which the table grows. */
const FULL = 0.75;

/**
 * Texts that must be different, with a number for each, such as the position of an image. Keeps hashes and numbers only, because a
 * `Set` of three million texts takes more memory and time than all else that is done with them.
 */
export class UniqueTexts {
  private hashes = new Int32Array(1024);
  private owners = new Int32Array(1024);
  private size = 0;

  /**
   * Adds a text, and returns the number of the same text that was added before, or -1.
   *
   * @param owner a number of 0 or more
   * @param has whether the text of an owner is this one, for texts with the same hash
   */
  public add(text: string, owner: number, has: (owner: number, text: string) => boolean): number {
    if (this.size >= this.hashes.length * FULL) {
      this.grow();
    }
    const hash = hashOf(text);
    const mask = this.hashes.length - 1;
    let slot = hash & mask;
    while (this.owners[slot] !== 0) {
      if (this.hashes[slot] === hash && has(this.owners[slot] - 1, text)) {
        return this.owners[slot] - 1;
      }
      slot = (slot + 1) & mask;
    }
    this.hashes[slot] = hash;
    this.owners[slot] = owner + 1;
    this.size++;
    return -1;
  }

  private grow(): void {
    const { hashes, owners } = this;
    const mask = 2 * hashes.length - 1;
    this.hashes = new Int32Array(mask + 1);
    this.owners = new Int32Array(mask + 1);
    for (let old = 0; old < owners.length; old++) {
      if (owners[old] !== 0) {
        let slot = hashes[old] & mask;
        while (this.owners[slot] !== 0) {
          slot = (slot + 1) & mask;
        }
        this.hashes[slot] = hashes[old];
        this.owners[slot] = owners[old];
      }
    }
  }
}

/** FNV-1a over UTF-16, with its high bits mixed into the low ones that choose a slot. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
