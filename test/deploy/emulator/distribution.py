"""The registry behind `docker push` and `docker pull`: login, permissions, tag mutability and referrers, on the emulator's storage."""

import asyncio
import fnmatch
import json

from ministack import app
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import ecr

from . import access, replication, upstream
from .model import Refused

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
_OPERATIONS = {
    ("blob_uploads", "POST"): "InitiateLayerUpload",
    ("blob_upload_session", "PATCH"): "UploadLayerPart",
    ("blob_upload_session", "PUT"): "CompleteLayerUpload",
    ("blob", "HEAD"): "BatchCheckLayerAvailability",
    ("blob", "GET"): "GetDownloadUrlForLayer",
    ("manifest", "HEAD"): "BatchGetImage",
    ("manifest", "GET"): "BatchGetImage",
    ("manifest", "PUT"): "PutImage",
    ("tags_list", "GET"): "ListImages",
    ("referrers", "GET"): "BatchGetImage",
}


def install():
    app._is_ecr_registry_path = lambda path: is_path(path) or path.startswith("/v2/") and "/referrers/" in path
    ecr.handle_registry_request = handle_request


is_path, _handle = app._is_ecr_registry_path, ecr.handle_registry_request


async def handle_request(method, path, headers, body, query):
    headers = {name.lower(): value for name, value in headers.items()}
    access_key = access.holder(headers.get("authorization"))
    if access_key is None:
        status, answer, body = ecr._registry_error(401, "UNAUTHORIZED", "not authorized")
        return status, {**answer, "WWW-Authenticate": f'Basic realm="https://{headers["host"]}/",service="ecr.amazonaws.com"'}, body
    if registry := ecr._registry_scope_hint(headers["host"]):
        set_request_account_id(registry[0])
        set_request_region(registry[1])
    verb, name, reference = _parse(path)
    operation = _OPERATIONS.get((verb, method.upper()))
    try:
        if operation == "BatchGetImage" and verb == "manifest":
            await asyncio.to_thread(upstream.import_image, access_key, name, reference)
        if operation:
            access.demand(access_key, operation, name)
        elif verb != "ping":
            return ecr._registry_error(405, "UNSUPPORTED", f"ECR does not offer {method} {path}")
    except Refused as refusal:
        if refusal.code == "ImageNotFound":
            return ecr._registry_error(404, "MANIFEST_UNKNOWN", refusal.message)
        return ecr._registry_error(403, "DENIED", refusal.message)
    if verb == "referrers":
        index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": referrers(name, reference)}
        return ecr._registry_ok(200, {"Content-Type": index["mediaType"]}, json.dumps(index).encode())
    if operation == "PutImage":
        return await _put(method, path, headers, body, query, name, reference)
    return await _handle(method, path, headers, body, query)


def _parse(path):
    name, found, digest = path.removeprefix("/v2/").partition("/referrers/")
    return ("referrers", name, digest) if found else ecr._parse_v2_path(path)


async def _put(method, path, headers, body, query, name, reference):
    digest = ecr._content_digest(body)
    if tag_is_taken(name, reference, digest):
        return ecr._registry_error(400, "TAG_INVALID", f"The image tag '{reference}' already exists in the '{name}' repository "
                                   "and cannot be overwritten because the repository is immutable.")
    missing = _missing(name, json.loads(body))
    if missing:
        return ecr._registry_error(404, "MANIFEST_BLOB_UNKNOWN", f"{missing} is not in '{name}'")
    status, answer, content = await _handle(method, path, headers, body, query)
    replication.replicate(name, reference)
    subject = json.loads(body).get("subject")
    return status, {**answer, **({"OCI-Subject": subject["digest"]} if subject else {})}, content


def tag_is_taken(name, tag, digest):
    """Whether a tag is immutable and belongs to another image."""
    repository = ecr._repositories.get(name)
    if repository is None or tag.startswith("sha256:"):
        return False
    mode = repository["imageTagMutability"]
    excluded = any(fnmatch.fnmatchcase(tag, f["filter"]) for f in repository.get("imageTagMutabilityExclusionFilters", []))
    if mode.startswith("IMMUTABLE") == excluded:
        return False
    return any(tag in image["imageTags"] and image["imageDigest"] != digest for image in ecr._images[name])


def _missing(name, manifest):
    blobs, manifests = ecr._layer_blobs.get(name, {}), ecr._manifest_blobs.get(name, {})
    parts = [manifest["config"], *manifest["layers"]] if "config" in manifest else []
    return next((p["digest"] for p in parts if p["digest"] not in blobs), None) or next(
        (m["digest"] for m in manifest.get("manifests", []) if m["digest"] not in manifests), None)


def referrers(name, digest):
    """The manifests whose subject is this digest, as descriptors."""
    found = []
    for image in ecr._images.get(name, []):
        manifest = json.loads(image["imageManifest"])
        if manifest.get("subject", {}).get("digest") == digest:
            found.append({
                "mediaType": image["imageManifestMediaType"],
                "digest": image["imageDigest"],
                "size": len(image["imageManifest"]),
                "artifactType": manifest.get("artifactType") or manifest.get("config", {}).get("mediaType"),
                "annotations": manifest.get("annotations", {}),
            })
    return found
