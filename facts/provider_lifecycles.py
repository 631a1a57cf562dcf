"""What the OCI provider does with each type: the operations that it calls, and the states that it waits for.

Source: read in terraform-provider-oci 8.28.0, which pulumi-oci bridges; the file of each type is named. The list has
the types that the stacks, examples and components create. Nothing of it was run here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent / "data" / "provider-lifecycles.json"


@dataclass(frozen=True)
class Wait:
    """The states of a wait. The provider fails on any other state, unless `pending` is empty: then it waits on."""

    pending: tuple[str, ...]
    target: tuple[str, ...]

    def accepts(self, state: str) -> bool:
        """Whether the provider accepts to see a state during the wait."""
        return not self.pending or state in (*self.pending, *self.target)


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """What the provider does with one type."""

    source: str
    """The file, below internal/service."""
    clients: tuple[str, ...]
    """The SDK's clients whose operations it calls."""
    operations: Mapping[str, tuple[str, ...]]
    """The API's names of the operations that create, read, update or delete may call."""
    waits: Mapping[str, Wait]
    """The states that it waits for after create, update or delete; no entry if it uses the answer as it is."""
    work_requests: frozenset[str]
    """The steps after which it needs `opc-work-request-id`, and polls the service's work request until it ends."""
    entity: str
    """What the type of a resource in that work request contains, in lower case: it finds the id by it. May be empty."""
    reads: tuple[str, ...]
    """The properties that it reads back, by Terraform's names."""

    def shows(self, step: str, state: str) -> bool:
        """Whether the provider waits while it sees this state. If not, the state would stay in the engine's state."""
        wait = self.waits.get(step)
        return step in self.work_requests or (wait is not None and wait.accepts(state))


@cache
def lifecycles() -> Mapping[str, Lifecycle]:
    """Every type that was read, by its token, such as "oci:Core/vcn:Vcn"."""
    types = json.loads(_FILE.read_text(encoding="utf-8"))["types"]
    return MappingProxyType({token: _lifecycle(raw) for token, raw in types.items()})


_WAITS = {"create": "created", "update": "updated", "delete": "deleted"}


def _lifecycle(raw: Mapping[str, dict[str, list[str]]]) -> Lifecycle:
    requests = raw.get("workRequests", {})
    return Lifecycle(
        source=str(raw["source"]),
        clients=tuple(raw["clients"]),
        operations={step: tuple(names) for step, names in raw["operations"].items()},
        waits={
            step: Wait(tuple(raw[key]["pending"]), tuple(raw[key]["target"]))
            for step, key in _WAITS.items()
            if key in raw
        },
        work_requests=frozenset(requests.get("after", ())),
        entity=str(requests.get("entity", "")),
        reads=tuple(raw["reads"]),
    )
