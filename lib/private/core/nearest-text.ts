import { distance } from './near-miss';

/** A part of a text: one of several texts, or any text of a form. */
export type TextPart = readonly string[] | FreePart;

/** A part that may be any text of a form. */
export interface FreePart {
  /** The text that stands for it where nothing does. */
  readonly name: string;
  /** Whether a text has the form. */
  isText(text: string): boolean;
  /** A text of the form that is like another one; empty if there is none. */
  near(text: string): string;
}

interface Candidate {
  readonly text: string;
  readonly away: number;
}

/** The length up to which parts may begin and end anywhere; in a longer text they do at signs only, and its letters are not compared. */
const SHORT = 64;

/** How many signs count at either end of a text: the time grows with the square of them. */
const SIGNS = 16;

/** A part that is missing differs less than one that takes a letter of another part. */
const MISSING = 0.5;

/**
 * The text made of parts that differs from another one in the fewest letters.
 *
 * @param text the text
 * @param parts the parts, in order
 */
export function nearestText(text: string, parts: readonly TextPart[]): string {
  const all = Array.from({ length: text.length + 1 }, (_, at) => at);
  const signs = all.filter(at => at === 0 || at === text.length || /\W|_/.test(text.slice(at - 1, at + 1)));
  const positions = text.length <= SHORT ? all : signs.filter((_, index) => index <= SIGNS || index >= signs.length - 1 - SIGNS);
  let best = new Map<number, Candidate>([[0, { text: '', away: 0 }]]);
  for (const part of parts) {
    const next = new Map<number, Candidate>();
    for (const [from, before] of best) {
      for (const to of positions.filter(at => at >= from)) {
        const nearest = nearestTo(part, text.slice(from, to));
        const known = next.get(to);
        if (known === undefined || before.away + nearest.away < known.away) {
          next.set(to, { text: before.text + nearest.text, away: before.away + nearest.away });
        }
      }
    }
    best = next;
  }
  return best.get(text.length)!.text;
}

function nearestTo(part: TextPart, text: string): Candidate {
  if ('name' in part) {
    const near = part.isText(text) ? text : part.near(text);
    return near === '' ? { text: part.name, away: MISSING + text.length } : { text: near, away: near === text ? 0 : lettersApart(text, near) };
  }
  return part.map(value => ({ text: value, away: awayFrom(value, text) })).reduce((a, b) => b.away < a.away ? b : a);
}

/** The letters that differ; in a long text, at least as many as one of the two has more. */
function lettersApart(text: string, near: string): number {
  return text.length > SHORT ? Math.abs(text.length - near.length) + 1 : distance(text, near);
}

/** The letters that differ; counted as all of them where the lengths do not match anyway. */
function awayFrom(value: string, text: string): number {
  return text.length > 2 * value.length + 4 ? text.length + value.length : distance(value, text);
}
