import { App, Stack } from 'aws-cdk-lib';
import { ScanFindings, ScanFindingsFormat } from 'cdk-secure-ecr';

const stack = new Stack(new App(), 'Chat', { env: { account: '111122223333', region: 'eu-west-1' } });
new ScanFindings(stack, 'Findings', { repositoryPrefixes: ['prod/'], format: ScanFindingsFormat.CHAT });
