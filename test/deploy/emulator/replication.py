"""Replication: what is pushed goes to the registries of the rules that match, one hop far.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
"""

import json

from ministack.core.responses import get_account_id, get_region
from ministack.services import ecr

from . import access, creation, registry
from .model import Refused

statuses = {}  # (account, Region, repository, digest): one status for each destination


def replicate(name, reference):
    source = (get_account_id(), get_region())
    digest, manifest, media_type = ecr._resolve_manifest(name, reference)
    blobs = dict(ecr._layer_blobs.get(name, {}))
    children = [ecr._resolve_manifest(name, child["digest"]) for child in json.loads(manifest).get("manifests", [])]
    for account, region in _destinations(name):
        with access.registry_at(account, region):
            try:
                _permit(source[0], name)
                if name not in ecr._repositories:
                    creation.create(name, "REPLICATION")
                for child_digest, child, child_type in children:
                    creation.store(name, child_digest, child_type, child, blobs)
                creation.store(name, reference, media_type, manifest, blobs)
                status = {"status": "COMPLETE"}
            except Refused as refusal:
                status = {"status": "FAILED", "failureCode": refusal.code}
        statuses.setdefault((*source, name, digest), []).append({"region": region, "registryId": account, **status})


def _destinations(name):
    for rule in registry.settings.get("replication", {}).get("rules", []):
        filters = [f["filter"] for f in rule.get("repositoryFilters", [])]
        if not filters or any(name.startswith(prefix) for prefix in filters):
            yield from ((destination["registryId"], destination["region"]) for destination in rule["destinations"])


def _permit(source, name):
    """Another account needs the registry policy of the destination; it creates the repository only if it may."""
    if source == get_account_id():
        return
    actions = ["ecr:ReplicateImage"]
    if name not in ecr._repositories:
        tags = (creation.matching(registry.templates, name) or {}).get("resourceTags")
        actions += ["ecr:CreateRepository", *(["ecr:TagResource"] if tags else [])]
    access.demand_of_account(source, actions, name)
