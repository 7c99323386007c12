import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { BRAND } from '../private/core/brand';
import { apiUsage, resourceUsage } from '../private/ecr/usage-metrics';
import { publicClass } from '../private/input/public-class';

/**
 * The API actions that Amazon ECR counts: those of a login, a push and a pull.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
 */
export enum RegistryApi {
  /** A login. */
  GET_AUTHORIZATION_TOKEN = 'GetAuthorizationToken',
  /** A push asks which layers are there. */
  BATCH_CHECK_LAYER_AVAILABILITY = 'BatchCheckLayerAvailability',
  /** A push begins with a layer. */
  INITIATE_LAYER_UPLOAD = 'InitiateLayerUpload',
  /** A push sends a part of a layer. */
  UPLOAD_LAYER_PART = 'UploadLayerPart',
  /** A push is done with a layer. */
  COMPLETE_LAYER_UPLOAD = 'CompleteLayerUpload',
  /** A push ends with the manifest. */
  PUT_IMAGE = 'PutImage',
  /** A pull begins with the manifest. */
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
   * How many repositories the registry has, as a maximum over 5 minutes; a `QuotaAlarm` takes it.
   *
   * @param options how to read it
   */
  public static repositoryCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({ ...resourceUsage({ Resource: 'RepositoryCount' }), ...options });
  }

  /**
   * How often an API action was called, as a sum over a minute.
   *
   * @param api the action
   * @param options how to read it
   */
  public static callCount(api: RegistryApi, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({ ...apiUsage(api), ...options });
  }

  /**
   * How often an API action was called in a second, on average over a minute: what the quotas of ECR limit. Its `createAlarm` tells
   * of throttling before it comes.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
   * @param api the action
   * @param options how to read the calls
   */
  public static callsPerSecond(api: RegistryApi, options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    const calls = this.callCount(api, options);
    return new cloudwatch.MathExpression({ expression: 'calls / PERIOD(calls)', usingMetrics: { calls }, period: calls.period, label: `${api} per second` });
  }

  private declare readonly [BRAND]: 'RegistryMetrics';
}
