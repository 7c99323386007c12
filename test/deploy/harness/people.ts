import { AttachRolePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import { HOME_REGION } from './accounts';
import { Clients } from './clients';

/** Makes a role that its account's root may take, with every permission that its own account can give, or with none. */
export async function hire(account: string, roleName: string, permissions: 'everything' | 'nothing'): Promise<void> {
  const { iam } = new Clients({ account, region: HOME_REGION });
  await iam.send(new CreateRoleCommand({
    RoleName: roleName,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${account}:root` } }],
    }),
  }));
  if (permissions === 'everything') {
    await iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
  }
}

/** The clients of a role, taken by its account's root. */
export async function become(account: string, roleName: string, region = HOME_REGION): Promise<Clients> {
  return new Clients({ account, region }).assume(`arn:aws:iam::${account}:role/${roleName}`);
}
