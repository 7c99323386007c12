import { App, Stack } from 'aws-cdk-lib';
import { SecureRepository } from 'cdk-secure-ecr';

const app = new App({ outdir: 'cdk.out' });
new SecureRepository(new Stack(app, 'Images'), 'Api');
app.synth();
