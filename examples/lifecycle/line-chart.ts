/**
 * A curve of a chart: one value a day, from day 1.
 */
export interface Curve {
  readonly name: string;
  readonly values: number[];
}

/** Distinct also for people who see few colors. https://jfly.uni-koeln.de/color/ */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';
const AREA = { left: 64, top: 48, width: 560, height: 240 };
const WIDTH = 840;
const HEIGHT = 336;

/**
 * Curves over days as an SVG image of its own, readable on light and dark pages.
 *
 * @param title what the curves show
 * @param unit the unit of the values
 */
export function lineChart(title: string, unit: string, curves: readonly Curve[]): string {
  const days = Math.max(...curves.map(curve => curve.values.length));
  const step = niceStep(Math.max(...curves.flatMap(curve => curve.values)) / 4);
  const steps = Math.max(1, Math.ceil(Math.max(...curves.flatMap(curve => curve.values)) / step));
  const x = (day: number) => round(AREA.left + AREA.width * (days === 1 ? 1 : (day - 1) / (days - 1)));
  const y = (value: number) => round(AREA.top + AREA.height * (1 - value / (steps * step)));

  const grid = Array.from({ length: steps + 1 }, (_, index) => {
    const value = index * step;
    return `<line x1="${AREA.left}" y1="${y(value)}" x2="${AREA.left + AREA.width}" y2="${y(value)}" stroke="#d0d7de"/>`
      + text(AREA.left - 8, y(value) + 4, number(value), 'end');
  });
  const dayStep = niceStep(days / 6);
  const marks = Array.from({ length: Math.floor(days / dayStep) }, (_, index) => (index + 1) * dayStep)
    .map(day => text(x(day), AREA.top + AREA.height + 18, number(day), 'middle'));
  const lines = curves.map(({ values }, index) =>
    `<polyline fill="none" stroke="${COLORS[index % COLORS.length]}" stroke-width="2" points="${values.map((value, day) => `${x(day + 1)},${y(value)}`).join(' ')}"/>`);
  const legend = curves.map(({ name, values }, index) => {
    const top = AREA.top + 12 + index * 40;
    return `<rect x="${AREA.left + AREA.width + 16}" y="${top - 10}" width="12" height="12" fill="${COLORS[index % COLORS.length]}"/>`
      + text(AREA.left + AREA.width + 34, top, name, 'start')
      + text(AREA.left + AREA.width + 34, top + 16, `${number(values.at(-1)!)} ${unit} on day ${values.length}`, 'start');
  });

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" ${FONT}>`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${AREA.left}" y="26" fill="#1f2328" font-size="15" font-weight="600">${escape(title)}</text>`,
    ...grid,
    ...marks,
    text(AREA.left - 8, AREA.top - 12, unit, 'end'),
    text(AREA.left + AREA.width / 2, HEIGHT - 10, 'days', 'middle'),
    ...lines,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

/** 1, 2, 2.5 or 5 times a power of ten, at least as large as asked for. */
function niceStep(least: number): number {
  if (least <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 2.5, 5, 10].find(factor => factor * power >= least * (1 - 1e-9))!;
}

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${x}" y="${round(y)}" fill="#57606a" text-anchor="${anchor}">${escape(content)}</text>`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(value >= 1000 ? 6 : 3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** XML cannot hold control characters and unpaired surrogates at all. */
function escape(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[<>&"]/g, character => `&#${character.charCodeAt(0)};`);
}
