/**
 * Rows of cells as aligned text; the first row is the header, the last column is not padded.
 */
export function textTable(rows: readonly string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  return rows.map(row => row.map((cell, column) => column === row.length - 1 ? cell : cell.padEnd(widths[column])).join('  ')).join('\n');
}

/**
 * A number of bytes as people read it; a GB has 2^30 bytes, as on the AWS bill.
 */
export function readableBytes(bytes: number): string {
  for (const [unit, size] of [['GB', 2 ** 30], ['MB', 2 ** 20], ['kB', 2 ** 10]] as const) {
    if (bytes >= size) {
      return `${(bytes / size).toFixed(1)} ${unit}`;
    }
  }
  return `${bytes} B`;
}
