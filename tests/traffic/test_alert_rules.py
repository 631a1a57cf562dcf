"""Promtool raises every alert by its fault, and none in a quiet hour or by what is nearly the fault."""

from pathlib import Path
from typing import cast

import pytest

from serving.watching.catalogue import all_alerts
from tests.support.system_tools import tool
from tests.traffic.parts.rule_tests import promtool, write_files, written_tests

NAMES = [name for name, _ in written_tests()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("rules")
    write_files(made)
    return made


def test_every_alert_has_a_test_in_which_it_fires() -> None:
    tests = [
        each for _, content in written_tests() for each in cast("list[dict[str, str]]", content["tests"])
    ]
    assert {f"{name} fires" for name in all_alerts()} <= {each["name"] for each in tests}


@pytest.mark.prove
def test_promtool_accepts_every_rule(folder: Path) -> None:
    files = [path.name for path in folder.glob("*.rules.yaml")]
    status, said = promtool(tool("promtool"), "check", "rules", *files, folder=folder)
    assert status == 0, said


@pytest.mark.prove
@pytest.mark.parametrize("name", NAMES)
def test_alerts_fire_in_their_faults_and_only_there(folder: Path, name: str) -> None:
    status, said = promtool(tool("promtool"), "test", "rules", f"{name}.yaml", folder=folder)
    assert status == 0, said


@pytest.mark.prove
@pytest.mark.parametrize(
    ("old", "new"), [("for: 1h", "for: 10m"), ("for: 1h", "for: 3h"), ("> 0", "< 0"), ("-weights", "-weight")]
)
def test_a_changed_rule_fails_its_test(tmp_path: Path, old: str, new: str) -> None:
    write_files(tmp_path)
    rules = tmp_path / "weights.rules.yaml"
    rules.write_text(rules.read_text().replace(old, new))
    status, said = promtool(tool("promtool"), "test", "rules", "weights-1m.yaml", folder=tmp_path)
    assert status != 0, said
