"""Puts this directory's parts into the emulator."""

import os

from ministack.core import iam_actions, iam_evaluator as evaluator
from ministack.services import ecr, iam

from . import distribution, network, public, registry, resources


def install():
    ecr.handle_request = registry.handle_request
    iam_actions.SERVICE_TO_IAM_NAMESPACE.pop("ecr")  # the signature is still checked; permissions are, too, but in access.py
    evaluator._resolve_condition_key = _condition_key
    evaluator._principal_org_id = ORGANIZATION.get
    distribution.install()
    network.install()
    public.install()
    resources.install()


# Accounts and the organization that they belong to, as `o-example:111111111111,222222222222`.
_id, _, _members = os.environ.get("EMULATOR_ORGANIZATION", "").partition(":")
ORGANIZATION = dict.fromkeys(_members.split(","), _id)

_resolve = evaluator._resolve_condition_key


def _condition_key(key, context):
    """For a session of a role, `aws:PrincipalArn` is the role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """
    if key.lower() == "aws:principalarn" and context.principal_type == "AssumedRole":
        role = iam._roles.get_scoped(context.principal_account, None, context.principal_arn.split("/")[1])
        return role["Arn"]
    return _resolve(key, context)
