"""Requests checked against the service models that AWS publishes with botocore: required members, lengths, patterns and enums."""

import re
from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel


class Refused(Exception):
    """What the service answers instead of a result."""

    def __init__(self, code, message):
        super().__init__(f"{message} (Service: Ecr, Error Code: {code})")
        self.code, self.message = code, message


@cache
def service(name):
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


def check(operation, request, name="ecr"):
    problems = list(_problems(service(name).operation_model(operation).input_shape, request, ""))
    if problems:
        raise Refused("InvalidParameterException", "Invalid parameter: " + "; ".join(problems))


def _problems(shape, value, path):
    yield from _KINDS.get(shape.type_name, _nothing)(shape, value, path or shape.name)


def _structure(shape, value, path):
    if not isinstance(value, dict):
        yield f"'{path}' must be a structure, got {value!r}"
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"'{path}.{name}' is required"
    for name, member in value.items():
        if name not in shape.members:
            yield f"'{path}.{name}' is not a member"
        elif member is not None:
            yield from _problems(shape.members[name], member, f"{path}.{name}")


def _list(shape, value, path):
    if not isinstance(value, list):
        yield f"'{path}' must be a list, got {value!r}"
        return
    yield from _size(shape, len(value), path)
    for index, member in enumerate(value):
        yield from _problems(shape.member, member, f"{path}[{index}]")


def _string(shape, value, path):
    if not isinstance(value, str):
        yield f"'{path}' must be a string, got {value!r}"
        return
    yield from _size(shape, len(value), path)
    allowed, pattern = shape.enum, shape.metadata.get("pattern")
    if allowed and value not in allowed:
        yield f"'{path}' must be one of {', '.join(allowed)}, got {value!r}"
    if pattern and not re.fullmatch(pattern, value, re.ASCII):
        yield f"'{path}' must match {pattern}, got {value!r}"


def _boolean(shape, value, path):
    if not isinstance(value, bool):
        yield f"'{path}' must be true or false, got {value!r}"


def _integer(shape, value, path):
    if not isinstance(value, int) or isinstance(value, bool):
        yield f"'{path}' must be an integer, got {value!r}"
    else:
        yield from _size(shape, value, path)


def _size(shape, size, path):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low or high is not None and size > high:
        yield f"'{path}' must have a size of {low} to {high}, got {size}"


def _nothing(*_):
    return ()


_KINDS = {"structure": _structure, "list": _list, "string": _string, "boolean": _boolean, "integer": _integer, "long": _integer}
