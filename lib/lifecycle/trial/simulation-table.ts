import type { CompiledRule } from './compiled-rule';
import { evaluate, evaluationArrays, NONE } from './evaluation';
import { RuleMatches } from './rule-matches';
import type { SimulatedImage } from './simulated-image';

/** Indexes are looked at later, of the images on which rules act only. */
const NO_INDEXES: ReadonlyMap<number, unknown> = new Map();

/**
 * The images of a simulated repository in columns, which are used again each day, because memory for them takes more time than all else.
 */
export class SimulationTable {
  private columns: ReturnType<typeof columnsOf>;
  private readonly matches: RuleMatches;

  constructor(private readonly rules: readonly CompiledRule[]) {
    this.columns = columnsOf(64);
    this.matches = new RuleMatches(rules, 64);
  }

  /**
   * The images that rules act on, when no index keeps them.
   *
   * @param images from the oldest push to the newest
   */
  public evaluate(images: readonly SimulatedImage[], at: number): Map<SimulatedImage, CompiledRule> {
    const size = images.length;
    if (size > this.columns.pushed.length) {
      this.columns = columnsOf(2 * size);
    }
    const { newestFirst, pushed, archived, arrays } = this.columns;
    const { matches } = this;
    matches.clear(size);
    for (let index = 0; index < size; index++) {
      newestFirst[index] = size - 1 - index;
      pushed[index] = images[index].pushed;
      archived[index] = images[index].archivedAt;
      matches.addRules(images[index].rules);
    }
    const table = { size, newestFirst, pushed, pulled: pushed, archived, matches, linked: false };
    const { actedOnBy } = evaluate(this.rules, table, at, NO_INDEXES, arrays);

    const acting = new Map<SimulatedImage, CompiledRule>();
    for (let index = 0; index < size; index++) {
      if (actedOnBy[index] !== NONE) {
        acting.set(images[index], this.rules[actedOnBy[index]]);
      }
    }
    return acting;
  }
}

function columnsOf(size: number) {
  return { newestFirst: new Uint32Array(size), pushed: new Float64Array(size), archived: new Float64Array(size), arrays: evaluationArrays(size) };
}
