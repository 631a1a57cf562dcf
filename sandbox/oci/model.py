"""One resource of the model."""

import json
from dataclasses import dataclass, field, fields
from typing import Any

PROVIDED = "oracle"
"""The owner of resources that exist without being created: availability domains, services, platform images."""


@dataclass(frozen=True)
class Entry:
    """One resource of the model. Times are ISO 8601 in UTC. `inputs` and `outputs` use Pulumi's names.

    `outputs` contain every readable value, also the inputs. A secret input is stored as a digest in brackets.
    Threads share entries: never change an entry or its dicts, save a new one through `Cloud`.
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
    """True if the config refers to it and the sandbox did not create it."""
    created_at: str = ""
    deleted_at: str = ""
    """When it was deleted, or will be if `state` is PENDING_DELETION. Empty for a live resource."""
    owner: str = ""
    """Id of the resource that it was created with and is deleted with, such as the VCN of a default route table."""
    acknowledged: bool = True
    """False until the engine shows that it has the resource in its state. A kill can come before that."""
    revision: int = field(default=0, compare=False)
    """A number that is higher after each change. 0 until the first change of a resource from an older file."""

    @property
    def live(self) -> bool:
        """Whether it exists and its deletion is not pending."""
        return not self.deleted_at

    @property
    def name(self) -> str:
        """Its display name, or its id if it has none."""
        for key in ("name", "displayName", "secretName", "addonName"):
            for source in (self.inputs, self.outputs):
                if isinstance(source.get(key), str):
                    return source[key]
        return self.id

    def row(self) -> tuple[str | int, ...]:
        """The fields in order, as the database stores them: dicts as JSON."""
        values = (getattr(self, each.name) for each in fields(self))
        return tuple(json.dumps(v, separators=(",", ":")) if isinstance(v, dict) else v for v in values)

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> "Entry":
        """The inverse of `row`."""
        values = dict(zip((each.name for each in fields(cls)), row, strict=True))
        values["inputs"], values["outputs"] = json.loads(values["inputs"]), json.loads(values["outputs"])
        values["assumed"], values["acknowledged"] = bool(values["assumed"]), bool(values["acknowledged"])
        return cls(**values)
