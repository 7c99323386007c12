import { removeWorkDirectory } from './environment';

export default async function teardown(): Promise<void> {
  await globalThis.emulator?.stop();
  removeWorkDirectory();
}
