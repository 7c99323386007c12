// Draws a picture of boxes in a grid, groups around them and arrows between them, as one SVG that is readable in light and dark. Sizes follow
// from the texts, so that nothing is clipped; an arrow that would cross a box, and a group that would cover a box of another, is an error.
const FONT = '"Helvetica Neue", Arial, "Liberation Sans", sans-serif';
const [SMALL, BOLD, LINE] = [12, 13, 17];
const [PADDING, HEADER, MARGIN] = [12, 26, 24];
const [GAP_X, GAP_Y, BEND] = [46, 34, 22];

const STYLE = `
  svg { --paper: #ffffff; --ink: #16202c; --soft: #5b6673; --line: #8a94a0; --box: #f3f6f9; --ours: #e3effc; --ours-line: #2f6fb5; --good: #e1f4e6; --good-line: #2c8a4b; --bad: #fde8e6; --bad-line: #c0392b; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #14181d; --ink: #e8edf2; --soft: #a3adb8; --line: #75808c; --box: #20262d; --ours: #16304a; --ours-line: #6aaef0; --good: #15341f; --good-line: #58c27d; --bad: #40201d; --bad-line: #f08a7e; }
  }
  text { font: ${SMALL}px ${FONT}; fill: var(--ink); }
  .title { font-weight: bold; font-size: ${BOLD}px; }
  .label { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
  .soft { fill: var(--soft); }
  .paper { fill: var(--paper); }
  .box { fill: var(--box); stroke: var(--line); }
  .ours { fill: var(--ours); stroke: var(--ours-line); }
  .good { fill: var(--good); stroke: var(--good-line); }
  .bad { fill: var(--bad); stroke: var(--bad-line); }
  .group { fill: none; stroke: var(--line); stroke-dasharray: 5 4; }
  .arrow { fill: none; stroke: var(--soft); stroke-width: 1.5; }
  .head { fill: var(--soft); }
  .later { stroke-dasharray: 4 4; }
`;

/**
 * The SVG of `{ title, boxes: { id: { at: [column, row], title, lines, kind } }, groups: [{ title, of: [ids] }],
 * arrows: [[from, to, label, kind]] }`.
 */
export function draw({ title, boxes, groups = [], arrows = [] }) {
  const items = Object.entries(boxes).map(([id, { at: [column, row], title: head, lines = [], kind = 'box' }]) => ({ id, column, row, head, lines, kind }));
  const columns = sizes(items, 'column', ({ head, lines }) => Math.max(width(head, BOLD, true), ...lines.map(it => width(it, SMALL))) + 2 * PADDING);
  const rows = sizes(items, 'row', ({ head, lines }) => ((head ? 1 : 0) + lines.length) * LINE + 2 * PADDING - 6);
  const byId = Object.fromEntries(items.map(item => [item.id, item]));
  const outlines = groups.map(group => ({ ...group, ...extent(group.of.map(id => byId[id])), depth: depthOf(group, groups) }));

  const xs = positions(columns, index => gapBefore(index, 'column', outlines, byId, arrows));
  const ys = positions(rows, index => gapBefore(index, 'row', outlines, byId, arrows));
  for (const item of items) {
    Object.assign(item, { x: xs[item.column], y: ys[item.row], w: columns[item.column], h: rows[item.row] });
  }
  for (const outline of outlines) {
    Object.assign(outline, around(outline.of.map(id => byId[id]), outline.depth));
  }
  check(items, outlines);

  const paths = arrows.map(([from, to, label = '', kind = '']) => arrow(byId[from], byId[to], label, kind, items));
  const areas = paths.flatMap(({ area }) => area ?? []);
  const lines = paths.flatMap(({ points }) => points.slice(1).map((point, index) => ({ ...segment(points[index], point), label: 'an arrow', points })));
  const covered = areas.flatMap((area, index) => [...items, ...areas.slice(index + 1), ...lines.filter(line => line.points !== area.points)].filter(other => overlaps(area, other)).map(other => `'${area.label}' covers ${other.id ?? other.label}`));
  if (covered.length > 0) {
    throw new Error(covered.join('\n'));
  }
  const all = [...items, ...outlines];
  const left = Math.min(...all.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...all.map(({ y }) => y)) - MARGIN;
  const w = Math.max(...all.map(it => it.x + it.w), ...outlines.map(it => it.x + width(it.title, SMALL) + 20)) + MARGIN - left;
  const h = Math.max(...all.map(it => it.y + it.h)) + MARGIN - top;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${[left, top, w, h].map(Math.round).join(' ')}" width="${Math.round(w)}" height="${Math.round(h)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    `<rect class="paper" x="${Math.round(left)}" y="${Math.round(top)}" width="${Math.round(w)}" height="${Math.round(h)}" rx="10"/>`,
    ...outlines.map(it => `<rect class="group" x="${it.x}" y="${it.y}" width="${it.w}" height="${it.h}" rx="8"/>${text(it.x + 10, it.y + 18, it.title, 'soft')}`),
    ...paths.map(({ path }) => path),
    ...items.map(box),
    ...paths.map(({ caption }) => caption),
    '</svg>',
    '',
  ].filter(line => line !== undefined).join('\n');
}

/** The largest size of the items in each column or row; an empty one is as small as a gap. */
function sizes(items, axis, of) {
  const result = Array(Math.max(...items.map(item => item[axis])) + 1).fill(0);
  items.forEach(item => result[item[axis]] = Math.ceil(Math.max(result[item[axis]], of(item))));
  return result;
}

function positions(lengths, gap) {
  let at = 0;
  return lengths.map((length, index) => {
    at += index === 0 ? 0 : gap(index);
    const start = at;
    at += length;
    return start;
  });
}

/** Room for the edges of groups and for the labels of arrows between two columns or rows. */
function gapBefore(index, axis, outlines, byId, arrows) {
  const ends = outlines.filter(it => it[`${axis}Max`] === index - 1).map(it => (it.depth + 1) * PADDING);
  const starts = outlines.filter(it => it[`${axis}Min`] === index).map(it => (it.depth + 1) * (PADDING + (axis === 'row' ? HEADER : 0)));
  const labels = arrows.filter(([from, to]) => axis === 'column' && Math.max(byId[from].column, byId[to].column) === index && byId[from].column !== byId[to].column
    && Math.min(byId[from].column, byId[to].column) === index - 1).map(([, , label = '']) => width(label, SMALL) + 16 + BEND);
  const borders = Math.max(0, ...ends) + Math.max(0, ...starts);
  return Math.max(borders + (axis === 'column' ? GAP_X : GAP_Y), ...labels);
}

function extent(members) {
  return {
    columnMin: Math.min(...members.map(it => it.column)), columnMax: Math.max(...members.map(it => it.column)),
    rowMin: Math.min(...members.map(it => it.row)), rowMax: Math.max(...members.map(it => it.row)),
  };
}

/** How many groups are inside a group. */
function depthOf(group, groups) {
  const inner = groups.filter(other => other !== group && other.of.every(id => group.of.includes(id)));
  return inner.length === 0 ? 0 : 1 + Math.max(...inner.map(other => depthOf(other, groups)));
}

function around(members, depth) {
  const pad = PADDING * (depth + 1);
  const head = HEADER * (depth + 1);
  const x = Math.min(...members.map(it => it.x)) - pad;
  const y = Math.min(...members.map(it => it.y)) - pad - head + 8;
  return { x, y, w: Math.max(...members.map(it => it.x + it.w)) + pad - x, h: Math.max(...members.map(it => it.y + it.h)) + pad - y };
}

function check(items, outlines) {
  const problems = [
    ...items.flatMap((a, index) => items.slice(index + 1).filter(b => a.column === b.column && a.row === b.row).map(b => `${a.id} and ${b.id} are in one place`)),
    ...outlines.flatMap(group => items.filter(item => !group.of.includes(item.id) && overlaps(group, item)).map(item => `group '${group.title}' covers ${item.id}`)),
    ...outlines.filter(it => width(it.title, SMALL) + 20 > it.w).map(it => `the title of group '${it.title}' is longer than the group`),
  ];
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
}

const overlaps = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** A straight arrow in a row or a column, otherwise one with two corners in the gap before the target. */
function arrow(from, to, label, kind, items) {
  const points = route(from, to);
  const crossed = items.filter(item => item !== from && item !== to
    && points.slice(1).some((point, index) => overlaps(item, segment(points[index], point))));
  if (crossed.length > 0) {
    throw new Error(`the arrow from ${from.id} to ${to.id} crosses ${crossed.map(({ id }) => id).join(', ')}`);
  }
  const path = `<path class="arrow ${kind}" marker-end="url(#head)" d="M${points.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join(' L')}"/>`;
  if (label === '') {
    return { path, points };
  }
  const w = width(label, SMALL);
  const [[x1, y1], [x2, y2]] = points.slice(points.length / 2 - 1); // the only line, or the vertical one of three
  const [x, y] = points.length > 2 ? [x2 < points[3][0] ? x2 - 7 - w : x2 + 7, (y1 + y2) / 2 + 4]
    : x1 === x2 ? [x1 + 8, (y1 + y2) / 2 + 4] : [(x1 + x2 + (x1 < x2 ? -BEND : BEND)) / 2 - w / 2, y1 - 7];
  return { path, points, caption: text(x, y, label, 'label'), area: { x, y: y - SMALL, w, h: SMALL + 3, label, points } };
}

function route(from, to) {
  const middle = ({ x, y, w, h }) => [x + w / 2, y + h / 2];
  const [fx, fy] = middle(from);
  const [tx, ty] = middle(to);
  if (from.column === to.column) {
    return fy < ty ? [[fx, from.y + from.h], [fx, to.y]] : [[fx, from.y], [fx, to.y + to.h]];
  }
  const right = fx < tx;
  const start = right ? from.x + from.w : from.x;
  const end = right ? to.x : to.x + to.w;
  if (from.row === to.row) {
    return [[start, fy], [end, fy]];
  }
  const bend = right ? end - BEND : end + BEND;
  return [[start, fy], [bend, fy], [bend, ty], [end, ty]];
}

function segment([x1, y1], [x2, y2]) {
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), w: Math.max(1, Math.abs(x1 - x2)), h: Math.max(1, Math.abs(y1 - y2)) };
}

function box({ x, y, w, h, head, lines, kind }) {
  const texts = [...head ? [[head, 'title']] : [], ...lines.map(line => [line, ''])];
  const start = y + (h - texts.length * LINE) / 2 + 13;
  return `<rect class="${kind}" x="${x}" y="${y}" width="${w}" height="${h}" rx="6"/>${texts.map(([it, style], index) => text(x + PADDING, start + index * LINE, it, style)).join('')}`;
}

function text(x, y, value, style) {
  return `<text${style ? ` class="${style}"` : ''} x="${Math.round(x)}" y="${Math.round(y)}">${escaped(value)}</text>`;
}

const escaped = value => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The width of a text in a font that is a little wider than Arial. */
function width(value = '', size, bold = false) {
  const units = [...value].map(it => /[iljtfI.,;:|!'()[\]/ ]/.test(it) ? 0.32 : /[mwMW@%→…]/.test(it) ? 0.92 : /[A-Z_]/.test(it) ? 0.72 : 0.58);
  return units.reduce((sum, it) => sum + it, 0) * size * (bold ? 1.08 : 1.02);
}
