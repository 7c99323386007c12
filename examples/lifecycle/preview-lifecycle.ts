/**
 * What a lifecycle policy would do to the images that a repository has now. Nothing is changed, and no account is needed:
 *
 *   aws ecr describe-images --repository-name team/web --output json > images.json
 *   npx ts-node preview-lifecycle.ts --images images.json --policy policy.json
 *
 * See USAGE for the rest. Copy it as it is: it needs the package `cdk-secure-ecr` and nothing else.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ImageInventory, LifecyclePolicy } from 'cdk-secure-ecr';

const USAGE = `usage: preview-lifecycle --images FILE --policy FILE|standard|production|development [--manifests FILE]... [--at DATE] [--rows NUMBER]
  --images     what 'aws ecr describe-images' prints, or - for standard input
  --policy     a policy text, what 'aws ecr get-lifecycle-policy' prints, or a preset
  --manifests  what 'aws ecr batch-get-image' prints, so that indexes keep their images; once for each call
  --at         the moment to preview, now if left out
  --rows       how many images to list, 100 if left out`;

const PRESETS = new Map([
  ['standard', LifecyclePolicy.standard()],
  ['production', LifecyclePolicy.production()],
  ['development', LifecyclePolicy.development()],
]);

/**
 * The report that the command prints. Fails with a message that says what is wrong with the input.
 */
export function previewLifecycle(args: string[]): string {
  const { values: options } = parseArgs({
    args,
    options: {
      images: { type: 'string' },
      policy: { type: 'string' },
      manifests: { type: 'string', multiple: true, default: [] },
      at: { type: 'string' },
      rows: { type: 'string', default: '100' },
    },
  });
  if (options.images === undefined || options.policy === undefined) {
    throw new Error(USAGE);
  }

  const policy = PRESETS.get(options.policy) ?? LifecyclePolicy.fromJson(read(options.policy));
  const images = ImageInventory.fromDescribeImages(read(options.images), ...(options.manifests).map(read));
  const preview = policy.preview({ images, at: options.at === undefined ? undefined : new Date(options.at) });
  return [
    preview.toTable({ maxRows: Number(options.rows) }),
    ...policy.findings().map(({ message }) => `note: ${message}`),
  ].join('\n');
}

function read(file: string): string {
  return readFileSync(file === '-' ? 0 : file, 'utf8');
}

if (require.main === module) {
  try {
    console.log(previewLifecycle(process.argv.slice(2)));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}
