import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newDirectory } from './environment';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly platform?: { readonly architecture: string; readonly os: string };
  readonly annotations?: Record<string, string>;
}

const OCI = 'application/vnd.oci.image';
export const INDEX_TYPE = `${OCI}.index.v1+json`;
export const MANIFEST_TYPE = `${OCI}.manifest.v1+json`;
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';

/** A directory in the OCI image layout, which registry clients push from. */
export class OciLayout {
  public readonly directory = newDirectory();

  constructor() {
    mkdirSync(join(this.directory, 'blobs', 'sha256'), { recursive: true });
    writeFileSync(join(this.directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  }

  /** An image whose only file holds this text. */
  public image(text: string, architecture = 'amd64'): Descriptor {
    const files = archive('content.txt', text);
    const layer = this.blob(`${OCI}.layer.v1.tar+gzip`, gzipSync(files));
    const config = this.json(`${OCI}.config.v1+json`, {
      architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [digestOf(files)] },
    });
    return { ...this.manifest({ config, layers: [layer] }), platform: { architecture, os: 'linux' } };
  }

  /** One tag for several architectures. */
  public index(...manifests: Descriptor[]): Descriptor {
    return this.json(INDEX_TYPE, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
  }

  /** A Helm chart, as `helm push` uploads it. */
  public helmChart(chart: { name: string; version: string }): Descriptor {
    return this.manifest({
      config: this.json('application/vnd.cncf.helm.config.v1+json', { apiVersion: 'v2', ...chart }),
      layers: [this.blob('application/vnd.cncf.helm.chart.content.v1.tar+gzip', Buffer.from(JSON.stringify(chart)))],
    });
  }

  /** A signature of an image, which refers to it as its subject. */
  public signature({ digest, mediaType, size }: Descriptor, content = 'signed'): Descriptor {
    return this.manifest({
      artifactType: 'application/vnd.cncf.notary.signature',
      config: this.json(EMPTY_TYPE, {}),
      layers: [this.blob('application/jose+json', Buffer.from(content))],
      subject: { digest, mediaType, size },
    });
  }

  /** Makes a manifest or an index what is pushed from here. */
  public publish(root: Descriptor): string {
    writeFileSync(join(this.directory, 'index.json'), JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [root] }));
    return this.directory;
  }

  private manifest(content: object): Descriptor {
    return this.json(MANIFEST_TYPE, { schemaVersion: 2, mediaType: MANIFEST_TYPE, ...content });
  }

  private json(mediaType: string, content: object): Descriptor {
    return this.blob(mediaType, Buffer.from(JSON.stringify(content)));
  }

  private blob(mediaType: string, content: Buffer): Descriptor {
    const digest = digestOf(content);
    writeFileSync(join(this.directory, 'blobs', ...digest.split(':')), content);
    return { mediaType, digest, size: content.length };
  }
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** A tar archive of one file. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function archive(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0' + '0000000\0'.repeat(2), 100);
  header.write(`${octal(content.length)}\0${octal(0)}\0${' '.repeat(8)}0`, 124);
  header.write('ustar\x0000', 257);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc(1024 + 512 - content.length % 512)]);
}

function octal(value: number): string {
  return value.toString(8).padStart(11, '0');
}
