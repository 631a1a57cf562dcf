"""What the stand-in knows of one resource."""

import json
from dataclasses import dataclass, field, fields
from typing import Any

PROVIDED = "oracle"
"""The owner of what the cloud has by itself: availability domains, services, platform images."""


@dataclass(frozen=True)
class Entry:
    """One resource of the model. Times are ISO 8601 in UTC; `inputs` and `outputs` use Pulumi's names.

    `outputs` hold everything that can be read, the inputs too; secret inputs are kept as a digest in brackets.
    Entries are shared between threads: never change one or its dicts, write a new one through `Cloud`.
    """

    id: str
    token: str
    urn: str
    region: str
    compartment_id: str
    state: str
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    assumed: bool = False
    """True if the config names it and nothing here created it."""
    created_at: str = ""
    deleted_at: str = ""
    """When it was deleted, or will be if `state` is PENDING_DELETION; empty while it lives."""
    owner: str = ""
    """Id of what it came with and goes with, such as the VCN of a default route table."""
    acknowledged: bool = True
    """False until the engine shows that it has recorded the resource: a kill may come in between."""

    @property
    def live(self) -> bool:
        """Still there, not deleted nor waiting for it."""
        return not self.deleted_at

    @property
    def name(self) -> str:
        """The name a person gave it, else its id."""
        for key in ("name", "displayName", "secretName", "addonName"):
            for source in (self.inputs, self.outputs):
                if isinstance(source.get(key), str):
                    return source[key]
        return self.id

    def row(self) -> tuple[str | int, ...]:
        """The fields in their order, as a database keeps them: dicts as JSON."""
        values = (getattr(self, each.name) for each in fields(self))
        return tuple(json.dumps(v, separators=(",", ":")) if isinstance(v, dict) else v for v in values)

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> "Entry":
        """The inverse of `row`."""
        values = dict(zip((each.name for each in fields(cls)), row, strict=True))
        values["inputs"], values["outputs"] = json.loads(values["inputs"]), json.loads(values["outputs"])
        values["assumed"], values["acknowledged"] = bool(values["assumed"]), bool(values["acknowledged"])
        return cls(**values)
