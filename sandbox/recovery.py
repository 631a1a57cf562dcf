"""After a command that was killed: bring the engine's state and the stand-ins' cloud back together.

A real cloud would leave this to a person. Here both sides are ours, so the sandbox does what that person would do:
free the lock, take back what was made but never recorded, and read the rest anew.
"""

import json
from collections.abc import Callable
from typing import Any

from sandbox.engine_process import EngineProcess
from sandbox.home import Home
from sandbox.store import Store, open_store


def recover(engine: EngineProcess, home: Home, stack: str, say: Callable[[str], None]) -> None:
    """Recover one stack. `engine` must be attached to the stand-ins; the caller holds the run lock."""
    say(f"the last command on {stack} did not end: recovering")
    engine.ask(["cancel", "--yes", "--stack", stack], check=False)
    with open_store(home.cloud) as store:
        for urn, resource_id in unrecorded(store, recorded(engine, stack), stack):
            store.forget(urn, resource_id)
            say(f"taken back, for its creation was never recorded: {urn.rsplit('::', 1)[-1]}")
    engine.ask(["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack])


def recorded(engine: EngineProcess, stack: str) -> set[tuple[str, str]]:
    """URN and id of everything that the stack's state knows."""
    state: dict[str, Any] = json.loads(engine.ask(["stack", "export", "--stack", stack]))
    resources = (state.get("deployment") or {}).get("resources") or []
    return {(str(resource["urn"]), str(resource["id"])) for resource in resources if resource.get("id")}


def unrecorded(store: Store, known: set[tuple[str, str]], stack: str) -> list[tuple[str, str]]:
    """URN and id of what a stack made in the cloud without its state knowing of it."""
    prefix = f"urn:pulumi:{stack}::"
    return [
        (urn, resource_id)
        for urn, resource_id in store.owned()
        if urn.startswith(prefix) and (urn, resource_id) not in known
    ]
