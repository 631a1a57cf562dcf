"""Runs the program over an older state: resources that the state contains have their ids and outputs from it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from infra.offline.former import urns_of
from infra.offline.recorder import Answer, Cloud, Recorder
from infra.offline.recording import Recording, Registered
from infra.offline.run import run_offline
from infra.project.stackfile import StackFile

from .state import OldResource, OldState, readable


class OverState(Recorder):
    """A recorder that finds each resource in the older state, by its URN or by a former one."""

    def __init__(self, cloud: Cloud, stack: str, old: OldState) -> None:
        super().__init__(cloud, stack)
        self._old = old
        self.predecessors: dict[str, OldResource] = {}
        """The old resource of each URN that has one."""

    def created(self, new: Registered, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        made, state = super().created(new, inputs)
        former = urns_of(new, self.by_urn)
        urn = (
            new.urn if new.urn in self._old.resources else min(former & set(self._old.resources), default="")
        )
        old = self._old.resources.get(urn)
        if old is None:
            return made, state
        self.predecessors[new.urn] = old
        if not new.custom:
            return made, state
        return old.id or made, {**state, **readable(old.outputs), **inputs}


def run_over(old: OldState, file: StackFile) -> tuple[Recording, Mapping[str, OldResource]]:
    """What the program registers over the state, and the old resource of each URN that has one."""
    recorders: list[OverState] = []

    def over(cloud: Cloud, stack: str) -> Recorder:
        known = replace(cloud, calls={**cloud.calls, **_answers(old)})
        recorders.append(OverState(known, stack, old))
        return recorders[-1]

    return run_offline(file, old.stack, over), recorders[0].predecessors


_BUCKET, _NAMESPACE = "oci:ObjectStorage/bucket:Bucket", "oci:ObjectStorage/getNamespace:getNamespace"


def _answers(old: OldState) -> Mapping[str, Answer]:
    """Answers of the account that the state shows: the namespace of Object Storage, which is part of several inputs."""
    for each in old.resources.values():
        if each.type == _BUCKET and isinstance(each.inputs.get("namespace"), str):
            return {_NAMESPACE: partial(_namespace, each.inputs["namespace"])}
    return {}


def _namespace(name: object, _: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"id": "namespace", "namespace": name}
