"""CloudFormation types around ECR: OIDC providers and rules of security groups, which the emulator lacks, and the ARN of secrets."""

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import ec2, iam, secretsmanager
from ministack.services.cloudformation import provisioners

from .model import Refused


def _provider_create(_logical_id, props, _stack):
    host = props["Url"].removeprefix("https://").rstrip("/")
    arn = f"arn:aws:iam::{get_account_id()}:oidc-provider/{host}"
    if arn in iam._oidc_providers:
        raise Refused("EntityAlreadyExists", f"Provider with url {props['Url']} already exists")
    iam._oidc_providers[arn] = {
        "Url": host, "ClientIDList": props.get("ClientIdList", []), "ThumbprintList": props.get("ThumbprintList", []),
        "Arn": arn, "CreateDate": iam._now(), "Tags": props.get("Tags", []),
    }
    return arn, {"Arn": arn}


def _provider_update(arn, _old, props, _stack):
    iam._oidc_providers[arn].update(ClientIDList=props.get("ClientIdList", []), ThumbprintList=props.get("ThumbprintList", []))
    return arn, {"Arn": arn}


def _rule(direction, permissions):
    def create(_logical_id, props, _stack):
        rule_id = f"sgr-{new_uuid().replace('-', '')[:17]}"
        [permission] = provisioners._ec2_sg_permissions([props])
        ec2._security_groups[props["GroupId"]][permissions].append({**permission, "SecurityGroupRuleId": rule_id})
        return rule_id, {"Id": rule_id}

    def delete(rule_id, props):
        group = ec2._security_groups.get(props["GroupId"])
        if group:
            group[permissions] = [rule for rule in group[permissions] if rule.get("SecurityGroupRuleId") != rule_id]
    return {f"AWS::EC2::SecurityGroup{direction}": {"create": create, "delete": delete}}


def _secrets_by_arn(create, update, delete):
    """`Ref` of a secret is its ARN; the emulator says its name."""
    def by_arn(result):
        return result[1]["Arn"], result[1]

    def name_of(arn):
        return secretsmanager._resolve(arn)[0]
    return {
        "create": lambda logical_id, props, stack: by_arn(create(logical_id, props, stack)),
        "update": lambda arn, old, new, stack, logical_id: by_arn(update(name_of(arn), old, new, stack, logical_id)),
        "update_with_logical_id": True,
        "delete": lambda arn, props: delete(name_of(arn), props),
    }


def _recorded(logical_id, _props, stack):
    """A type that has nothing to do with ECR: its properties are kept by the stack, and nothing is behind it."""
    name = provisioners._physical_name(stack, logical_id)
    return name, {"Arn": f"arn:aws:recorded:{get_region()}:{get_account_id()}:{name}", "Id": name}


RECORDED = ("AWS::Chatbot::SlackChannelConfiguration", "AWS::CloudWatch::Alarm", "AWS::EC2::EIP", "AWS::EC2::FlowLog", "AWS::EC2::NatGateway")

HANDLERS = {
    **{name: {"create": _recorded, "delete": lambda _name, _props: None} for name in RECORDED},
    "AWS::SecretsManager::Secret": _secrets_by_arn(
        provisioners._sm_secret_create, provisioners._sm_secret_update, provisioners._sm_secret_delete),
    "AWS::IAM::OIDCProvider": {
        "create": _provider_create, "update": _provider_update, "delete": lambda arn, _props: iam._oidc_providers.pop(arn, None)},
    **_rule("Ingress", "IpPermissions"),
    **_rule("Egress", "IpPermissionsEgress"),
}

REPLACING = {
    "AWS::IAM::OIDCProvider": ("Url",),
    **{f"AWS::EC2::SecurityGroup{direction}": (
        "CidrIp", "CidrIpv6", "FromPort", "GroupId", "IpProtocol", "SourceSecurityGroupId", "DestinationSecurityGroupId", "ToPort")
       for direction in ("Ingress", "Egress")},
}
