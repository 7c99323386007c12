/* eslint-disable no-bitwise -- hashes and sets of characters are arithmetic on 32 bits */
/** `sha256:` and 64 digits. */
const DIGEST_LENGTH = 71;
const DIGEST_PREFIX = 7;
/** The digits at each end of a digest that are enough to tell digests apart. */
const DIGEST_DIGITS = 8;

/** The bit of characters that have none of their own. */
const OTHER_BIT = 31;
/** The bit of each ASCII character: a letter has one, in either case, and all others share the rest. */
const BITS = Uint8Array.from({ length: 128 }, (_, code) => bitOf(String.fromCharCode(code)));

/**
 * Reads a text once, for two purposes: a hash, and the set of its characters.
 *
 * The results are fields that the next text overwrites, because there may be millions of texts.
 */
export class TextScan {
  /** A hash of 32 bits: FNV-1a over UTF-16. */
  public hash = 0;
  /** Another hash of 32 bits, independent of the first one. */
  public secondHash = 0;
  /** A bit for each character of the text; some characters share a bit. */
  public characters = 0;

  public read(text: string): void {
    let hash = 0x811c9dc5;
    let secondHash = 0x1b873593;
    let characters = 0;
    const isDigest = text.length === DIGEST_LENGTH;
    for (let index = isDigest ? DIGEST_PREFIX : 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      hash = Math.imul(hash ^ code, 0x01000193);
      secondHash = Math.imul(secondHash ^ code, 0x85ebca6b);
      characters |= 1 << (code < BITS.length ? BITS[code] : OTHER_BIT);
      if (isDigest && index === DIGEST_PREFIX + DIGEST_DIGITS - 1) {
        index = DIGEST_LENGTH - DIGEST_DIGITS - 1;
      }
    }
    this.hash = hash ^ (hash >>> 15);
    this.secondHash = secondHash ^ (secondHash >>> 15);
    this.characters = characters;
  }
}

/**
 * The bits of the characters of a text. A text that contains another one has all bits of it.
 */
export function charactersOf(text: string): number {
  return [...text].reduce((characters, character) => characters | (1 << (BITS[character.charCodeAt(0)] ?? OTHER_BIT)), 0);
}

function bitOf(character: string): number {
  if (/[a-z]/i.test(character)) {
    return character.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0);
  }
  if (/[0-9]/.test(character)) {
    return 26 + Number(character) % 2;
  }
  return character === '-' ? 28 : character === '.' ? 29 : OTHER_BIT;
}
