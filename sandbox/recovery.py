"""Recovery after a killed command: makes the engine's state and the sandbox's cloud agree again.

The engine writes its state once, at the end of a command. So a kill can leave the whole command's work unrecorded. The
stand-ins' store knows all resources that were created. The next `up` adopts them: a create of the same resource with
the same inputs returns the existing one. Resources that are still unrecorded after that are deleted from the cloud.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.engine_process import EngineProcess
from sandbox.home import Home
from sandbox.store import Store, open_store

NAMED = 3
"""How many names a message lists before it only counts the rest."""


@dataclass(frozen=True)
class Recovery:
    """The recovery of one stack. `engine` must be attached to the stand-ins; the caller holds the run lock."""

    engine: EngineProcess
    home: Home
    stack: str
    say: Callable[[str], None]

    def begin(self, *, keep: bool) -> None:
        """Release the engine's lock and refresh the recorded resources. Delete the unrecorded ones unless `keep`."""
        self.say(f"the last command on {self.stack} was interrupted: recovering")
        self.engine.ask(["cancel", "--yes", "--stack", self.stack], check=False)
        if keep:
            self._say_kept()
        else:
            self.take_back()
        self.engine.ask(
            ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", self.stack]
        )

    def take_back(self) -> None:
        """Delete the resources that the stack created in the cloud but that its state does not contain."""
        with open_store(self.home.cloud) as store:
            lost = self._unrecorded(store)
            for urn, resource_id in lost:
                store.forget(urn, resource_id)
        if lost:
            self.say(f"deleted, because their creation was never recorded: {_names(lost)}")

    def _say_kept(self) -> None:
        with open_store(self.home.cloud) as store:
            lost = self._unrecorded(store)
        if lost:
            self.say(f"created but not recorded, `up` will adopt them: {_names(lost)}")

    def _unrecorded(self, store: Store) -> list[tuple[str, str]]:
        return unrecorded(store, self._recorded(), self.stack)

    def _recorded(self) -> set[tuple[str, str]]:
        state: dict[str, Any] = json.loads(self.engine.ask(["stack", "export", "--stack", self.stack]))
        resources = (state.get("deployment") or {}).get("resources") or []
        return {(str(resource["urn"]), str(resource["id"])) for resource in resources if resource.get("id")}


def unrecorded(store: Store, known: set[tuple[str, str]], stack: str) -> list[tuple[str, str]]:
    """URN and id of the resources that a stack created in the cloud, except the `known` ones in its state."""
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
