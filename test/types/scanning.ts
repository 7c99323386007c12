import { ScanGate, type SecureRepository } from 'cdk-secure-ecr';
import { lookAlike, take } from './refuse';

declare const repository: SecureRepository;

// @ts-expect-error -- text
take<ScanGate>('critical');
// @ts-expect-error -- look-alike
take<ScanGate>(lookAlike<ScanGate>());

new ScanGate({ repository });
// @ts-expect-error -- a name is not a repository
new ScanGate({ repository: 'team/api' });
