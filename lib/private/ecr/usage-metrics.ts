import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/**
 * The usage metric of the number of resources of a quota.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
 */
export function resourceUsage(resource: { Resource: string; ResourceId?: string }): cloudwatch.MetricProps {
  return {
    namespace: 'AWS/Usage',
    metricName: 'ResourceCount',
    dimensionsMap: { Service: 'ECR', Type: 'RESOURCE', ...resource },
    statistic: cloudwatch.Stats.MAXIMUM,
    period: Duration.minutes(5),
  };
}

/**
 * The metric of the calls of an API action.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
 */
export function apiUsage(action: string): cloudwatch.MetricProps {
  return {
    namespace: 'AWS/Usage',
    metricName: 'CallCount',
    dimensionsMap: { Service: 'ECR', Type: 'API', Resource: action },
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(1),
  };
}
