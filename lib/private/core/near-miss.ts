/**
 * The known name that is nearest to a misspelled name, if few letters differ.
 *
 * @param name the name; its case is ignored
 * @param known the names that exist
 */
export function nearMiss(name: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(name.length / 8));
  const lower = name.toLowerCase();
  const near = known
    .filter(({ length }) => Math.abs(length - name.length) <= most)
    .map(candidate => ({ candidate, away: distance(lower, candidate.toLowerCase()), continues: candidate.toLowerCase().startsWith(lower) }))
    .filter(({ away }) => away <= most)
    .sort((a, b) => a.away - b.away || Number(b.continues) - Number(a.continues));
  return near.at(0)?.candidate;
}

/**
 * The number of letters to insert, delete, replace or exchange with their neighbour.
 */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced, swapped));
    }
  }
  return rows[a.length][b.length];
}
