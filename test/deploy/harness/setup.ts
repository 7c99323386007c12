import { CONSUMER, HOME_REGION, PLATFORM, REPLICA, REPLICA_REGION, SECOND_CONSUMER } from './accounts';
import { bootstrap } from './cdk';
import { Emulator } from './emulator';
import { openWorkDirectory, publish } from './environment';
import { installTools } from './tools';

declare global {
  var emulator: Emulator | undefined;
}

export default async function setup(): Promise<void> {
  openWorkDirectory();
  await installTools();
  globalThis.emulator = await Emulator.start();
  publish(globalThis.emulator);
  await Promise.all([
    bootstrap(PLATFORM, [HOME_REGION, REPLICA_REGION, 'us-east-1']),
    bootstrap(CONSUMER, [HOME_REGION]),
    bootstrap(SECOND_CONSUMER, [HOME_REGION]),
    bootstrap(REPLICA, [HOME_REGION, REPLICA_REGION]),
  ]);
}
