"""Every wrong configuration of alarms, identity, vault, edge, storage and databases is reported, and leaves no resource
behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from infra.offline import run as offline
from infra.offline.recorder import Recorder
from infra.project.stackfile import StackFile
from infra.settings import examine
from sandbox.oci.account import Account
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError
from sandbox.oci.operations import Operations
from sandbox.store import Store
from tests.infra.settings.examples import config
from tests.infra.settings.wrong.alarm_values import ALARM_VALUES
from tests.infra.settings.wrong.alarms import ALARMS
from tests.infra.settings.wrong.case import Wrong
from tests.infra.settings.wrong.cloud import CLOUD, Refused
from tests.infra.settings.wrong.databases import DATABASES
from tests.infra.settings.wrong.edge import EDGES
from tests.infra.settings.wrong.gateways import GATEWAYS
from tests.infra.settings.wrong.health_checks import HEALTH
from tests.infra.settings.wrong.identity import IDENTITY
from tests.infra.settings.wrong.logs import LOGS
from tests.infra.settings.wrong.pools import LOGINS, POOL_HOURS
from tests.infra.settings.wrong.storage import STORAGE
from tests.infra.settings.wrong.tenancy import TENANCY
from tests.infra.settings.wrong.windows import WINDOWS


class Outcome(NamedTuple):
    """The result of a wrong configuration."""

    said: list[tuple[str, str]]
    """Path and text of each problem."""

    left: list[Any]
    """Resources that did not exist before."""


class Case(NamedTuple):
    """A wrong configuration, and a function that tries it."""

    name: str
    path: str
    message: str
    attempt: Callable[[Path, pytest.MonkeyPatch], Outcome]
    others: bool = False


def settings_case(wrong: Wrong) -> Case:
    """A case that the settings refuse. The whole program runs, and must not register anything."""

    def attempt(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
        registered: list[Any] = []
        register = Recorder.RegisterResource

        def watched(monitor: Recorder, request: Any) -> Any:
            if request.type != "pulumi:pulumi:Stack":
                registered.append(request)
            return register(monitor, request)

        monkeypatch.setattr(Recorder, "RegisterResource", watched)
        given = config(*wrong.changes)
        with pytest.raises(Exception, match=r".") as stopped:
            offline.run_offline(StackFile(given, frozenset(), "Pulumi.test.yaml"), "test")
        said = [(each.path, str(each)) for each in examine(given, "test").problems]
        assert all(text in str(stopped.value) for _, text in said), "the program says what the settings say"
        return Outcome(said, registered)

    return Case(wrong.name, wrong.path, wrong.message, attempt, wrong.others)


def cloud_case(wrong: Refused) -> Case:
    """A case that only the cloud refuses. It must refuse the last call, and only the earlier resources may exist."""

    def attempt(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> Outcome:
        service = Operations(Store(folder / "cloud.db"))
        account = Account("us-ashburn-1", wrong.tenancy)
        ids: dict[str, str] = {}
        for label, token, inputs in wrong.before:
            ids[label] = service.create(account, token, f"urn:{label}", inputs(ids)).id
        before = [entry.id for entry in service.cloud.entries() if not entry.assumed]
        with pytest.raises(OciError) as refusal:
            service.create(account, wrong.token, "urn:wrong", wrong.inputs(ids))
        error = refusal.value
        left = [entry for entry in Cloud(service.cloud.store).entries() if not entry.assumed]
        said = f"{error.status}-{error.code}, {error.message}"
        return Outcome([(error.service or "", said)], [each for each in left if each.id not in before])

    return Case(wrong.name, wrong.path, wrong.message, attempt)


CASES = [
    *map(
        settings_case,
        [
            *ALARMS,
            *ALARM_VALUES,
            *IDENTITY,
            *TENANCY,
            *EDGES,
            *GATEWAYS,
            *STORAGE,
            *DATABASES,
            *POOL_HOURS,
            *LOGINS,
        ],
    ),
    *map(settings_case, [*LOGS, *HEALTH, *WINDOWS]),
    *map(cloud_case, CLOUD),
]


def test_there_are_at_least_thirty_five_cases_with_different_names() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 35


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_is_reported_with_its_path_and_leaves_nothing_behind(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = case.attempt(tmp_path, monkeypatch)
    assert case.others or {path for path, _ in outcome.said} == {case.path}, outcome.said
    assert any(path == case.path and case.message in text for path, text in outcome.said), outcome.said
    assert outcome.left == [], "no resource was created"
