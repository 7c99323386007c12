"""VPC endpoints as EC2 has them: every setting is kept and told, and two endpoints of a VPC cannot own one private DNS name."""

import json
from xml.sax.saxutils import escape

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from .model import Refused


def install():
    ec2._vpce_fields_xml = _fields
    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::EC2::VPC"] = {**handlers["AWS::EC2::VPC"], "create": _vpc_create, "update": _vpc_update, "update_with_logical_id": True}
    handlers["AWS::EC2::VPCEndpoint"] = {**handlers["AWS::EC2::VPCEndpoint"], "create": _create, "update": _update}


def _vpc_create(logical_id, props, stack):
    return _with_cidr(provisioners._ec2_vpc_create(logical_id, props, stack))


def _vpc_update(vpc_id, old, new, stack, logical_id):
    return _with_cidr(provisioners._ec2_vpc_update(vpc_id, old, new, stack, logical_id))


def _with_cidr(result):
    vpc_id, attributes = result
    return vpc_id, {**attributes, "CidrBlock": ec2._vpcs[vpc_id]["CidrBlock"]}


def _create(logical_id, props, stack):
    _check(props)
    endpoint_id, attributes = provisioners._ec2_vpc_endpoint_create(logical_id, props, stack)
    ec2._vpc_endpoints[endpoint_id]["Asked"] = props
    return endpoint_id, attributes


def _update(endpoint_id, old, new, stack):
    result = provisioners._ec2_vpc_endpoint_update(endpoint_id, old, new, stack)
    ec2._vpc_endpoints[endpoint_id]["Asked"] = new
    return result


def _check(props):
    vpc = ec2._vpcs.get(props["VpcId"])
    if vpc is None:
        raise Refused("InvalidVpcId.NotFound", f"The Vpc Id {props['VpcId']} does not exist")
    if not props.get("PrivateDnsEnabled"):
        return
    if not (vpc.get("EnableDnsSupport", True) and vpc.get("EnableDnsHostnames")):
        raise Refused("InvalidParameter", "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true")
    for endpoint in ec2._vpc_endpoints.values():
        same = endpoint["VpcId"] == props["VpcId"] and endpoint["ServiceName"] == props["ServiceName"]
        if same and endpoint["PrivateDnsEnabled"]:
            raise Refused("InvalidParameter", "private-dns-enabled cannot be set because there is already a conflicting DNS domain in the VPC")


_tell = ec2._vpce_fields_xml


def _fields(endpoint, tag="item"):
    asked = endpoint.get("Asked", {})
    policy = asked.get("PolicyDocument") or {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}
    options = "".join(f"<{name[0].lower()}{name[1:]}>{value}</{name[0].lower()}{name[1:]}>" for name, value in asked.get("DnsOptions", {}).items())
    groups = "".join(f"<item><groupId>{group}</groupId></item>" for group in endpoint.get("SecurityGroupIds", []))
    more = f"""<privateDnsEnabled>{str(endpoint.get("PrivateDnsEnabled", False)).lower()}</privateDnsEnabled>
        <policyDocument>{escape(policy if isinstance(policy, str) else json.dumps(policy))}</policyDocument>
        <groupSet>{groups}</groupSet>
        <ipAddressType>{asked.get("IpAddressType", "ipv4")}</ipAddressType>
        <serviceRegion>{asked.get("ServiceRegion", "")}</serviceRegion>
        <dnsOptions>{options}</dnsOptions></{tag}>"""
    return more.join(_tell(endpoint, tag).rsplit(f"</{tag}>", 1))
