import { SecureRepository } from 'cdk-secure-ecr';
import { measure } from './measure';

measure(stack => id => new SecureRepository(stack, id));
