import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { isKnown } from '../private/core/values';

/**
 * The IPv4 CIDR blocks of a VPC: the first block, blocks that the app adds such as 100.64.0.0/16 for pods, and blocks of subnets outside
 * of these, as in an imported VPC.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/custom-networking.html
 */
export function addressBlocksOf(vpc: ec2.IVpc): string[] {
  const blocks = [cidrOf(vpc), ...addedBlocksOf(vpc)];
  const subnets = [...vpc.privateSubnets, ...vpc.isolatedSubnets, ...vpc.publicSubnets].flatMap(subnet => blockOf(subnet) ?? []);
  return blocks.every(isKnown)
    ? [...blocks, ...new Set(subnets.filter(block => isKnown(block) && !blocks.some(outer => includes(outer, block))))]
    : blocks;
}

/**
 * The first block of a VPC. For a VPC of this app, it is the literal block, so that policy checkers can read it.
 */
function cidrOf(vpc: ec2.IVpc): string {
  const resource = vpc.node.defaultChild;
  return (ec2.CfnVPC.isCfnVPC(resource) ? resource.cidrBlock : undefined) ?? vpc.vpcCidrBlock;
}

function addedBlocksOf(vpc: ec2.IVpc): string[] {
  return vpc.node.root.node.findAll()
    .filter(node => ec2.CfnVPCCidrBlock.isCfnVPCCidrBlock(node))
    .flatMap(({ vpcId, cidrBlock }) => vpcId === vpc.vpcId && cidrBlock !== undefined ? cidrBlock : []);
}

/** The addresses of a subnet, if they are known: the getter of a subnet that was imported without them throws. */
function blockOf(subnet: ec2.ISubnet): string | undefined {
  try {
    return Token.isUnresolved(subnet.ipv4CidrBlock) ? undefined : subnet.ipv4CidrBlock;
    // eslint-disable-next-line no-restricted-syntax -- the CDK has no other public way to ask
  } catch {
    return undefined;
  }
}

function includes(outer: string, inner: string): boolean {
  const [start, bits] = parsed(outer);
  const [address, innerBits] = parsed(inner);
  const size = 2 ** (32 - bits);
  return innerBits >= bits && Math.floor(address / size) === Math.floor(start / size);
}

function parsed(block: string): [address: number, bits: number] {
  const [address, bits] = block.split('/');
  return [address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), Number(bits)];
}
