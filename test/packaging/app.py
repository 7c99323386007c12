"""What an app in Python does with the library, from the wheel that is published."""
import datetime

from aws_cdk import App, Duration, Stack, assertions, aws_ecs as ecs, aws_iam as iam
from cdk_secure_ecr import (
    CrossAccountPull, ImageInventory, ImageSelection, LifecyclePolicy, LifecycleRule, PullConsumer, PullThroughCache, RegistryImage, SecureRepository,
    UpstreamRegistry,
)

stack = Stack(App(), "Images", env={"account": "111122223333", "region": "eu-west-1"})
repository = SecureRepository(stack, "Api", repository_name="team/api", mutable_tags=["latest"])
role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
repository.grants.pull(role)
ecs.ContainerImage.from_ecr_repository(repository, "v1")
CrossAccountPull(stack, "Share", repositories=[repository], consumers=[PullConsumer.accounts(["222222222222"])])
cache = PullThroughCache(stack, "Quay", upstream=UpstreamRegistry.QUAY, prefix="quay")
cache.grants.pull(role)

# A policy is tried without an account, and dates, lists and results cross the border between the languages.
at = datetime.datetime(2026, 11, 21, tzinfo=datetime.timezone.utc)
policy = LifecyclePolicy.of(LifecycleRule.expire(images=ImageSelection.tag_pattern("pr-*"), older_than=Duration.days(30)))
images = [RegistryImage(digest="sha256:1", tags=["pr-1"], pushed_at=at - datetime.timedelta(days=40))]
preview = policy.preview(images=images, at=at)
assert preview.expired[0].image.digest == "sha256:1", preview.to_table()
assert preview.decision_for("pr-1").reason == "expired: rule 1 'pr-*' holds it for 30 days, pushed 40 days ago", preview.to_table()
assert policy.forecast(pushes_per_day={"pr-*": 20}, days=90).for_tag("pr-*").images == 600
listed = ImageInventory.from_describe_images('{"imageDetails":[{"imageDigest":"sha256:1","imagePushedAt":"2026-11-01T00:00:00Z"}]}')
assert listed[0].pushed_at == datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc), listed

# An error tells everything at once.
try:
    SecureRepository(stack, "Bad", repository_name="Bad Name", mutable_tags=["a"] * 6)
    raise AssertionError("a bad name was accepted")
except RuntimeError as error:
    assert "'repositoryName' must be" in str(error) and "'mutableTags' must have at most 5 entries, got 6" in str(error), error

template = assertions.Template.from_stack(stack)
template.resource_count_is("AWS::ECR::Repository", 1)
template.has_resource_properties("AWS::ECR::Repository", {
    "RepositoryName": "team/api",
    "ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
    "ImageScanningConfiguration": {"ScanOnPush": True},
    "EncryptionConfiguration": {"EncryptionType": "KMS"},
})
print("the package works in Python")
