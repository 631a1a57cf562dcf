"""Every alert has a route to its receivers: amtool reads the configuration that the component renders."""

import json
import subprocess
from pathlib import Path

import pytest

from serving.watching.catalogue import SEVERITIES, all_alerts
from tests.support.system_tools import tool
from tests.traffic.parts.alertmanager import configuration

pytestmark = pytest.mark.prove

LABELS = {
    **{name: name for name in SEVERITIES},
    # Those of kube-prometheus-stack's own alerts.
    "critical": "P2",
    "warning": "P3",
    "info": "nobody",
    "none": "nobody",
    "forgotten": "P3",
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("routes") / "alertmanager.yaml"
    path.write_text(json.dumps(configuration()))
    return path


def amtool(*words: str) -> tuple[int, str]:
    done = subprocess.run([tool("amtool"), *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def routed(config: Path, receiver: str, **labels: str) -> tuple[int, str]:
    words = [f"{key}={value}" for key, value in labels.items()]
    return amtool(
        "config", "routes", "test", f"--config.file={config}", f"--verify.receivers={receiver}", *words
    )


def test_amtool_accepts_the_configuration(config: Path) -> None:
    status, said = amtool("check-config", str(config))
    assert status == 0, said
    assert f"{len(configuration()['receivers'])} receivers" in said


@pytest.mark.parametrize(("severity", "receiver"), LABELS.items())
def test_an_alert_goes_to_the_receivers_of_its_severity(config: Path, severity: str, receiver: str) -> None:
    status, said = routed(config, receiver, alertname="Any", severity=severity)
    assert status == 0, said
    others = {"P1", "P2", "P3", "P4", "nobody"} - {receiver}
    assert all(routed(config, other, alertname="Any", severity=severity)[0] != 0 for other in others)


def test_the_alert_that_always_fires_goes_to_the_heartbeat(config: Path) -> None:
    status, said = routed(config, "heartbeat", alertname="Watchdog", severity="none")
    assert status == 0, said


def test_every_severity_of_the_catalogue_has_a_receiver_with_a_way_out() -> None:
    ways = {each["name"]: set(each) - {"name"} for each in configuration()["receivers"]}
    assert {alert.severity for alert in all_alerts().values()} <= {
        name for name, found in ways.items() if found
    }
    assert ways["P1"] == {"pagerduty_configs", "slack_configs", "webhook_configs"}
    assert ways["P4"] == {"email_configs", "webhook_configs"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('severity=~\\"P1\\"', "severity P1"),
        ('"receiver": "P2"', '"receiver": "P9"'),
        ('"30m"', '"half an hour"'),
    ],
)
def test_amtool_refuses_a_wrong_configuration(config: Path, tmp_path: Path, old: str, new: str) -> None:
    wrong, text = tmp_path / "wrong.yaml", config.read_text()
    assert old in text
    wrong.write_text(text.replace(old, new))
    assert amtool("check-config", str(wrong))[0] != 0
