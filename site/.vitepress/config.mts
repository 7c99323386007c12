import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const GITHUB = 'https://github.com/cdk-secure-ecr/cdk-secure-ecr';

const guide = (text: string, page: string) => ({ text, link: `/docs/guide/${page}` });

export default defineConfig({
  title: 'cdk-secure-ecr',
  description: 'AWS CDK constructs for Amazon ECR that are secure with no props',
  base: '/cdk-secure-ecr/',
  srcDir: 'pages',
  lang: 'en',
  cleanUrls: false,
  markdown: {
    html: false, // angle brackets in the text are text
    attrs: { disable: true }, // and so are braces
    // The names that GitHub gives to headings, so that one link works in both places.
    anchor: { slugify: (title: string) => title.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-') },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guides', link: '/docs/guide/repositories' },
      { text: 'API', link: '/API' },
      { text: 'Warnings', link: '/docs/warnings' },
      { text: `v${version}`, items: [{ text: 'Changelog', link: '/CHANGELOG' }, { text: 'Releases', link: `${GITHUB}/releases` }] },
    ],
    sidebar: [
      { text: 'Start', items: [{ text: 'Overview', link: '/' }, guide('Languages', 'languages')] },
      {
        text: 'Images',
        items: [
          guide('Repositories', 'repositories'), guide('Pushes from CI', 'ci-push'), guide('Lifecycle policies', 'lifecycle'), guide('Scanning', 'scanning'),
          guide('Image signing', 'signing'), guide('Public repositories', 'public'),
        ],
      },
      {
        text: 'Distribution',
        items: [
          guide('Pulls from other accounts', 'cross-account-pull'), guide('Replication', 'replication'), guide('Pull-through caches', 'pull-through-caches'),
          guide('VPC endpoints', 'vpc-endpoints'),
        ],
      },
      { text: 'Registry', items: [guide('Repository templates', 'templates'), guide('One registry, one owner', 'registry')] },
      { text: 'Existing apps', items: [guide('Checks for a whole app', 'checks'), guide('The command', 'cli')] },
      {
        text: 'Reference',
        items: [
          { text: 'API', link: '/API' }, { text: 'Warnings', link: '/docs/warnings' }, { text: 'Mistakes', link: '/docs/misconfigurations' },
          { text: 'Tests', link: '/docs/proven' }, { text: 'Performance', link: '/docs/performance' }, { text: 'Contributing', link: '/CONTRIBUTING' },
        ],
      },
    ],
    socialLinks: [{ icon: 'github', link: GITHUB }],
    footer: { message: 'Apache-2.0' },
  },
});
