import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { MissingScan, RegistryScanning, ScanGate, ScanType, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';
import type { Place } from '../harness/accounts';

/** Gates in front of a repository that is scanned on push, and of one that nobody scans; and the roles that run them. */
export class GatedStack extends Stack {
  /** The scripts of the gates. */
  public readonly scripts: Record<'scanned' | 'unscanned', string>;

  constructor(scope: Construct, id: string, place: Place, scanType: ScanType, timeout: Duration) {
    super(scope, id, { env: place });
    if (scanType === ScanType.ENHANCED) {
      new RegistryScanning(this, 'Scanning', { scanType });
    }
    const repositoryNamed = (name: string, scanOnPush: boolean): SecureRepository => new SecureRepository(this, name, {
      emptyOnDelete: true, removalPolicy: RemovalPolicy.DESTROY, repositoryName: `gated/${name.toLowerCase()}`, scanOnPush,
    });
    const roleNamed = (roleName: string): iam.Role => new iam.Role(this, roleName, { roleName, assumedBy: new iam.AccountRootPrincipal() });

    const repository = repositoryNamed('Scanned', true);
    const scanned = new ScanGate({ repository, timeout });
    const unscanned = new ScanGate({
      repository: repositoryNamed('Unscanned', false), timeout, missingScan: scanType === ScanType.BASIC ? MissingScan.START_SCAN : MissingScan.REFUSE,
    });
    const gate = roleNamed('gate');
    scanned.grantRead(gate);
    unscanned.grantRead(gate);
    new ScanGate({ repository, scanType: ScanType.BASIC }).grantRead(roleNamed('basic-gate'));
    roleNamed('bystander');
    this.scripts = { scanned: scanned.toScript(), unscanned: unscanned.toScript() };
  }
}
