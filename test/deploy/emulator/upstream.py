"""Pull through caches: a pull of what is not there brings it in from a stand-in for the upstream, on this machine.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
"""

import json
import os
import urllib.error
import urllib.request

from ministack.services import ecr, secretsmanager

from . import access, creation, registry
from .model import Refused

_STAND_IN = os.environ["EMULATOR_UPSTREAM"]
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
    _credentials(rule)
    source = f"http://{_STAND_IN}/v2/{_upstream_name(rule, name)}"
    image = _fetch(source, reference)
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
    if not (value.get("username") and value.get("accessToken")):
        raise Refused("UpstreamAccessDenied", f"{rule['credentialArn']} must hold 'username' and 'accessToken'")


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
