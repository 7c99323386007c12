import type { EndpointCompanions } from 'cdk-secure-ecr';
import { lookAlike, take } from './refuse';

// @ts-expect-error -- text
take<EndpointCompanions>('FARGATE');
// @ts-expect-error -- look-alike
take<EndpointCompanions>(lookAlike<EndpointCompanions>());
