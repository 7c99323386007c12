import { escape } from './html-text';

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly label: string;
}

/**
 * Horizontal bars with their names, as SVG in the colors of the page.
 */
export function barChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const row = 24;
  const rows = bars.map(({ name, value, label }, index) => {
    const y = index * row;
    const width = Math.max(1, value / most * 300);
    return `<g><title>${escape(name)}: ${escape(label)}</title><text x="192" y="${y + 16}" text-anchor="end">${escape(shortened(name))}</text>`
      + `<rect x="200" y="${y + 4}" width="${width.toFixed(1)}" height="16" rx="2"/><text x="${(206 + width).toFixed(1)}" y="${y + 16}">${escape(label)}</text></g>`;
  });
  return figure(title, 580, bars.length * row, rows);
}

/**
 * Columns with their names below, as SVG in the colors of the page.
 */
export function columnChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const step = 90;
  const columns = bars.map(({ name, value, label }, index) => {
    const height = value / most * 180;
    const x = index * step + 10;
    return `<g><title>${escape(name)}: ${escape(label)}</title><rect x="${x}" y="${(200 - height).toFixed(1)}" width="70" height="${height.toFixed(1)}" rx="2"/>`
      + `<text x="${x + 35}" y="${(194 - height).toFixed(1)}" text-anchor="middle">${escape(label)}</text><text x="${x + 35}" y="218" text-anchor="middle">${escape(name)}</text></g>`;
  });
  return figure(title, bars.length * step, 226, columns);
}

function figure(title: string, width: number, height: number, content: readonly string[]): string {
  return `<figure><figcaption>${escape(title)}</figcaption><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">${
    content.join('')}</svg></figure>`;
}

function shortened(name: string): string {
  return name.length > 28 ? `…${name.slice(-27)}` : name;
}
