"""Mistakes in a resource registration."""

import re
from collections.abc import Mapping

from infra.offline.recording import Recording, Registered

from .provider_inputs import input_faults

COMPONENT_TOKEN = re.compile(r"genai:index:[A-Z][A-Za-z0-9]*")
CUSTOM_TOKEN = re.compile(r"[a-z][a-z0-9-]*:[A-Za-z0-9_./-]+:[A-Z][A-Za-z0-9]*")
PROVIDER_TOKEN = re.compile(r"pulumi:providers:[a-z][a-z0-9-]*")
FOREIGN_COMPONENTS = ("kubernetes:",)


def fault(new: Registered, known: Mapping[str, Registered]) -> str | None:
    """Why a registration is refused, or None. `known` are the earlier registrations by URN."""
    if new.urn in known:
        return f"{new.urn} is registered twice"
    if not _token_is_good(new):
        return f"{new.type!r} of {new.name} is not a valid token"
    if PROVIDER_TOKEN.fullmatch(new.type):
        return None
    return _misplaced(new, known.get(new.parent)) or _wrong_inputs(new)


def _wrong_inputs(new: Registered) -> str | None:
    faults = list(input_faults(new.type, new.inputs)) if new.type.startswith("oci:") else []
    return f"{new.type} {new.name}: {'; '.join(faults)}" if faults else None


def _misplaced(new: Registered, parent: Registered | None) -> str | None:
    if new.custom and not new.provider:
        return f"{new.type} {new.name} would use a default provider: pass its options on to it"
    if new.custom and parent is None:
        return f"{new.type} {new.name} has the stack as its parent: give it `opts=child(self)`"
    if parent is not None and COMPONENT_TOKEN.fullmatch(parent.type) and not new.name.startswith(parent.name):
        return f"{new.type} {new.name}: its name must start with its component's, {parent.name}"
    return None


def _token_is_good(new: Registered) -> bool:
    if PROVIDER_TOKEN.fullmatch(new.type):
        return True
    if new.custom or new.type.startswith(FOREIGN_COMPONENTS):
        return bool(CUSTOM_TOKEN.fullmatch(new.type))
    return bool(COMPONENT_TOKEN.fullmatch(new.type))


def unfinished(recording: Recording) -> list[str]:
    """Mistakes in the components after the program has ended."""
    ours = [each for each in recording.resources if COMPONENT_TOKEN.fullmatch(each.type)]
    return [f"{each.name} never calls register_outputs" for each in ours if each.outputs is None]
