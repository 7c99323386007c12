import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, folderOf, invoke } from './harness';
import { dump, image, rule } from './registry';

/** Chromium; CI installs it. Without it, the tests fail in CI and are skipped elsewhere. */
const BROWSER = ['chromium', 'chromium-browser', 'google-chrome'].find(name => spawnSync(name, ['--version']).status === 0);
const withBrowser = BROWSER === undefined && process.env.CI !== 'true' ? test.skip : test;

const repositories = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`team-${index % 4}/service-${String(index).padStart(2, '0')}`, {
  description: { imageTagMutability: index % 3 === 0 ? 'MUTABLE' : 'IMMUTABLE' },
  images: Array.from({ length: (index * 7) % 11 + 1 }, (__, number) => image(`${index}-${number}`, number * number * 5, { imageSizeInBytes: (index + 1) * 3e8, imageTags: number % 2 === 0 ? [`release-${number}`] : undefined })),
  lifecycle: index % 2 === 0 ? rule({ tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 }) : undefined,
  policy: index === 1 ? { Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'ecr:BatchGetImage' }] } : undefined,
}]));

let page: string;

beforeAll(async () => {
  page = fileOf('report.html', '');
  await invoke('audit', dump(repositories), '--html', page);
});

function browse(...args: string[]): string {
  return execFileSync(BROWSER!, ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--user-data-dir=${folderOf()}`, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 });
}

describe('the page in a browser', () => {
  withBrowser('is complete without scripts', () => {
    const scriptless = fileOf('scriptless.html', readFileSync(page, 'utf8').replace(/<script>[^]*<\/script>/, ''));
    const dom = browse('--dump-dom', `file://${scriptless}`);

    expect(dom.match(/<tr>/g)!.length).toBeGreaterThan(30);
    expect(dom).toContain('<svg');
    expect(dom).not.toContain('class="sort"');
  });

  withBrowser('makes its tables sortable, and sorts numbers as numbers', () => {
    const click = `<script>document.querySelectorAll('table.sortable')[1].tHead.rows[0].cells[1].querySelector('button').click();</script></body>`;
    const clicked = fileOf('clicked.html', '');
    writeFileSync(clicked, readFileSync(page, 'utf8').replace('</body>', click));
    const dom = browse('--dump-dom', `file://${clicked}`);
    const table = dom.slice(dom.indexOf('<h3>Repositories'), dom.indexOf('</table>', dom.indexOf('<h3>Repositories')));
    const counts = [...table.matchAll(/<\/th><td class="number" data-value="(\d+)">/g)].map(([, count]) => Number(count));

    expect(table).toContain('aria-sort="ascending"');
    expect(counts).toHaveLength(30);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });

  withBrowser.each([['light', []], ['dark', ['--force-dark-mode']]])('is drawn in %s', (scheme, options) => {
    const screenshot = join(process.env.SCREENSHOTS ?? folderOf(), `audit-${scheme}.png`);
    browse(...options, '--window-size=1400,2400', `--screenshot=${screenshot}`, `file://${page}`);

    expect(statSync(screenshot).size).toBeGreaterThan(50_000);
  });
});
