"""Scans of images. What a scanner finds is what stands in the image: `CVE-2026-0001 CRITICAL` in a file of a layer is a critical finding.

An image without any file that says `supported` is of an operating system that no scanner knows. Each scan is asked for once before it is found,
and once more before its findings are there, as it happens at AWS.
"""

import gzip
import json
import re
import time

from ministack.core.responses import AccountRegionScopedDict, get_account_id
from ministack.services import ecr

from . import access
from .model import Refused

_asked = AccountRegionScopedDict()  # how often somebody has asked for a scan, by repository and digest
_started = AccountRegionScopedDict()

_PAGE = 100
_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")


def demand(caller, scan_type):
    """Amazon ECR asks Amazon Inspector on behalf of the caller.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
    """
    if scan_type == "ENHANCED":
        for operation in ("ListCoverage", "ListFindings"):
            access.demand(caller, operation, service="inspector2")


def start(repository, request, scan_type):
    if scan_type == "ENHANCED":
        raise Refused("ValidationException", "This feature is disabled")
    image = _image(repository, request)
    key = (repository["repositoryName"], image["imageDigest"])
    if image["imageManifestMediaType"] in _INDEXES:
        raise Refused("UnsupportedImageTypeException", f"An artifact with media type '{image['imageManifestMediaType']}' cannot be scanned")
    if key in _started or repository["imageScanningConfiguration"]["scanOnPush"]:
        raise Refused("LimitExceededException", "The scan quota per image has been exceeded. Wait and try again.")
    _started[key] = True
    return {"imageId": image["imageId"], "imageScanStatus": {"status": "IN_PROGRESS"}}


def describe(repository, request, scan_type):
    image = _image(repository, request)
    key = (repository["repositoryName"], image["imageDigest"])
    scanned = scan_type == "ENHANCED" or key in _started or repository["imageScanningConfiguration"]["scanOnPush"]
    asked = _asked[key] = _asked.get(key, 0) + (1 if scanned else 0)
    if asked <= 1 or image["imageManifestMediaType"] in _INDEXES:
        raise Refused("ScanNotFoundException", f"Image scan does not exist for the image with '{request['imageId']}'")
    done = {"status": "ACTIVE" if scan_type == "ENHANCED" else "COMPLETE", "description": "done"}
    if asked == 2:
        return _answer(image, done, {"findings": []})
    text = _content(repository["repositoryName"], image)
    if "supported" not in text:
        return _answer(image, {"ENHANCED": {"status": "UNSUPPORTED_IMAGE"}, "BASIC": {
            "status": "FAILED", "description": "UnsupportedImageError: The operating system and/or package manager are not supported.",
        }}[scan_type], {})

    found = re.findall(r"(CVE-[\d-]+) ([A-Z]+)", text)
    first = int(request.get("nextToken", 0))
    page = [{"name": name, "title": name, "severity": severity} for name, severity in found[first:first + _PAGE]]
    counts = {severity: [other for _, other in found].count(severity) for _, severity in found}
    kind = "enhancedFindings" if scan_type == "ENHANCED" else "findings"
    names = {"enhancedFindings": "title", "findings": "name"}[kind]
    findings = {
        kind: [{names: finding[names], "severity": finding["severity"]} for finding in page],
        "findingSeverityCounts": counts, "imageScanCompletedAt": time.time(), "vulnerabilitySourceUpdatedAt": time.time(),
    }
    more = {"nextToken": str(first + _PAGE)} if first + _PAGE < len(found) else {}
    return {**_answer(image, done, findings), **more}


def _answer(image, status, findings):
    return {
        "registryId": get_account_id(), "repositoryName": image["repositoryName"], "imageId": image["imageId"],
        "imageScanStatus": status, "imageScanFindings": findings,
    }


def _image(repository, request):
    image = ecr._find_image(repository["repositoryName"], request["imageId"])
    if image is None:
        raise Refused("ImageNotFoundException", f"The image with imageId {request['imageId']} does not exist within the repository")
    return image


def _content(repository, image):
    """The text of all files in an image."""
    blobs = ecr._layer_blobs[repository]
    layers = json.loads(image["imageManifest"]).get("layers", [])
    return "".join(gzip.decompress(blobs[layer["digest"]]).decode(errors="replace") for layer in layers if layer["mediaType"].endswith("gzip"))
