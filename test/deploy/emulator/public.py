"""Amazon ECR Public: the few operations that CloudFormation and a reader need, which the emulator lacks."""

import json
import time

from ministack import app
from ministack.core import router
from ministack.core.responses import AccountRegionScopedDict, error_response_json, get_account_id, get_region, json_response

from .model import Refused, check

_repositories = AccountRegionScopedDict()


def install():
    router.SERVICE_PATTERNS["ecr-public"] = {"target_prefixes": ["SpencerFrontendService"], "credential_scope": "ecr-public"}
    app.SERVICE_HANDLERS["ecr-public"] = handle_request


def call(operation, request):
    check(operation, request, "ecr-public")
    if get_region() != "us-east-1":
        raise Refused("UnsupportedCommandException", f"{operation} is offered in us-east-1 only")
    return _OPERATIONS[operation](request)


async def handle_request(_method, _path, headers, body, _query):
    try:
        return json_response(call(headers["x-amz-target"].split(".")[-1], json.loads(body or b"{}")))
    except Refused as refusal:
        return error_response_json(refusal.code, refusal.message)


def _create(request):
    name = request["repositoryName"]
    if name in _repositories:
        raise Refused("RepositoryAlreadyExistsException", f"The repository '{name}' already exists")
    _repositories[name] = {
        "catalogData": request.get("catalogData", {}), "policyText": None, "tags": request.get("tags", []),
        "repository": {
            "createdAt": time.time(), "registryId": get_account_id(), "repositoryName": name,
            "repositoryArn": f"arn:aws:ecr-public::{get_account_id()}:repository/{name}",
            "repositoryUri": f"public.ecr.aws/{get_account_id()}/{name}",
        },
    }
    return {"repository": _repositories[name]["repository"], "catalogData": _repositories[name]["catalogData"]}


def _describe(request):
    names = request.get("repositoryNames") or list(_repositories)
    return {"repositories": [_found({"repositoryName": name})["repository"] for name in names]}


def _found(request):
    if request["repositoryName"] not in _repositories:
        raise Refused("RepositoryNotFoundException", f"The repository '{request['repositoryName']}' does not exist")
    return _repositories[request["repositoryName"]]


def _put_catalog_data(request):
    _found(request)["catalogData"] = request["catalogData"]
    return {"catalogData": request["catalogData"]}


def _get_policy(request):
    if not _found(request)["policyText"]:
        raise Refused("RepositoryPolicyNotFoundException", "Repository policy does not exist")
    return {"repositoryName": request["repositoryName"], "policyText": _found(request)["policyText"]}


def _set_policy(request):
    _found(request)["policyText"] = request["policyText"]
    return _get_policy(request)


def _delete(request):
    _found(request)
    return {"repository": _repositories.pop(request["repositoryName"])["repository"]}


_OPERATIONS = {
    "CreateRepository": _create,
    "DeleteRepository": _delete,
    "DescribeRepositories": _describe,
    "GetRepositoryCatalogData": lambda request: {"catalogData": _found(request)["catalogData"]},
    "GetRepositoryPolicy": _get_policy,
    "ListTagsForResource": lambda request: {"tags": _found({"repositoryName": request["resourceArn"].partition("/")[2]})["tags"]},
    "PutRepositoryCatalogData": _put_catalog_data,
    "SetRepositoryPolicy": _set_policy,
}


# AWS::ECR::PublicRepository. Its catalog data has names of its own.

_CATALOG = {
    "AboutText": "aboutText", "Architectures": "architectures", "OperatingSystems": "operatingSystems",
    "RepositoryDescription": "description", "UsageText": "usageText",
}


def _catalog(props):
    return {_CATALOG.get(name, name): value for name, value in props.get("RepositoryCatalogData", {}).items()}


def resource_create(_logical_id, props, _stack):
    name = props["RepositoryName"]
    tags = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in props.get("Tags", [])]
    created = call("CreateRepository", {"repositoryName": name, "catalogData": _catalog(props), "tags": tags})["repository"]
    _apply_policy(name, props)
    return name, {"Arn": created["repositoryArn"]}


def resource_update(name, _old, props, _stack):
    call("PutRepositoryCatalogData", {"repositoryName": name, "catalogData": _catalog(props)})
    _apply_policy(name, props)
    return name, {"Arn": _repositories[name]["repository"]["repositoryArn"]}


def resource_delete(name, _props):
    call("DeleteRepository", {"repositoryName": name, "force": True})


def _apply_policy(name, props):
    policy = props.get("RepositoryPolicyText")
    if policy:
        call("SetRepositoryPolicy", {"repositoryName": name, "policyText": policy if isinstance(policy, str) else json.dumps(policy)})
