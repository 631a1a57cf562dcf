"""Operations that the provider may call and that are not answered, each with the reason."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from facts.oci_api import Operation

_FILE = Path(__file__).with_suffix(".yaml")


@cache
def reasons() -> Mapping[tuple[str, str], str]:
    """The reasons, by the client and the API's name of the operation."""
    known = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {(client, name): reason for client, names in known.items() for name, reason in names.items()}


def not_modelled(operation: Operation) -> str:
    """The message for an operation that is not answered."""
    reason = reasons().get((f"{operation.package}.{operation.client}", operation.name))
    return f"The sandbox does not model {operation.name}{f': {reason}' if reason else ''}."
