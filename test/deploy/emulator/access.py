"""Who calls a registry, and whether the deployed policies let them: the emulator's own IAM evaluator, asked for every ECR action.

Across accounts both sides must allow. The resource side is the repository policy and the registry policy together.
"""

import base64
import contextlib
import json
import secrets
import time

from ministack.core import iam_evaluator as evaluator
from ministack.core.responses import (
    _account_from_sts_session, get_account_id, get_region, set_request_account_id, set_request_region,
)
from ministack.core.router import extract_access_key_id
from ministack.services import ecr, iam

from .model import Refused

_tokens = {}  # password of a registry login: the access key that asked for it


def caller(headers):
    return extract_access_key_id(headers) or ""


def registry_of(request):
    """The registry that a request names, which may belong to another account."""
    return registry_at(request.get("registryId") or get_account_id(), get_region())


def demand(access_key, operation, repository=None, service="ecr"):
    """Pass, or answer as IAM denies."""
    arn = ecr._repo_arn(repository) if repository else "*"
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    action = f"{service}:" + {"ListImageReferrers": "BatchGetImage"}.get(operation, operation)
    principal = _principal(access_key)
    context = evaluator.EvalContext(
        principal_arn=principal.arn, principal_type=principal.type, principal_account=principal.account,
        action=action, resource_arn=arn, region=get_region(), principal_keys=principal.keys,
    )
    root = [evaluator.parse_policy_document({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})]
    result = evaluator.evaluate(context, root if principal.policies is None else principal.policies, *principal.limits)
    if repository:
        result = evaluator.combine_resource_policy(result, context, policy_of(arn, repository), get_account_id(), limits=principal.limits)
    if result.decision != "Allow":
        raise Refused("AccessDeniedException", f"User: {principal.arn} is not authorized to perform: {action} on resource: {arn}")


def demand_of_role(arn, service, wanted):
    """Pass if a service can assume a role of this account that may do everything `wanted`, pairs of an action and a resource."""
    role = iam._roles.get((arn or "").rsplit("/", 1)[-1])
    if role is None:
        raise Refused("InvalidParameterException", f"there is no role {arn}, which {service} needs for {wanted}")
    trust = json.loads(role["AssumeRolePolicyDocument"]) if isinstance(role["AssumeRolePolicyDocument"], str) else role["AssumeRolePolicyDocument"]
    services = [statement["Principal"].get("Service") for statement in trust["Statement"] if statement["Effect"] == "Allow"]
    if service not in services:
        raise Refused("AccessDeniedException", f"{service} cannot assume {arn}")
    policies = evaluator._gather_role_policies(role["RoleName"], get_account_id())
    for action, resource in wanted:
        context = evaluator.EvalContext(
            principal_arn=role["Arn"], principal_type="Role", principal_account=get_account_id(), action=action, resource_arn=resource,
            region=get_region(), service_context={"kms:viaservice": f"ecr.{get_region()}.amazonaws.com", "aws:tagkeys": None},
        )
        if evaluator.evaluate(context, policies).decision != "Allow":
            raise Refused("AccessDeniedException", f"{arn} may not {action} on {resource}")


def demand_of_account(account, actions, repository):
    """Pass if the policies of this registry let another account, as a whole, do something to a repository."""
    arn = ecr._repo_arn(repository)
    for action in actions:
        context = evaluator.EvalContext(
            principal_arn=f"arn:aws:iam::{account}:root", principal_type="Root", principal_account=account, action=action,
            resource_arn=arn, region=get_region(),
        )
        if evaluator.evaluate_resource_policy(policy_of(arn, repository), context).decision != "Allow":
            raise Refused("AccessDeniedException", f"account {account} may not {action} on {arn}")


@contextlib.contextmanager
def registry_at(account, region):
    """Another registry for a while."""
    here = (get_account_id(), get_region())
    set_request_account_id(account)
    set_request_region(region)
    try:
        yield
    finally:
        set_request_account_id(here[0])
        set_request_region(here[1])


def policy_of(arn, repository):
    """The repository policy, whose statements have no Resource, and what the registry policy adds."""
    from .registry import settings
    own = json.loads(ecr._repo_policies.get(repository) or '{"Statement": []}')["Statement"]
    registry = json.loads(settings.get("policy", '{"Statement": []}'))["Statement"]
    return {"Statement": [{**statement, "Resource": arn} for statement in own] + registry}


def token(access_key):
    password = secrets.token_urlsafe(24)
    _tokens[password] = access_key
    return {"authorizationData": [{
        "authorizationToken": base64.b64encode(f"AWS:{password}".encode()).decode(),
        "expiresAt": time.time() + 12 * 3600,
        "proxyEndpoint": f"https://{get_account_id()}.dkr.ecr.{get_region()}.amazonaws.com",
    }]}


def holder(authorization):
    """The access key behind `Authorization: Basic`, if the login is one that was given out."""
    scheme, _, encoded = (authorization or "").partition(" ")
    user, _, password = base64.b64decode(encoded).decode().partition(":") if scheme.lower() == "basic" else ("", "", "")
    return _tokens.get(password) if user == "AWS" else None


def _principal(access_key):
    account = access_key if access_key.isdigit() else _account_from_sts_session(access_key) or get_account_id()
    principal = evaluator.resolve_principal(access_key, account)
    if isinstance(principal, evaluator.AuthError):
        raise Refused(principal.code, principal.message)
    return principal
