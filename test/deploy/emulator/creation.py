"""Repositories that ECR makes itself, for a cache, a replica or a push, from the creation template with the longest matching prefix.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from ministack.core import iam_evaluator as evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import ecr, iam

from . import registry
from .model import Refused

_SETTINGS = ("encryptionConfiguration", "imageTagMutability", "imageTagMutabilityExclusionFilters")
_KEY_ACTIONS = ("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant")


def matching(store, name):
    """The entry for the longest prefix of a repository name, or the one for ROOT."""
    prefixes = [prefix for prefix in store if name.startswith(prefix.rstrip("/") + "/")]
    return store.get(max(prefixes, key=len)) if prefixes else store.get("ROOT")


def create(name, use):
    """Makes a repository the way ECR does for `use`; without a template it has the defaults of ECR."""
    template = matching(registry.templates, name) or {}
    if use not in template.get("appliedFor", []):
        template = {}
    _check_role(template, name)
    registry.call("CreateRepository", {
        "repositoryName": name,
        **{setting: template[setting] for setting in _SETTINGS if template.get(setting)},
        "tags": template.get("resourceTags", []),
    })
    if template.get("lifecyclePolicy"):
        registry.call("PutLifecyclePolicy", {"repositoryName": name, "lifecyclePolicyText": template["lifecyclePolicy"]})
    if template.get("repositoryPolicy"):
        registry.call("SetRepositoryPolicy", {"repositoryName": name, "policyText": template["repositoryPolicy"]})


def _check_role(template, name):
    """Tags and keys need a role that ECR can assume and that may use them."""
    key = template.get("encryptionConfiguration", {}).get("kmsKey")
    if not key and not template.get("resourceTags"):
        return
    arn = template.get("customRoleArn")
    if not arn:
        raise Refused("TemplateRoleMissing", f"the template for '{name}' needs a customRoleArn for its tags or its key")
    role = iam._roles.get(arn.rsplit("/", 1)[-1])
    if role is None or "ecr.amazonaws.com" not in str(role["AssumeRolePolicyDocument"]):
        raise Refused("TemplateRoleUnusable", f"Amazon ECR cannot assume {arn}")
    repository = f"arn:aws:ecr:{get_region()}:{get_account_id()}:repository/{name}"
    wanted = [("ecr:CreateRepository", repository)]
    wanted += [("ecr:TagResource", repository)] if template.get("resourceTags") else []
    wanted += [(action, key) for action in _KEY_ACTIONS] if key else []
    for action, resource in wanted:
        if not _allows(role, action, resource):
            raise Refused("TemplateRoleUnusable", f"{arn} may not {action} on {resource}")


def _allows(role, action, resource):
    policies = evaluator._gather_role_policies(role["RoleName"], get_account_id())
    context = evaluator.EvalContext(
        principal_arn=role["Arn"], principal_type="Role", principal_account=get_account_id(), action=action, resource_arn=resource,
        region=get_region(), service_context={"kms:viaservice": f"ecr.{get_region()}.amazonaws.com", "aws:tagkeys": None},
    )
    return evaluator.evaluate(context, policies).decision == "Allow"


def store(name, reference, media_type, manifest, blobs):
    """Keeps an image that ECR itself brought here; a tag that cannot be moved stays where it is."""
    from . import distribution
    ecr._layer_blobs.setdefault(name, {}).update(blobs)
    digest = ecr._content_digest(manifest)
    tag = digest if distribution.tag_is_taken(name, reference, digest) else reference
    ecr._v2_put_manifest(name, tag, {"content-type": media_type}, manifest)
    return digest
