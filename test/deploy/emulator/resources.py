"""The CloudFormation types that the emulator lacks, each as the calls that AWS's own resource handlers make."""

from ministack.core.responses import get_account_id
from ministack.services import ecr
from ministack.services.cloudformation import changesets, provisioners

from . import neighbours, public, registry
from .model import Refused


def api(value):
    """Properties in the casing of the API; tags keep theirs."""
    if isinstance(value, dict):
        return {_NAMES.get(key, key[0].lower() + key[1:]): _tags(inner) if key in ("Tags", "ResourceTags") else api(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [api(inner) for inner in value]
    return value


_NAMES = {"ImageTagMutabilityExclusionFilterType": "filterType", "ImageTagMutabilityExclusionFilterValue": "filter"}


def _tags(tags):
    return [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in tags]


# AWS::ECR::Repository

def _repository_create(logical_id, props, stack):
    name = props.get("RepositoryName") or provisioners._physical_name(stack, logical_id, lowercase=True, max_len=256)
    request = api({key: props[key] for key in props if key in _CREATE})
    scanning = request.get("imageScanningConfiguration")
    if scanning:
        scanning["scanOnPush"] = provisioners._cfn_bool(scanning["scanOnPush"])
    created = registry.call("CreateRepository", {**request, "repositoryName": name})["repository"]
    try:
        _repository_policies(name, props)
    except Refused:
        registry.call("DeleteRepository", {"repositoryName": name, "force": True})
        raise
    return name, {"Arn": created["repositoryArn"], "RepositoryUri": created["repositoryUri"]}


_CREATE = ("Tags", "ImageTagMutability", "ImageTagMutabilityExclusionFilters", "ImageScanningConfiguration", "EncryptionConfiguration")


def _repository_update(name, old, new, _stack):
    request = api(new)
    if "ImageTagMutability" in new:
        filters = request.get("imageTagMutabilityExclusionFilters")
        registry.call("PutImageTagMutability", {
            "repositoryName": name, "imageTagMutability": new["ImageTagMutability"],
            **({"imageTagMutabilityExclusionFilters": filters} if filters else {}),
        })
    if "ImageScanningConfiguration" in new:
        on_push = provisioners._cfn_bool(new["ImageScanningConfiguration"]["ScanOnPush"])
        registry.call("PutImageScanningConfiguration", {"repositoryName": name, "imageScanningConfiguration": {"scanOnPush": on_push}})
    _repository_policies(name, new)
    repository = ecr._repositories[name]
    repository["tags"] = _tags(new.get("Tags", []))
    return name, {"Arn": repository["repositoryArn"], "RepositoryUri": repository["repositoryUri"]}


def _repository_policies(name, props):
    text = props.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
    if text:
        registry.call("PutLifecyclePolicy", {"repositoryName": name, "lifecyclePolicyText": text})
    else:
        ecr._lifecycle_policies.pop(name, None)
    if props.get("RepositoryPolicyText"):
        registry.call("SetRepositoryPolicy", {"repositoryName": name, "policyText": _text(props["RepositoryPolicyText"])})
    else:
        ecr._repo_policies.pop(name, None)


def _repository_delete(name, props):
    if name in ecr._repositories:
        registry.call("DeleteRepository", {"repositoryName": name, "force": provisioners._cfn_bool(props.get("EmptyOnDelete", False))})


def _text(document):
    return document if isinstance(document, str) else provisioners.json.dumps(document)


# One per registry

def _singleton(key, put, get, clear):
    """A type of which a registry has one: a second is refused, as the handlers of AWS do."""
    def create(_logical_id, props, _stack):
        if get():
            raise Refused("AlreadyExists", f"This registry has a {key} already")
        return update(None, None, props, None)

    def update(_physical_id, _old, props, _stack):
        registry.call(*put(props))
        return get_account_id(), {"RegistryId": get_account_id()}

    def delete(_physical_id, _props):
        if get():
            clear()
    return {"create": create, "update": update, "delete": delete}


def _drop(key):
    return lambda: registry.settings.pop(key)


# Many per registry, known by a name

def _named(prop, create_operation, delete_operation, update_operation=None):
    member = prop[0].lower() + prop[1:]

    def create(_logical_id, props, _stack):
        registry.call(create_operation, api(props))
        return props[prop], {}

    def update(name, _old, props, _stack):
        registry.call(update_operation, api(props))
        return name, {}
    handlers = {"create": create, "delete": lambda name, _props: registry.call(delete_operation, {member: name})}
    return {**handlers, "update": update} if update_operation else handlers


HANDLERS = {
    "AWS::ECR::Repository": {"create": _repository_create, "update": _repository_update, "delete": _repository_delete},
    "AWS::ECR::PublicRepository": {"create": public.resource_create, "update": public.resource_update, "delete": public.resource_delete},
    "AWS::ECR::RegistryPolicy": _singleton(
        "registry policy", lambda props: ("PutRegistryPolicy", {"policyText": _text(props["PolicyText"])}),
        lambda: registry.settings.get("policy"), _drop("policy")),
    "AWS::ECR::ReplicationConfiguration": _singleton(
        "replication configuration", lambda props: ("PutReplicationConfiguration", api(props)),
        lambda: registry.settings.get("replication"), _drop("replication")),
    "AWS::ECR::RegistryScanningConfiguration": _singleton(
        "scanning configuration", lambda props: ("PutRegistryScanningConfiguration", api(props)),
        lambda: registry.settings.get("scanning"), _drop("scanning")),
    "AWS::ECR::SigningConfiguration": _singleton(
        "signing configuration", lambda props: ("PutSigningConfiguration", {"signingConfiguration": api(props)}),
        lambda: registry.settings.get("signing"), _drop("signing")),
    "AWS::ECR::PullThroughCacheRule": _named("EcrRepositoryPrefix", "CreatePullThroughCacheRule", "DeletePullThroughCacheRule"),
    "AWS::ECR::RepositoryCreationTemplate": _named(
        "Prefix", "CreateRepositoryCreationTemplate", "DeleteRepositoryCreationTemplate", "UpdateRepositoryCreationTemplate"),
    "AWS::ECR::PullTimeUpdateExclusion": _named(
        "PrincipalArn", "RegisterPullTimeUpdateExclusion", "DeregisterPullTimeUpdateExclusion"),
}

REPLACING = {
    "AWS::ECR::PublicRepository": ("RepositoryName",),
    "AWS::ECR::RegistryPolicy": (),
    "AWS::ECR::ReplicationConfiguration": (),
    "AWS::ECR::RegistryScanningConfiguration": (),
    "AWS::ECR::SigningConfiguration": (),
    "AWS::ECR::PullThroughCacheRule": (
        "CredentialArn", "CustomRoleArn", "EcrRepositoryPrefix", "UpstreamRegistry", "UpstreamRegistryUrl", "UpstreamRepositoryPrefix"),
    "AWS::ECR::RepositoryCreationTemplate": ("Prefix",),
    "AWS::ECR::PullTimeUpdateExclusion": ("PrincipalArn",),
}


# Imports: each type by its primary identifier. An import takes a resource as it is.

def _lookup(type_name, key, find):
    def problem(name):
        return None if find(name) else changesets._IMPORT_NOT_FOUND.format(type=type_name, value=name)
    return (key,), problem


def _setting(key):
    return lambda account: account == get_account_id() and key in registry.settings


def _listed(operation, members, member=None):
    return lambda name: any((item[member] if member else item) == name for item in registry.call(operation, {})[members])


_IDENTIFIERS = {
    "AWS::ECR::Repository": ("RepositoryName", lambda name: name in ecr._repositories),
    "AWS::ECR::RegistryPolicy": ("RegistryId", _setting("policy")),
    "AWS::ECR::ReplicationConfiguration": ("RegistryId", _setting("replication")),
    "AWS::ECR::RegistryScanningConfiguration": ("RegistryId", _setting("scanning")),
    "AWS::ECR::SigningConfiguration": ("RegistryId", _setting("signing")),
    "AWS::ECR::PullThroughCacheRule": (
        "EcrRepositoryPrefix", _listed("DescribePullThroughCacheRules", "pullThroughCacheRules", "ecrRepositoryPrefix")),
    "AWS::ECR::RepositoryCreationTemplate": (
        "Prefix", _listed("DescribeRepositoryCreationTemplates", "repositoryCreationTemplates", "prefix")),
    "AWS::ECR::PullTimeUpdateExclusion": ("PrincipalArn", _listed("ListPullTimeUpdateExclusions", "pullTimeUpdateExclusions")),
}


def _import(type_name, key):
    def take(identifier):
        name = identifier[key]
        if type_name == "AWS::ECR::Repository":
            repository = ecr._repositories[name]
            return name, {"Arn": repository["repositoryArn"], "RepositoryUri": repository["repositoryUri"]}
        return name, {"RegistryId": name} if key == "RegistryId" else {}
    return take


def install():
    for type_name, (key, find) in _IDENTIFIERS.items():
        HANDLERS[type_name]["import"] = _import(type_name, key)
        changesets._IMPORT_LOOKUPS[type_name] = _lookup(type_name, key, find)
    provisioners._RESOURCE_HANDLERS.update({**HANDLERS, **neighbours.HANDLERS})
    provisioners._REPLACING_PROPERTIES.update({**REPLACING, **neighbours.REPLACING})
