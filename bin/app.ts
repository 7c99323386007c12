import { App } from 'aws-cdk-lib';
import { addPlatform } from './platform/platform';

addPlatform(new App());
