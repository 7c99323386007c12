/** The characters of a terminal that a text takes; combining marks take none, CJK and emoji two. */
export function widthOf(text: string): number {
  // Nearly all texts are ASCII, and segmenting them takes 100 times as long.
  if (/^[\x20-\x7e]*$/.test(text)) {
    return text.length;
  }
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) {
    width += /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Extended_Pictographic}/u.test(segment) ? 2 : 1;
  }
  return width;
}

const SEGMENTER = new Intl.Segmenter();

/**
 * Rows in aligned columns, two spaces apart. Columns named in `right` are aligned to the right.
 */
export function textTable(rows: ReadonlyArray<readonly string[]>, right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  }
  return rows.map(row => row.map((cell, column) => {
    const padding = ' '.repeat(Math.max(0, widths[column] - widthOf(cell)));
    return right.includes(column) ? padding + cell : cell + padding;
  }).join('  ').trimEnd()).join('\n');
}

/**
 * A count with its noun: `1 repository`, `2 repositories`.
 */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : plural}`;
}
