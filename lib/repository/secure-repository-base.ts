import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { areDifferent } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { targetInStage } from '../private/core/event-target';
import { resourceUsage } from '../private/ecr/usage-metrics';
import type { ISecureRepository } from './i-secure-repository';
import {
  archivedPattern, deletedPattern, type OnImagePushedOptions, type OnScanFindingsOptions, pushedPattern, scanFindingsPattern,
} from './repository-events';
import { RepositoryGrants } from './repository-grants';
import { warnOfForeignEvents, warnOfMissingScans } from './repository-warnings';

/**
 * The common parts of a repository of this app and an imported one.
 *
 * @internal
 */
export abstract class SecureRepositoryBase extends ecr.RepositoryBase implements ISecureRepository {
  private repositoryGrants?: RepositoryGrants;

  public get grants(): RepositoryGrants {
    return this.repositoryGrants ??= RepositoryGrants.fromRepository(this);
  }

  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return this.grants.actions(grantee, actions);
  }

  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grants.read(grantee);
  }

  public grantPull(grantee: iam.IGrantable): iam.Grant {
    return this.grants.pull(grantee);
  }

  public grantPush(grantee: iam.IGrantable): iam.Grant {
    return this.grants.push(grantee);
  }

  public grantPullPush(grantee: iam.IGrantable): iam.Grant {
    return this.grants.pullPush(grantee);
  }

  public onImagePushed(id: string, options: OnImagePushedOptions = {}): events.Rule {
    failIfAny(this, 'InvalidImageTags', options.imageTags?.length === 0 ? ["'imageTags' must have at least one tag, got []; omit it for every tag"] : []);
    return this.rule(id, options, pushedPattern(this, options.imageTags));
  }

  public onImageDeleted(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.rule(id, options, deletedPattern(this));
  }

  public onImageArchived(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.rule(id, options, archivedPattern(this));
  }

  public onScanFindings(id: string, options: OnScanFindingsOptions = {}): events.Rule {
    warnOfMissingScans(this, 'the rule of onScanFindings');
    return this.rule(id, options, scanFindingsPattern([this.repositoryArn], options.minimumSeverity));
  }

  public override onEvent(id: string, options: events.OnEventOptions = {}): events.Rule {
    warnOfForeignEvents(this);
    return super.onEvent(id, { ...options, target: targetInStage(this, options.target) });
  }

  public override onCloudTrailEvent(id: string, options: events.OnEventOptions = {}): events.Rule {
    warnOfForeignEvents(this);
    return super.onCloudTrailEvent(id, { ...options, target: targetInStage(this, options.target) });
  }

  public override onImageScanCompleted(id: string, options: ecr.OnImageScanCompletedOptions = {}): events.Rule {
    warnOfForeignEvents(this);
    warnOfMissingScans(this, 'the rule of onImageScanCompleted');
    return super.onImageScanCompleted(id, { ...options, target: targetInStage(this, options.target) });
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricOf({ namespace: 'AWS/ECR', metricName, dimensionsMap: { RepositoryName: this.repositoryName }, ...options });
  }

  public metricPullCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RepositoryPullCount', { statistic: cloudwatch.Stats.SUM, ...options });
  }

  public metricImageCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const resource = { Resource: 'ImagesPerRepositoryCount', ResourceId: `repository/${this.repositoryName}` };
    return this.metricOf({ ...resourceUsage(resource), ...options });
  }

  private metricOf(props: cloudwatch.MetricProps): cloudwatch.Metric {
    const { account, region } = this.env;
    const here = Stack.of(this);
    return new cloudwatch.Metric({
      account: areDifferent(here.account, account) ? account : undefined,
      region: areDifferent(here.region, region) ? region : undefined,
      ...props,
    }).attachTo(this);
  }

  private rule(id: string, { target, ...options }: events.OnEventOptions, eventPattern: events.EventPattern): events.Rule {
    warnOfForeignEvents(this);
    const rule = new events.Rule(this, id, options);
    rule.addEventPattern(eventPattern);
    rule.addTarget(targetInStage(this, target));
    return rule;
  }
}
