import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECRPUBLICClient } from '@aws-sdk/client-ecr-public';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Place } from './accounts';
import { endpoint } from './environment';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The SDK's clients for one account and Region, as the account's root or as somebody else. */
export class Clients {
  public readonly cloudFormation: CloudFormationClient;
  public readonly ec2: EC2Client;
  public readonly ecr: ECRClient;
  public readonly ecrPublic: ECRPUBLICClient;
  public readonly events: EventBridgeClient;
  public readonly iam: IAMClient;
  public readonly kms: KMSClient;
  public readonly secrets: SecretsManagerClient;
  private readonly sts: STSClient;

  constructor(public readonly place: Place, credentials?: Credentials) {
    const config = {
      credentials: credentials ?? { accessKeyId: place.account, secretAccessKey: 'test' },
      endpoint: endpoint(),
      region: place.region,
    };
    this.cloudFormation = new CloudFormationClient(config);
    this.ec2 = new EC2Client(config);
    this.ecr = new ECRClient(config);
    this.ecrPublic = new ECRPUBLICClient(config);
    this.events = new EventBridgeClient(config);
    this.iam = new IAMClient(config);
    this.kms = new KMSClient(config);
    this.secrets = new SecretsManagerClient(config);
    this.sts = new STSClient(config);
  }

  /** The clients of a role of any account, if its trust policy lets this caller take it. */
  public async assume(roleArn: string): Promise<Clients> {
    const { Credentials: given } = await this.sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'deploy-test' }));
    return new Clients({ account: roleArn.split(':')[4], region: this.place.region }, {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken,
    });
  }
}
