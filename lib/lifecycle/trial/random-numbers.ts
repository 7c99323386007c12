const MODULUS = 2_147_483_647;
const MULTIPLIER = 48_271;

/**
 * Random numbers that are the same for the same seed on every machine: the minimal standard generator of Park and Miller.
 */
export class RandomNumbers {
  private state: number;

  /**
   * @param seed whole numbers; each list gives other numbers
   */
  constructor(...seed: number[]) {
    this.state = 1;
    for (const part of seed) {
      this.state = (this.state * 16_807 + part) % (MODULUS - 1) + 1;
      this.next();
    }
    this.next();
  }

  /** A number from 0 up to, but not including, 1. */
  public next(): number {
    this.state = this.state * MULTIPLIER % MODULUS;
    return (this.state - 1) / (MODULUS - 1);
  }

  /** A time until the next of several independent events. */
  public exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** How often something happens until it ends: 1 or more. */
  public geometric(mean: number): number {
    return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - this.next()) / Math.log(1 - 1 / mean));
  }
}
