"""The app of ../app.ts in Python."""
import datetime
import json
import pathlib
import sys

from aws_cdk import App, Duration, Environment, Stack, Validations, aws_ecr as ecr, aws_iam as iam
from cdk_secure_ecr import (
    CrossAccountPull, EcrChecks, ImageSelection, LifecycleForecastProps, LifecyclePolicy, LifecycleRule, PullConsumer, RegistryImage, RepositoryTemplate,
    SecureRepository, TemplateUse,
)

outdir = sys.argv[1]
env = Environment(account="111122223333", region="eu-west-1")

app = App(outdir=outdir, analytics_reporting=False)
Validations.of(app).add_plugins(EcrChecks())

stack = Stack(app, "Images", env=env)
policy = LifecyclePolicy.of(
    LifecycleRule.protect(images=ImageSelection.tag_pattern("release-*")),
    LifecycleRule.expire(images=ImageSelection.any_of_tag_patterns("pr-*", "dev-*"), older_than=Duration.days(30)),
    LifecycleRule.expire(images=ImageSelection.UNTAGGED, older_than=Duration.days(7)),
)
repository = SecureRepository(stack, "Api", repository_name="team/api", mutable_tags=["latest"], lifecycle=policy)
CrossAccountPull(
    stack, "Share",
    repositories=[repository],
    consumers=[PullConsumer.accounts(["222222222222"]), PullConsumer.lambda_functions("222222222222")],
)
RepositoryTemplate(stack, "Teams", prefix="team", applied_for=[TemplateUse.CREATE_ON_PUSH], resource_tags={"cost-center": "1234"})
role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
repository.grants.pull(role)
role.add_to_policy(iam.PolicyStatement(actions=["ecr:*"], resources=["*"]))  # a warning of EcrChecks
app.synth()


def day(month: int, day_of_month: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day_of_month, tzinfo=datetime.timezone.utc)


preview = policy.preview(
    at=day(11, 21),
    images=[
        RegistryImage(digest="sha256:1", tags=["release-1.0", "pr-7"], pushed_at=day(1, 1)),
        RegistryImage(digest="sha256:2", tags=["pr-8"], pushed_at=day(1, 2)),
    ],
)
options = LifecycleForecastProps(pushes_per_day={"pr-*": 20}, days=90)
forecast = policy.forecast(pushes_per_day=options.pushes_per_day, days=options.days)

legacy = Stack(App(), "Legacy", env=env)
ecr.CfnRepository(legacy, "Repository", image_tag_mutability="MUTABLE")
report = EcrChecks().validate_scope(legacy)

error = ""
try:
    SecureRepository(stack, "Bad", repository_name="Bad Name")
except RuntimeError as caught:
    error = str(caught)

(pathlib.Path(outdir) / "results.json").write_text(json.dumps({
    "expired": [decision.image.digest for decision in preview.expired],
    "reason": preview.decision_for("pr-8").reason,
    "table": preview.to_table(),
    "forecast": forecast.for_tag("pr-*").images,
    "success": report.success,
    "violations": [violation.rule_name for violation in report.violations],
    "error": "'repositoryName' must be" in error,
}))
