import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../core/text-table';
import { isOpen } from '../findings/finding';
import { GIGABYTE, gigabytes, type RegistryAudit, type RepositoryAudit } from './audit';
import { barChart, columnChart } from './html-charts';
import { escape } from './html-text';
import { AGE_GROUPS, type Volume } from './images';
import { accessRow, type Audit, cost, findingGroups, totalRows } from './report';

/** How many resources of a rule the page lists; the JSON format has all. */
const LISTED = 50;

/**
 * The audit as one HTML page: readable without scripts, without a network, in light and dark.
 */
export function renderHtml(audit: Audit): string {
  const groups = findingGroups(audit.findings);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Amazon ECR audit, ${day(audit.at)}</title>
<style>${asset('page.css')}</style>
</head>
<body>
<header><h1>Amazon ECR audit</h1><p>${day(audit.at)}. Costs are storage only, at ${escape(String(audit.price))} for a GB and month, and an upper bound: images share layers.</p></header>
<main>
${cards(audit)}
${section('Findings', groups.length === 0 ? '<p>No findings.</p>' : table(
  ['severity', 'rule', 'resources', 'example', 'fix'],
  groups.map(({ rule, severity, fix, findings }) => [
    `<span class="severity ${severity}">${severity}</span>`, escape(rule), resources(findings.map(({ resource }) => resource)), escape(findings[0].message), escape(fix),
  ]),
))}
${audit.registries.map(registry => registrySection(registry, audit.price)).join('\n')}
${audit.changes === undefined ? '' : section('Changes since the older dump', audit.changes.length === 0 ? '<p>None.</p>' : table(
  ['registry', 'subject', 'change'], audit.changes.map(({ registry, subject, change }) => [registry, subject, change].map(escape)),
))}
</main>
<script>${asset('page.js')}</script>
</body>
</html>
`;
}

function cards({ registries, price, findings }: Audit): string {
  const sum = (of: (registry: RegistryAudit) => number): number => registries.reduce((total, registry) => total + of(registry), 0);
  const bytes = sum(({ totals }) => totals.bytes);
  const open = (severity: string): number => findings.filter(finding => finding.severity === severity && isOpen(finding)).length;
  const card = (value: string, label: string): string => `<div class="card"><strong>${escape(value)}</strong><span>${escape(label)}</span></div>`;
  return `<section class="cards" aria-label="Totals">
${card(sum(({ totals }) => totals.repositories).toLocaleString('en-US'), 'repositories')}
${card(sum(({ totals }) => totals.images).toLocaleString('en-US'), 'images')}
${card(gigabytes({ images: 0, bytes }), 'storage')}
${card(cost({ images: 0, bytes }, price), 'cost of a month')}
${card(open('error').toLocaleString('en-US'), 'errors')}
${card(open('warning').toLocaleString('en-US'), 'warnings')}
</section>`;
}

function registrySection({ account, region, totals, repositories, access, unseen }: RegistryAudit, price: number): string {
  const largest = [...repositories].filter(({ images }) => images).sort((a, b) => b.images!.bytes - a.images!.bytes).slice(0, 15);
  const title = `${account} ${region}`;
  return `<section><h2>Registry ${escape(title)}</h2>
${table(['', ''], totalRows(totals, price).map(row => row.map(escape)), 'facts')}
<div class="charts">
${largest.length === 0 ? '' : barChart('Cost of a month by repository', largest.map(({ name, images }) => ({ name, value: images!.bytes / GIGABYTE * price, label: cost(images!, price) })))}
${totals.images === 0 ? '' : columnChart('Images by age', AGE_GROUPS.map((days, index) => ({
  name: days === Infinity ? 'older' : `< ${days} d`, value: totals.ages[index], label: totals.ages[index].toLocaleString('en-US'),
})))}
</div>
<h3>Repositories</h3>
${repositories.length === 0 ? '<p>None.</p>' : repositoryTable(repositories, price)}
${access.length === 0 ? '' : `<h3>Principals outside of the account</h3>
<p>Who may do what by repository policies and the registry policy. Deny statements are not evaluated.</p>
${table(['kind', 'principal', 'may', 'policies', 'of'], access.map(entry => accessRow(entry).map(escape)))}`}
${unseen.length === 0 ? '' : `<h3>Not seen</h3>
<p>The dump does not have these calls. Nothing is reported about what they return.</p>
${table(['call', 'times', 'reason'], unseen.map(({ call, count, reason }) => [call, `${count}`, reason].map(escape)))}`}
</section>`;
}

function repositoryTable(repositories: readonly RepositoryAudit[], price: number): string {
  const removal = (volume: Volume | undefined): string => volume === undefined ? number(undefined) : `<td class="number" data-value="${volume.images}">${volume.images.toLocaleString('en-US')}</td>`;
  const number = (value: number | undefined, text?: string): string => (
    `<td class="number" data-value="${value ?? -1}">${value === undefined ? 'not known' : text ?? value.toLocaleString('en-US')}</td>`
  );
  const date = (value: Date | undefined): string => `<td data-value="${value?.getTime() ?? 0}">${value ? day(value) : 'never'}</td>`;
  const rows = repositories.map(({ name, images, mutability, encryption, lifecycle }) => `<tr><th scope="row">${escape(name)}</th>${number(images?.images)}${
    number(images?.bytes, images && (images.bytes / GIGABYTE).toFixed(1))}${number(images?.bytes, images && cost(images, price))}${
    images ? date(images.newestPush) + date(images.lastPull) : '<td>not known</td><td>not known</td>'}${
    removal(images?.today)}${removal(images?.standard)}${removal(images?.production)}${removal(images?.neverRemoved)}${number(images?.unscanned)}<td>${escape(mutability)}</td><td>${
    escape(encryption)}</td><td>${lifecycle === 'read' ? 'yes' : lifecycle === 'none' ? 'none' : 'not known'}</td></tr>`);
  const heads = ['repository', 'images', 'GB', 'cost', 'newest push', 'last pull', 'removed today', 'by standard()', 'by production()', 'never removed', 'unscanned', 'tags', 'encryption', 'lifecycle'];
  return `<div class="scroll"><table class="sortable repositories"><thead><tr>${heads.map(head => `<th scope="col">${escape(head)}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function section(title: string, content: string): string {
  return `<section><h2>${escape(title)}</h2>\n${content}\n</section>`;
}

/** A table of cells that are HTML already. */
function table(heads: readonly string[], rows: ReadonlyArray<readonly string[]>, kind = 'sortable'): string {
  const head = heads.every(text => text === '') ? '' : `<thead><tr>${heads.map(text => `<th scope="col">${escape(text)}</th>`).join('')}</tr></thead>`;
  return `<div class="scroll"><table class="${kind}">${head}<tbody>${rows.map(row => `<tr>${row.map((cell, index) => index === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`).join('')}</tr>`).join('\n')}</tbody></table></div>`;
}

function resources(all: readonly string[]): string {
  const names = [...new Set(all)];
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return `<details data-value="${names.length}"><summary>${counted(names.length, 'resource')}</summary>${names.slice(0, LISTED).map(escape).join(', ')}${more}</details>`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function asset(name: string): string {
  return readFileSync(join(__dirname, '../../assets', name), 'utf8');
}
