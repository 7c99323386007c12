"""The operations of ECR that the emulator lacks or answers too loosely. State lives per account and Region."""

import json
import re
import time

from ministack.core.responses import AccountRegionScopedDict, error_response_json, get_account_id, get_region, json_response
from ministack.services import ecr, iam, secretsmanager

from . import access, distribution, lifecycle, replication, scanning
from .model import Refused, check, service

settings = AccountRegionScopedDict()  # 'policy', 'replication', 'scanning', 'signing'
rules = AccountRegionScopedDict()  # pull through cache rules by prefix
templates = AccountRegionScopedDict()  # creation templates by prefix
exclusions = AccountRegionScopedDict()  # pull time update exclusions by principal

_UPSTREAMS = {  # registry: its host, whether it asks for a secret
    "ecr-public": (r"public\.ecr\.aws", False),
    "k8s": (r"registry\.k8s\.io", False),
    "quay": (r"quay\.io", False),
    "docker-hub": (r"registry-1\.docker\.io", True),
    "github-container-registry": (r"ghcr\.io", True),
    "gitlab-container-registry": (r"registry\.gitlab\.com", True),
    "azure-container-registry": (r"[a-z0-9-]+\.azurecr\.io", True),
    "chainguard": (r"cgr\.dev", True),
    "ecr": (r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com", False),
}


def call(operation, request):
    """One operation, as the service answers it, or `Refused`."""
    check(operation, request)
    if operation in OPERATIONS:
        return OPERATIONS[operation](request)
    status, _, body = getattr(ecr, "_" + re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower())(request)
    answer = json.loads(body)
    if status >= 400:
        raise Refused(answer["__type"], answer["message"])
    return answer


async def handle_request(_method, _path, headers, body, _query):
    operation, request = headers.get("x-amz-target", "").split(".")[-1], json.loads(body or b"{}")
    try:
        if operation not in service("ecr").operation_names:
            raise Refused("UnknownOperationException", f"unknown operation {operation}")
        caller = access.caller(headers)
        with access.registry_of(request):
            access.demand(caller, operation, request.get("repositoryName"))
            if operation == "GetAuthorizationToken":
                return json_response(access.token(caller))
            if operation == "DescribeImageScanFindings":
                scanning.demand(caller, _scan_type())
            return json_response(call(operation, request))
    except Refused as refusal:
        return error_response_json(refusal.code, refusal.message)


# Repositories

def _create_repository(request):
    _mutability(request)
    encryption = request.get("encryptionConfiguration", {"encryptionType": "AES256"})
    if "kmsKey" in encryption and encryption["encryptionType"] == "AES256":
        raise Refused("InvalidParameterException", "'kmsKey' needs encryptionType KMS or KMS_DSSE")
    status, _, body = ecr._create_repository(request)
    if status >= 400:
        raise Refused("RepositoryAlreadyExistsException", json.loads(body)["message"])
    repository = ecr._repositories[request["repositoryName"]]
    repository["imageTagMutabilityExclusionFilters"] = request.get("imageTagMutabilityExclusionFilters", [])
    return {"repository": shape(repository)}


def _describe_repositories(request):
    names = request.get("repositoryNames")
    missing = [name for name in names or [] if name not in ecr._repositories]
    if missing:
        raise Refused("RepositoryNotFoundException", f"The repository with name '{missing[0]}' does not exist in the registry")
    return {"repositories": [shape(repository) for name, repository in ecr._repositories.items() if not names or name in names]}


def _put_image_tag_mutability(request):
    _mutability(request)
    repository = _repository(request)
    filters = request.get("imageTagMutabilityExclusionFilters", [])
    repository["imageTagMutability"] = request["imageTagMutability"]
    repository["imageTagMutabilityExclusionFilters"] = filters
    return {**request, "registryId": get_account_id()}


def _put_lifecycle_policy(request):
    lifecycle.check(request["lifecyclePolicyText"])
    _repository(request)
    ecr._lifecycle_policies[request["repositoryName"]] = request["lifecyclePolicyText"]
    return {**request, "registryId": get_account_id()}


def _set_repository_policy(request):
    _repository(request)
    _policy(request["policyText"], "Invalid repository policy provided")
    ecr._repo_policies[request["repositoryName"]] = request["policyText"]
    return {"registryId": get_account_id(), "repositoryName": request["repositoryName"], "policyText": request["policyText"]}


def _list_image_referrers(request):
    _repository(request)
    found = distribution.referrers(request["repositoryName"], request["subjectId"]["imageDigest"])
    return {"referrers": [{**referrer, "artifactStatus": "ACTIVE"} for referrer in found]}


def _describe_image_replication_status(request):
    key = (get_account_id(), get_region(), request["repositoryName"], request["imageId"]["imageDigest"])
    return {"repositoryName": key[2], "imageId": request["imageId"], "replicationStatuses": replication.statuses.get(key, [])}


def shape(repository):
    filters = repository.get("imageTagMutabilityExclusionFilters")
    return {**ecr._repo_shape(repository), **({"imageTagMutabilityExclusionFilters": filters} if filters else {})}


def _repository(request):
    name = request["repositoryName"]
    if name not in ecr._repositories:
        raise Refused("RepositoryNotFoundException", f"The repository with name '{name}' does not exist in the registry")
    return ecr._repositories[name]


def _mutability(request):
    with_exclusion = request.get("imageTagMutability", "MUTABLE").endswith("_WITH_EXCLUSION")
    if with_exclusion != bool(request.get("imageTagMutabilityExclusionFilters")):
        raise Refused("InvalidParameterException", "imageTagMutabilityExclusionFilters go with *_WITH_EXCLUSION, and only with it")


def _policy(text, message, resource=False):
    """A policy that ECR takes: well formed, and every role and user in it exists."""
    try:
        statements = json.loads(text)["Statement"]
        for statement in statements if isinstance(statements, list) else [statements]:
            wanted = {"Effect", "Principal", "Action"} | ({"Resource"} if resource else set())
            if not wanted <= set(statement) or statement["Effect"] not in ("Allow", "Deny"):
                raise Refused("InvalidParameterException", f"{message}: every statement has {', '.join(sorted(wanted))}")
            _actions(statement["Action"], message)
            _principals(statement["Principal"], message)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("InvalidParameterException", f"{message}: {error!r}") from error


def _actions(actions, message):
    for action in [actions] if isinstance(actions, str) else actions:
        if action != "*" and not action.startswith("ecr:"):
            raise Refused("InvalidParameterException", f"{message}: {action!r} is not an action of ECR")


def _principals(principal, message):
    named = principal.get("AWS", []) if isinstance(principal, dict) else []
    for arn in [named] if isinstance(named, str) else named:
        match = re.fullmatch(r"arn:aws:iam::(\d{12}):(role|user)/(?:.+/)?([^/]+)", arn)
        store = match and (iam._roles if match[2] == "role" else iam._users)
        if match and store.get_scoped(match[1], None, match[3]) is None:
            raise Refused("InvalidParameterException", f"{message}: the principal {arn} does not exist")


# The registry

def _put_registry_policy(request):
    _policy(request["policyText"], "Invalid registry policy provided", resource=True)
    settings["policy"] = request["policyText"]
    return _get_registry_policy({})


def _get_registry_policy(_):
    if "policy" not in settings:
        raise Refused("RegistryPolicyNotFoundException", "Registry policy does not exist in this registry")
    return {"registryId": get_account_id(), "policyText": settings["policy"]}


def _delete_registry_policy(_):
    answer = _get_registry_policy({})
    del settings["policy"]
    return answer


def _get_account_setting(request):
    """The values of an account that has changed none."""
    defaults = {"BASIC_SCAN_TYPE_VERSION": "AWS_NATIVE", "BLOB_MOUNTING": "DISABLED", "REGISTRY_POLICY_SCOPE": "V2"}
    if request["name"] not in defaults:
        raise Refused("InvalidParameterException", f"unknown setting {request['name']}")
    return {"name": request["name"], "value": defaults[request["name"]]}


def _describe_registry(_):
    return {"registryId": get_account_id(), "replicationConfiguration": settings.get("replication", {"rules": []})}


def _put_replication_configuration(request):
    destinations = {(d["registryId"], d["region"]) for rule in request["replicationConfiguration"]["rules"] for d in rule["destinations"]}
    if len(destinations) > 25:
        raise Refused("ValidationException", f"at most 25 unique destinations, got {len(destinations)}")
    if (get_account_id(), get_region()) in destinations:
        raise Refused("ValidationException", "a registry cannot replicate to itself")
    settings["replication"] = request["replicationConfiguration"]
    return request


def _get_registry_scanning_configuration(_):
    return {"registryId": get_account_id(), "scanningConfiguration": settings.get("scanning", {"scanType": "BASIC", "rules": []})}


def _put_registry_scanning_configuration(request):
    frequencies = [rule["scanFrequency"] for rule in request.get("rules", [])]
    if request.get("scanType", "BASIC") == "BASIC" and "CONTINUOUS_SCAN" in frequencies:
        raise Refused("InvalidParameterException", "CONTINUOUS_SCAN needs scanType ENHANCED")
    if len(set(frequencies)) != len(frequencies):
        raise Refused("InvalidParameterException", "one rule per scan frequency")
    settings["scanning"] = {"scanType": request.get("scanType", "BASIC"), "rules": request.get("rules", [])}
    return {"registryScanningConfiguration": settings["scanning"]}


def _scan_type():
    return settings.get("scanning", {"scanType": "BASIC"})["scanType"]


def _start_image_scan(request):
    return scanning.start(_repository(request), request, _scan_type())


def _describe_image_scan_findings(request):
    return scanning.describe(_repository(request), request, _scan_type())


def _get_signing_configuration(_):
    if "signing" not in settings:
        raise Refused("SigningConfigurationNotFoundException", "Signing configuration does not exist in this registry")
    return {"registryId": get_account_id(), "signingConfiguration": settings["signing"]}


def _put_signing_configuration(request):
    settings["signing"] = request["signingConfiguration"]
    return request


def _delete_signing_configuration(_):
    answer = _get_signing_configuration({})
    del settings["signing"]
    return answer


# Rules and templates

def _create_pull_through_cache_rule(request):
    prefix, host = request["ecrRepositoryPrefix"], request["upstreamRegistryUrl"]
    upstream = next((name for name, (pattern, _) in _UPSTREAMS.items() if re.fullmatch(pattern, host)), None)
    if prefix in rules:
        raise Refused("PullThroughCacheRuleAlreadyExistsException", f"A pull through cache rule for '{prefix}' already exists")
    if upstream is None or upstream != request.get("upstreamRegistry", upstream):
        raise Refused("UnsupportedUpstreamRegistryException", f"'{host}' is not a {request.get('upstreamRegistry', 'supported upstream')} registry")
    if len(rules) >= 50:
        raise Refused("LimitExceededException", "at most 50 pull through cache rules in a registry")
    if _UPSTREAMS[upstream][1]:
        _secret(request.get("credentialArn"), upstream)
    rules[prefix] = {**request, "upstreamRegistry": upstream, "registryId": get_account_id(), "createdAt": time.time(), "updatedAt": time.time()}
    return rules[prefix]


def _secret(arn, upstream):
    if not arn:
        raise Refused("InvalidParameterException", f"{upstream} needs a credentialArn")
    _, secret = secretsmanager._resolve(arn)
    if not secret or f":{get_region()}:{get_account_id()}:" not in arn:
        raise Refused("SecretNotFoundException", f"The secret {arn} does not exist in this account and Region")
    if secret.get("KmsKeyId", "alias/aws/secretsmanager") not in (None, "", "alias/aws/secretsmanager"):
        raise Refused("UnableToDecryptSecretValueException", "The secret must use the AWS managed key aws/secretsmanager")


def _create_repository_creation_template(request):
    if request["prefix"] in templates:
        raise Refused("TemplateAlreadyExistsException", f"A template for '{request['prefix']}' already exists")
    return _put_template(request, {"createdAt": time.time()})


def _update_repository_creation_template(request):
    if request["prefix"] not in templates:
        raise Refused("TemplateNotFoundException", f"There is no template for '{request['prefix']}'")
    return _put_template(request, templates[request["prefix"]])


def _put_template(request, before):
    _mutability(request)
    if len(set(request.get("appliedFor", []))) != len(request.get("appliedFor", [])):
        raise Refused("InvalidParameterException", "appliedFor takes every use once")
    if request.get("lifecyclePolicy"):
        lifecycle.check(request["lifecyclePolicy"])
    if request.get("repositoryPolicy"):
        _policy(request["repositoryPolicy"], "Invalid repository policy provided")
    templates[request["prefix"]] = {**before, **request, "updatedAt": time.time()}
    return {"registryId": get_account_id(), "repositoryCreationTemplate": templates[request["prefix"]]}


def _register_pull_time_update_exclusion(request):
    if request["principalArn"] in exclusions:
        raise Refused("ExclusionAlreadyExistsException", f"{request['principalArn']} is excluded already")
    exclusions[request["principalArn"]] = True
    return {"principalArn": request["principalArn"], "createdAt": time.time()}


def _take(store, member, code):
    def take(request):
        if request[member] not in store:
            raise Refused(code, f"'{request[member]}' does not exist")
        store.pop(request[member])
        return request
    return take


def _listing(store, filter_member, result):
    return lambda request: {result: [value for key, value in store.items() if key in request.get(filter_member, [key])]}


OPERATIONS = {
    "CreateRepository": _create_repository,
    "DescribeRepositories": _describe_repositories,
    "PutImageTagMutability": _put_image_tag_mutability,
    "PutLifecyclePolicy": _put_lifecycle_policy,
    "SetRepositoryPolicy": _set_repository_policy,
    "DescribeImageReplicationStatus": _describe_image_replication_status,
    "ListImageReferrers": _list_image_referrers,
    "PutRegistryPolicy": _put_registry_policy,
    "GetRegistryPolicy": _get_registry_policy,
    "DeleteRegistryPolicy": _delete_registry_policy,
    "GetAccountSetting": _get_account_setting,
    "DescribeRegistry": _describe_registry,
    "PutReplicationConfiguration": _put_replication_configuration,
    "GetRegistryScanningConfiguration": _get_registry_scanning_configuration,
    "PutRegistryScanningConfiguration": _put_registry_scanning_configuration,
    "StartImageScan": _start_image_scan,
    "DescribeImageScanFindings": _describe_image_scan_findings,
    "GetSigningConfiguration": _get_signing_configuration,
    "PutSigningConfiguration": _put_signing_configuration,
    "DeleteSigningConfiguration": _delete_signing_configuration,
    "CreatePullThroughCacheRule": _create_pull_through_cache_rule,
    "DeletePullThroughCacheRule": _take(rules, "ecrRepositoryPrefix", "PullThroughCacheRuleNotFoundException"),
    "DescribePullThroughCacheRules": _listing(rules, "ecrRepositoryPrefixes", "pullThroughCacheRules"),
    "CreateRepositoryCreationTemplate": _create_repository_creation_template,
    "UpdateRepositoryCreationTemplate": _update_repository_creation_template,
    "DeleteRepositoryCreationTemplate": _take(templates, "prefix", "TemplateNotFoundException"),
    "DescribeRepositoryCreationTemplates": _listing(templates, "prefixes", "repositoryCreationTemplates"),
    "RegisterPullTimeUpdateExclusion": _register_pull_time_update_exclusion,
    "DeregisterPullTimeUpdateExclusion": _take(exclusions, "principalArn", "ExclusionNotFoundException"),
    "ListPullTimeUpdateExclusions": lambda _: {"pullTimeUpdateExclusions": list(exclusions)},
}
