import type { EcrChecks } from 'cdk-secure-ecr';
import { lookAlike, take } from './refuse';

// @ts-expect-error -- text
take<EcrChecks>('EcrChecks');
// @ts-expect-error -- look-alike
take<EcrChecks>(lookAlike<EcrChecks>());
