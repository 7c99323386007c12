import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { QuotaAlarm, type QuotaAlarmProps, RegistryApi, RegistryMetrics, SecureRepository } from '../../lib';

const stackOf = () => new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });

function alarmOf(stack: Stack, props: Partial<QuotaAlarmProps> = {}): Record<string, unknown> {
  new QuotaAlarm(stack, 'Alarm', { metric: RegistryMetrics.repositoryCount(), ...props });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')) as Array<{ Properties: Record<string, unknown> }>;
  return Properties;
}

describe('RegistryMetrics', () => {
  test('counts repositories, as AWS documents it', () => {
    expect(RegistryMetrics.repositoryCount().toMetricConfig().metricStat).toEqual({
      namespace: 'AWS/Usage',
      metricName: 'ResourceCount',
      dimensions: [{ name: 'Resource', value: 'RepositoryCount' }, { name: 'Service', value: 'ECR' }, { name: 'Type', value: 'RESOURCE' }],
      statistic: 'Maximum',
      period: Duration.minutes(5),
    });
  });

  test.each(Object.values(RegistryApi))('counts calls of %s', api => {
    expect(RegistryMetrics.callCount(api).toMetricConfig().metricStat).toEqual({
      namespace: 'AWS/Usage',
      metricName: 'CallCount',
      dimensions: [{ name: 'Resource', value: api }, { name: 'Service', value: 'ECR' }, { name: 'Type', value: 'API' }],
      statistic: 'Sum',
      period: Duration.minutes(1),
    });
  });

  test('knows the eight actions that AWS documents, no others', () => {
    expect(Object.values(RegistryApi).sort()).toEqual([
      'BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'GetAuthorizationToken',
      'GetDownloadUrlForLayer', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart',
    ]);
  });

  test('reads them in any way', () => {
    expect(RegistryMetrics.repositoryCount({ statistic: 'Minimum', region: 'us-east-1' })).toMatchObject({ statistic: 'Minimum', region: 'us-east-1' });
    expect(RegistryMetrics.callCount(RegistryApi.PUT_IMAGE, { label: 'Pushes' }).label).toBe('Pushes');
  });

  test('gives calls per second, for an alarm', () => {
    const stack = stackOf();
    const pulls = RegistryMetrics.callsPerSecond(RegistryApi.BATCH_GET_IMAGE, { period: Duration.minutes(5) });
    pulls.createAlarm(stack, 'ManyPulls', { threshold: 1_600, evaluationPeriods: 1 });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 1_600,
      Metrics: [
        { Expression: 'calls / PERIOD(calls)', Label: 'BatchGetImage per second' },
        { Id: 'calls', ReturnData: false, MetricStat: { Metric: { MetricName: 'CallCount', Namespace: 'AWS/Usage' }, Period: 300, Stat: 'Sum' } },
      ],
    });
  });
});

describe('QuotaAlarm', () => {
  test('rings at 80 % of what the account may have', () => {
    expect(alarmOf(stackOf())).toEqual({
      AlarmDescription: 'Usage of Amazon ECR approaches a service quota: request a quota increase, or expire more images with lifecycle rules',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      Metrics: [
        { Expression: '100 * used / SERVICE_QUOTA(used)', Id: 'expr_1', Label: '% of the quota', ReturnData: true },
        {
          Id: 'used',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Usage',
              MetricName: 'ResourceCount',
              Dimensions: [{ Name: 'Resource', Value: 'RepositoryCount' }, { Name: 'Service', Value: 'ECR' }, { Name: 'Type', Value: 'RESOURCE' }],
            },
            Period: 300,
            Stat: 'Maximum',
          },
          ReturnData: false,
        },
      ],
      Threshold: 80,
      TreatMissingData: 'ignore',
    });
  });

  test('watches the images of a repository', () => {
    const stack = stackOf();
    const repository = new SecureRepository(stack, 'Api');

    expect(alarmOf(stack, { metric: repository.metricImageCount() })).toMatchObject({
      Metrics: [{}, {
        MetricStat: {
          Metric: {
            Dimensions: [
              { Name: 'Resource', Value: 'ImagesPerRepositoryCount' },
              { Name: 'ResourceId', Value: { 'Fn::Join': ['', ['repository/', { Ref: expect.stringContaining('Api') as string }]] } },
              { Name: 'Service', Value: 'ECR' },
              { Name: 'Type', Value: 'RESOURCE' },
            ],
          },
        },
      }],
    });
  });

  test('watches those of an imported repository where it is', () => {
    const stack = stackOf();
    const imported = SecureRepository.fromRepositoryArn(stack, 'Import', 'arn:aws:ecr:eu-central-1:444455556666:repository/team/api');

    expect(imported.metricImageCount().toMetricConfig().metricStat).toMatchObject({
      account: '444455556666',
      region: 'eu-central-1',
      dimensions: expect.arrayContaining([{ name: 'ResourceId', value: 'repository/team/api' }]) as unknown,
    });
  });

  test('has the name and the description that it is given', () => {
    expect(alarmOf(stackOf(), { alarmName: 'many', alarmDescription: 'Call us' })).toMatchObject({ AlarmName: 'many', AlarmDescription: 'Call us' });
  });

  test.each([[0, false], [0.1, true], [100, true], [100.1, false], [-1, false], [NaN, false]])('takes above 0 and at most 100 percent: %d', (percentOfQuota, fine) => {
    const create = () => alarmOf(stackOf(), { percentOfQuota });

    if (fine) {
      expect(create()).toMatchObject({ Threshold: percentOfQuota });
    } else {
      expect(create).toThrow(`'percentOfQuota' must be above 0 and at most 100, got ${percentOfQuota}`);
    }
  });

  test('takes a percentage that only the deployment knows', () => {
    const stack = stackOf();
    const percentOfQuota = new CfnParameter(stack, 'Percent', { type: 'Number' }).valueAsNumber;

    expect(alarmOf(stack, { percentOfQuota })).toMatchObject({ Threshold: { Ref: 'Percent' } });
  });

  test.each([
    ['calls, whose quota is per second', RegistryMetrics.callCount(RegistryApi.PUT_IMAGE), 'AWS/Usage CallCount'],
    ['pulls, which have none', new SecureRepository(stackOf(), 'Api').metricPullCount(), 'AWS/ECR RepositoryPullCount'],
    ['resources of another service', new Metric({ namespace: 'AWS/Usage', metricName: 'ResourceCount', dimensionsMap: { Service: 'EC2' } }), 'AWS/Usage ResourceCount'],
    ['resources of all services', new Metric({ namespace: 'AWS/Usage', metricName: 'ResourceCount' }), 'AWS/Usage ResourceCount'],
  ])('refuses %s, with every problem at once', (_, metric, shown) => {
    expect(() => alarmOf(stackOf(), { metric, percentOfQuota: 0 })).toThrow(
      `'metric' must be repository.metricImageCount() or RegistryMetrics.repositoryCount(), got "${shown}"; use createAlarm() of other metrics`,
    );
    expect(() => alarmOf(stackOf(), { metric, percentOfQuota: 0 })).toThrow("'percentOfQuota' must be");
  });
});
