import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { BRAND } from '../private/core/brand';
import { apiUsage, resourceUsage } from '../private/ecr/usage-metrics';
import { publicClass } from '../private/input/public-class';

/**
 * The API actions of a login, a push and a pull, which Amazon ECR counts.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
 */
export enum RegistryApi {
  /** A login. */
  GET_AUTHORIZATION_TOKEN = 'GetAuthorizationToken',
  /** A push checks for existing layers. */
  BATCH_CHECK_LAYER_AVAILABILITY = 'BatchCheckLayerAvailability',
  /** A push starts the upload of a layer. */
  INITIATE_LAYER_UPLOAD = 'InitiateLayerUpload',
  /** A push uploads a part of a layer. */
  UPLOAD_LAYER_PART = 'UploadLayerPart',
  /** A push completes the upload of a layer. */
  COMPLETE_LAYER_UPLOAD = 'CompleteLayerUpload',
  /** A push uploads the manifest. */
  PUT_IMAGE = 'PutImage',
  /** A pull reads the manifest. */
  BATCH_GET_IMAGE = 'BatchGetImage',
  /** A pull reads a layer. */
  GET_DOWNLOAD_URL_FOR_LAYER = 'GetDownloadUrlForLayer',
}

/**
 * The metrics of a whole registry: an account in a Region.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
 */
export abstract class RegistryMetrics {
  static {
    publicClass(this, 'RegistryMetrics');
  }

  /**
   * The number of repositories in the registry, as a maximum over 5 minutes; a `QuotaAlarm` accepts this metric.
   *
   * @param options the statistic, period and other options of the metric
   */
  public static repositoryCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({ ...resourceUsage({ Resource: 'RepositoryCount' }), ...options });
  }

  /**
   * The number of calls of an API action, as a sum over a minute.
   *
   * @param api the action
   * @param options the statistic, period and other options of the metric
   */
  public static callCount(api: RegistryApi, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({ ...apiUsage(api), ...options });
  }

  /**
   * The average calls of an API action per second over a minute, which the quotas of ECR limit. Use its `createAlarm` for an alarm
   * before requests are throttled.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
   * @param api the action
   * @param options the period and other options of the metric
   */
  public static callsPerSecond(api: RegistryApi, options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    const calls = this.callCount(api, options);
    return new cloudwatch.MathExpression({ expression: 'calls / PERIOD(calls)', usingMetrics: { calls }, period: calls.period, label: `${api} per second` });
  }

  private declare readonly [BRAND]: 'RegistryMetrics';
}
