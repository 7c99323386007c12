"""What ECR refuses in the text of a lifecycle policy.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

import json

from .model import Refused

_SELECTION = {"tagStatus", "tagPatternList", "tagPrefixList", "storageClass", "countType", "countUnit", "countNumber"}
_COUNTS = {  # count type: the storage class it looks at, the actions it takes
    "imageCountMoreThan": ("standard", {"expire", "transition"}),
    "sinceImagePushed": ("standard", {"expire", "transition"}),
    "sinceImagePulled": ("standard", {"transition"}),
    "sinceImageTransitioned": ("archive", {"expire"}),
}


def check(text):
    try:
        policy = json.loads(text)
        rules = policy["rules"]
        problems = [] if set(policy) == {"rules"} and 1 <= len(rules) <= 50 else ["one list of 1 to 50 'rules' is allowed and nothing else"]
        for rule in rules:
            problems += [f"rule {rule.get('rulePriority')}: {problem}" for problem in _rule_problems(rule)]
        problems += _problems_between(rules) if not problems else []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problems = [f"could not map policyString into LifecyclePolicy: {error!r}"]
    if problems:
        raise Refused("InvalidParameterException", "Lifecycle policy validation failure: " + "; ".join(problems))


def _rule_problems(rule):
    selection, action = rule["selection"], rule["action"]
    status, count, storage = selection["tagStatus"], selection["countType"], selection.get("storageClass", "standard")
    lists = [selection[name] for name in ("tagPatternList", "tagPrefixList") if name in selection]
    if set(rule) - {"rulePriority", "description", "selection", "action"} or set(selection) - _SELECTION:
        yield "object instance has properties which are not allowed by the schema"
    if not isinstance(rule["rulePriority"], int) or rule["rulePriority"] < 1:
        yield "rulePriority must be an integer of at least 1"
    if not isinstance(selection["countNumber"], int) or selection["countNumber"] < 1:
        yield "countNumber must be an integer of at least 1"
    if status not in ("tagged", "untagged", "any"):
        yield f"tagStatus {status!r} is unknown"
    if status == "tagged" and (len(lists) != 1 or not lists[0]):
        yield "must specify tagPrefixList or tagPatternList when tagStatus=TAGGED"
    if status != "tagged" and lists:
        yield "tag lists are for tagStatus=TAGGED"
    if any(pattern.count("*") > 4 for pattern in selection.get("tagPatternList", [])):
        yield "a pattern takes at most four wildcards"
    if count not in _COUNTS:
        yield f"countType {count!r} is unknown"
        return
    looks_at, actions = _COUNTS[count]
    if storage != looks_at:
        yield f"{count} needs storageClass {looks_at}"
    if action["type"] not in actions:
        yield f"{count} cannot {action['type']}"
    if action != ({"type": "transition", "targetStorageClass": "archive"} if action["type"] == "transition" else {"type": "expire"}):
        yield f"action {action!r} is not allowed"
    if ("countUnit" in selection) == (count == "imageCountMoreThan") or selection.get("countUnit", "days") != "days":
        yield f"countUnit is 'days', and only for counts of days, got {selection.get('countUnit')!r} with {count}"
    if count == "sinceImageTransitioned" and selection["countNumber"] < 90:
        yield "archived images stay 90 days at least"


def _problems_between(rules):
    priorities = [rule["rulePriority"] for rule in rules]
    if len(set(priorities)) != len(priorities):
        yield "rulePriority must be unique"
    for storage in ("standard", "archive"):
        mine = sorted((rule for rule in rules if rule["selection"].get("storageClass", "standard") == storage), key=lambda r: r["rulePriority"])
        statuses = [rule["selection"]["tagStatus"] for rule in mine]
        if "any" in statuses[:-1]:
            yield "rule for tagStatus=ANY must have the lowest priority per storage class"
        if statuses.count("untagged") > 1:
            yield "only one rule can select untagged images per storage class"
        tags = [json.dumps(sorted(s.get("tagPrefixList", s.get("tagPatternList", [])))) for s in (r["selection"] for r in mine) if s["tagStatus"] == "tagged"]
        if len(set(tags)) != len(tags):
            yield "the rules of a storage class must have unique prefixes"
