"""Lifecycle rules of buckets: their names, number and filters.

Sources: Oracle's pages "Creating an Object Storage Object Lifecycle Policy" (the characters of a name) and "Object
Lifecycle Management" (a thousand rules; no filter for uploads; twenty patterns). No page states a name's length, or
that a name is unique. Both follow the pattern of the service: names of buckets have 256 characters, and the console
edits a rule by its name.
"""

import re
from typing import Any, Final

from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number
from sandbox.oci.services.object_storage.buckets import BUCKET, LIFECYCLE, bucket_by_inputs, policy_of
from sandbox.oci.services.object_storage.name_patterns import name_pattern

_NAME = re.compile(r"[A-Za-z0-9._-]{1,256}")
_MOST_RULES: Final = 1_000
_MOST_PATTERNS: Final = 20
_FILTERS: Final = ("inclusionPrefixes", "inclusionPatterns", "exclusionPatterns")


@rule(LIFECYCLE, on="create update")
def lifecycle_names(call: Call) -> None:
    """400 for over 1000 rules, a repeated name, or one with other characters than letters, digits, - _ and periods."""
    rules = blocks(call.inputs, "rules")
    if len(rules) > _MOST_RULES:
        raise invalid_parameter(f"A lifecycle policy cannot have more than {_MOST_RULES} rules.")
    names = [str(each.get("name") or "") for each in rules]
    for index, name in enumerate(names):
        if not _NAME.fullmatch(name):
            raise invalid_parameter(
                f"The lifecycle rule name {name!r} is invalid: letters, digits, '-', '_' and '.', at most 256 "
                "characters."
            )
        if name in names[:index]:
            raise invalid_parameter(f"The lifecycle rule name '{name}' is not unique in the policy.")


@rule(LIFECYCLE, on="create update")
def lifecycle_ages(call: Call) -> None:
    """400 for an age below a day, an invalid prefix, or a filter for uploads."""
    for each in blocks(call.inputs, "rules"):
        if (number(each, "timeAmount") or 0) < 1:
            raise invalid_parameter("timeAmount must be greater than or equal to 1.")
        refusal = _wrong_filter(each)
        if refusal:
            raise refusal


def _wrong_filter(each: dict[str, Any]) -> OciError | None:
    uploads = str(each.get("target") or "").lower() == "multipart-uploads"
    for given in blocks(each, "objectNameFilter"):
        texts = [text for name in _FILTERS for text in given.get(name) or ()]
        if uploads and texts:
            return invalid_parameter("objectNameFilter is not supported for target multipart-uploads.")
        if not all(texts):
            return invalid_parameter("objectNameFilter: a prefix or pattern must not be empty.")
        patterns = [text for name in _FILTERS[1:] for text in given.get(name) or ()]
        if len(patterns) > _MOST_PATTERNS:
            return invalid_parameter(f"objectNameFilter: there can be at most {_MOST_PATTERNS} patterns.")
        for text in patterns:
            try:
                name_pattern(text)
            except ValueError as error:
                return invalid_parameter(f"objectNameFilter: the pattern {text!r} is invalid: {error}.")
    return None


@rule(LIFECYCLE, BUCKET, on="create update")
def one_mover_only(call: Call) -> None:
    """400 for automatic tiering together with a rule that moves objects to the tier Infrequent Access.

    Sources: Oracle's pages "Object Storage Storage Tiers" and "Creating the Object Lifecycle Policy" (code unverified).
    """
    inputs = call.inputs
    if call.token == BUCKET:
        policy = policy_of(call.cloud, inputs, call.region)
        tiering, rules = inputs.get("autoTiering"), blocks(policy.inputs, "rules") if policy else []
    else:
        bucket = bucket_by_inputs(call.cloud, inputs, call.region)
        tiering, rules = bucket.inputs.get("autoTiering") if bucket else None, blocks(inputs, "rules")
    moves = any(str(each.get("action")).upper() == "INFREQUENT_ACCESS" for each in rules)
    if moves and tiering == "InfrequentAccess":
        raise invalid_parameter("INFREQUENT_ACCESS is not supported for a bucket with automatic tiering.")
