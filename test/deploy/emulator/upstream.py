"""Pull through caches: a pull of what is not there brings it in, from another registry here or from a stand-in for the upstream.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
"""

import json
import os
import urllib.error
import urllib.request

from ministack.core.responses import get_account_id
from ministack.services import ecr, secretsmanager

from . import access, creation, registry
from .model import Refused

_STAND_IN, _LOGIN = os.environ["EMULATOR_UPSTREAM"], os.environ.get("EMULATOR_UPSTREAM_LOGIN")
_SOURCE_ACTIONS = ("ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:GetDownloadUrlForLayer", "ecr:GetImageCopyStatus")
_COPY_ACTIONS = ("ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart")
_TYPES = ", ".join(
    f"application/vnd.{name}+json"
    for name in ("oci.image.index.v1", "oci.image.manifest.v1", "docker.distribution.manifest.list.v2", "docker.distribution.manifest.v2"))


def import_image(access_key, name, reference):
    """Brings an image in if a rule covers its repository and the caller may import."""
    rule = creation.matching(registry.rules, name)
    if rule is None or reference in _known(name):
        return
    access.demand(access_key, "BatchImportUpstreamImage", name)
    if name not in ecr._repositories:
        access.demand(access_key, "CreateRepository", name)
        if (creation.matching(registry.templates, name) or {}).get("resourceTags"):
            access.demand(access_key, "TagResource", name)
    image = list(_from_registry(rule, name, reference) if rule["upstreamRegistry"] == "ecr" else _from_stand_in(rule, name, reference))
    if name not in ecr._repositories:
        creation.create(name, "PULL_THROUGH_CACHE")
    for media_type, manifest, blobs, tag in image:
        creation.store(name, tag, media_type, manifest, blobs)


def _known(name):
    tags = {tag for image in ecr._images.get(name, []) for tag in image["imageTags"]}
    return tags | set(ecr._manifest_blobs.get(name, {}))


def _upstream_name(rule, name):
    prefix, upstream = rule["ecrRepositoryPrefix"].rstrip("/"), rule.get("upstreamRepositoryPrefix", "ROOT").rstrip("/")
    rest = name if prefix == "ROOT" else name.removeprefix(prefix + "/")
    return rest if upstream == "ROOT" else f"{upstream}/{rest}"


def _credentials(rule):
    if not rule.get("credentialArn"):
        return
    _, secret = secretsmanager._resolve(rule["credentialArn"])
    current = next(version for version in secret["Versions"].values() if "AWSCURRENT" in version["Stages"])
    try:
        value = json.loads(current["SecretString"])
    except ValueError:
        value = {}
    if f"{value.get('username')}:{value.get('accessToken')}" != _LOGIN:
        raise Refused("UpstreamAccessDenied", f"the upstream does not know the 'username' and 'accessToken' in {rule['credentialArn']}")


def _from_stand_in(rule, name, reference):
    _credentials(rule)
    return _fetch(f"http://{_STAND_IN}/v2/{_upstream_name(rule, name)}", reference)


def _from_registry(rule, name, reference):
    """A private registry of ECR. Across accounts the upstream lets the account in, and a role of the cache does the work.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
    """
    account, region = ecr._registry_scope_hint(rule["upstreamRegistryUrl"])
    here, ours, theirs = get_account_id(), ecr._repo_arn(name), _upstream_name(rule, name)
    if account != here:
        source = f"arn:aws:ecr:{region}:{account}:repository/{theirs}"
        access.demand_of_role(rule.get("customRoleArn"), "pullthroughcache.ecr.amazonaws.com", [
            *((action, source) for action in _SOURCE_ACTIONS), *((action, ours) for action in _COPY_ACTIONS), ("ecr:GetAuthorizationToken", "*")])
    with access.registry_at(account, region):
        if account != here:
            access.demand_of_account(here, _SOURCE_ACTIONS, theirs)
        digest, manifest, media_type = ecr._resolve_manifest(theirs, reference)
        if digest is None:
            raise Refused("ImageNotFound", f"{theirs}:{reference} is not in the upstream")
        children = [ecr._resolve_manifest(theirs, child["digest"]) for child in json.loads(manifest).get("manifests", [])]
        blobs = dict(ecr._layer_blobs.get(theirs, {}))
    for child_digest, child, child_type in children:
        yield child_type, child, blobs, child_digest
    yield media_type, manifest, blobs, reference


def _fetch(source, reference):
    """The manifest, for an index after the manifests that it names, each with its blobs."""
    media_type, manifest = _get(f"{source}/manifests/{reference}")
    content = json.loads(manifest)
    parts = [content["config"], *content["layers"]] if "config" in content else []
    blobs = {part["digest"]: _get(f"{source}/blobs/{part['digest']}")[1] for part in parts}
    children = [part for child in content.get("manifests", []) for part in _fetch(source, child["digest"])]
    return [*children, (media_type, manifest, blobs, reference)]


def _get(url):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": _TYPES})) as response:
            return response.headers["Content-Type"], response.read()
    except urllib.error.HTTPError as error:
        raise Refused("ImageNotFound", f"the upstream answers {error.code} to {url}") from error
