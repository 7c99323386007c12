"""Repositories that ECR makes itself, for a cache, a replica or a push, from the creation template with the longest matching prefix.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from ministack.core.responses import get_account_id, get_region
from ministack.services import ecr

from . import access, registry

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
    repository = f"arn:aws:ecr:{get_region()}:{get_account_id()}:repository/{name}"
    wanted = [("ecr:CreateRepository", repository)]
    wanted += [("ecr:TagResource", repository)] if template.get("resourceTags") else []
    wanted += [(action, key) for action in _KEY_ACTIONS] if key else []
    access.demand_of_role(template.get("customRoleArn"), "ecr.amazonaws.com", wanted)


def store(name, reference, media_type, manifest, blobs):
    """Keeps an image that ECR itself brought here; a tag that cannot be moved stays where it is."""
    from . import distribution
    ecr._layer_blobs.setdefault(name, {}).update(blobs)
    digest = ecr._content_digest(manifest)
    tag = digest if distribution.tag_is_taken(name, reference, digest) else reference
    ecr._v2_put_manifest(name, tag, {"content-type": media_type}, manifest)
    return digest
