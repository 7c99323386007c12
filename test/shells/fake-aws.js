/**
 * Stands in for the AWS CLI: answers `aws ecr OPERATION …` from the file in FAKE_AWS_WORLD the way Amazon ECR would, evaluates
 * `--query` on it, and prints what `--output text` prints: paginated operations are queried page by page, and all but the first page
 * hold nothing but the lists that are paginated.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const { search } = require('jmespath');

const world = JSON.parse(readFileSync(process.env.FAKE_AWS_WORLD, 'utf8'));
const now = Number(readFileSync(process.env.FAKE_AWS_CLOCK, 'utf8'));
const [service, operation, ...rest] = process.argv.slice(2);

const options = {};
for (let at = 0; at < rest.length;) {
  const name = rest[at++];
  options[name] = [];
  while (at < rest.length && !rest[at].startsWith('--')) {
    options[name].push(rest[at++]);
  }
}
appendFileSync(process.env.FAKE_AWS_LOG, `${JSON.stringify({ operation, options })}\n`);

const OPERATIONS = {
  'batch-get-image': () => {
    const [kind, id] = options['--image-ids'][0].split('=');
    const image = world.images.find(({ digest, tag }) => id === (kind === 'imageTag' ? tag : digest));
    if (!image) {
      return [{ images: [], failures: [{ imageId: { [kind]: id }, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }] }];
    }
    const mediaType = image.mediaType ?? 'application/vnd.oci.image.manifest.v1+json';
    if (!options['--accepted-media-types'].includes(mediaType)) {
      return [{ images: [], failures: [{ failureCode: 'ImageNotFound', failureReason: `${mediaType} is not accepted` }] }];
    }
    return [{ images: [{ imageId: { imageDigest: image.digest }, imageManifestMediaType: mediaType, imageManifest: image.manifest ?? '{}' }], failures: [] }];
  },
  'describe-image-scan-findings': () => {
    const [, digest] = options['--image-id'][0].split('=');
    const scans = (world.scans[digest] ?? []).filter(({ after = 0, started }) => now - world.start >= after && (!started || world.started));
    const scan = scans.at(-1) ?? { error: 'ScanNotFoundException', message: `Image scan does not exist for the image with '{imageDigest:'${digest}'}'` };
    if (scan.error) {
      refuse(scan.error, scan.message);
    }
    return scan.pages.map((page, index) => index === 0 ? page : { imageScanFindings: pick(page.imageScanFindings) });
  },
  'start-image-scan': () => {
    if (world.startError) {
      refuse(...world.startError);
    }
    world.started = true;
    require('node:fs').writeFileSync(process.env.FAKE_AWS_WORLD, JSON.stringify(world));
    return [{ imageScanStatus: { status: 'IN_PROGRESS' } }];
  },
};

function pick({ findings, enhancedFindings }) {
  return { findings, enhancedFindings };
}

function refuse(code, message) {
  const name = operation.split('-').map(word => word[0].toUpperCase() + word.slice(1)).join('');
  process.stderr.write(`\nAn error occurred (${code}) when calling the ${name} operation: ${message}\n`);
  process.exit(254);
}

if (service !== 'ecr' || options['--output']?.[0] !== 'text' || world.repository !== options['--repository-name']?.[0]) {
  refuse('RepositoryNotFoundException', `The repository with name '${options['--repository-name']?.[0]}' does not exist`);
}
if (world.denied?.[operation]) {
  refuse('AccessDeniedException', `User: ci is not authorized to perform: ${world.denied[operation]}`);
}
process.stderr.write(world.noise ?? '');

const text = value => {
  if (Array.isArray(value)) {
    return value.some(Array.isArray) ? value.map(text).join('\n') : value.map(text).join('\t');
  }
  return value === null || value === undefined ? 'None' : String(value);
};
for (const page of OPERATIONS[operation]()) {
  process.stdout.write(`${text(search(page, options['--query'][0]))}\n`);
}
