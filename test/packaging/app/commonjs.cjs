const { App, Stack } = require('aws-cdk-lib');
const { SecureRepository } = require('cdk-secure-ecr');

const app = new App({ outdir: 'cdk.out' });
new SecureRepository(new Stack(app, 'Images'), 'Api');
app.synth();
