import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { HOME_REGION } from './accounts';
import { Clients } from './clients';

/** Makes a role that its account's root may take, with every permission that its own account can give, or with none. */
export async function hire(account: string, roleName: string, permissions: 'everything' | 'nothing'): Promise<void> {
  const { iam } = new Clients({ account, region: HOME_REGION });
  await iam.send(new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: trustOf(account) }));
  if (permissions === 'everything') {
    await iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
  }
}

/** The clients of a role, taken by its account's root. */
export async function become(account: string, roleName: string, region = HOME_REGION): Promise<Clients> {
  return new Clients({ account, region }).assume(`arn:aws:iam::${account}:role/${roleName}`);
}

/** The clients of a role that trusts only a service, to see what the service can do with it. */
export async function becomeService(account: string, roleName: string, region = HOME_REGION): Promise<Clients> {
  const { iam } = new Clients({ account, region });
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName }));
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: roleName, PolicyDocument: trustOf(account) }));
  const clients = await become(account, roleName, region);
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: roleName, PolicyDocument: decodeURIComponent(Role!.AssumeRolePolicyDocument!) }));
  return clients;
}

function trustOf(account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${account}:root` } }],
  });
}
