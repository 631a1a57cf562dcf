"""After a command that was killed: bring the engine's state and the stand-ins' cloud back together.

The engine writes its state once, at the end of a command, so a kill can leave the whole command's work unrecorded.
The stand-ins' store knows every id that was made. An `up` takes that work over: a create of the same resource with
the same inputs is answered with what stands. Whatever is left unrecorded after it is taken back.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.engine_process import EngineProcess
from sandbox.home import Home
from sandbox.store import Store, open_store

NAMED = 3
"""Names shown before the rest is counted."""


@dataclass(frozen=True)
class Recovery:
    """The recovery of one stack. `engine` must be attached to the stand-ins; the caller holds the run lock."""

    engine: EngineProcess
    home: Home
    stack: str
    say: Callable[[str], None]

    def begin(self, *, keep: bool) -> None:
        """Free the engine's lock and read the recorded resources again; take back the others unless `keep`."""
        self.say(f"the last command on {self.stack} did not end: recovering")
        self.engine.ask(["cancel", "--yes", "--stack", self.stack], check=False)
        if keep:
            self._say_kept()
        else:
            self.take_back()
        self.engine.ask(
            ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", self.stack]
        )

    def take_back(self) -> None:
        """Remove what the stack made in the cloud without its state knowing of it."""
        with open_store(self.home.cloud) as store:
            lost = self._unrecorded(store)
            for urn, resource_id in lost:
                store.forget(urn, resource_id)
        if lost:
            self.say(f"taken back, because their creation was never recorded: {_names(lost)}")

    def _say_kept(self) -> None:
        with open_store(self.home.cloud) as store:
            lost = self._unrecorded(store)
        if lost:
            self.say(f"made but not recorded, `up` takes it over: {_names(lost)}")

    def _unrecorded(self, store: Store) -> list[tuple[str, str]]:
        return unrecorded(store, self._recorded(), self.stack)

    def _recorded(self) -> set[tuple[str, str]]:
        state: dict[str, Any] = json.loads(self.engine.ask(["stack", "export", "--stack", self.stack]))
        resources = (state.get("deployment") or {}).get("resources") or []
        return {(str(resource["urn"]), str(resource["id"])) for resource in resources if resource.get("id")}


def unrecorded(store: Store, known: set[tuple[str, str]], stack: str) -> list[tuple[str, str]]:
    """URN and id of what a stack made in the cloud, without the `known` ones that its state holds."""
    prefix = f"urn:pulumi:{stack}::"
    return [
        (urn, resource_id)
        for urn, resource_id in store.owned()
        if urn.startswith(prefix) and (urn, resource_id) not in known
    ]


def _names(found: list[tuple[str, str]]) -> str:
    names = [urn.rsplit("::", 1)[-1] for urn, _ in found]
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
