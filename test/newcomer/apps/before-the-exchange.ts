import { App, Duration, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';

const stack = new Stack(new App(), 'Images');
new ecr.Repository(stack, 'Api', { repositoryName: 'team/api', lifecycleRules: [{ maxImageAge: Duration.days(90) }] });
