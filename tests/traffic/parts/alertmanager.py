"""The configuration of Alertmanager as the component renders it, for Debian's Alertmanager on this machine."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from serving.watching.alert_routing import AlertReceiverArgs
from serving.watching.alertmanager import FOLDER, RELAY, RELAY_PORT, config_text
from serving.watching.catalogue import SEVERITIES
from tests.support.ports import free_port
from tests.support.processes import start_server
from tests.support.system_tools import tool
from tests.traffic.parts.fleet import get, send, wait_for

ALL = tuple(SEVERITIES)
RECEIVERS = (
    AlertReceiverArgs(name="on-call", kind="pagerDuty", severities=("P1", "P2"), in_vault="pager"),
    AlertReceiverArgs(
        name="chat", kind="slack", severities=("P1", "P3"), in_vault="webhook", channel="#alerts"
    ),
    AlertReceiverArgs(
        name="mail",
        kind="email",
        severities=("P3", "P4"),
        to="team@example.com",
        sender="alerts@example.com",
        smart_host="smtp.example.com:587",
        user="alerts",
        in_vault="password",
    ),
    AlertReceiverArgs(name="cloud", kind="topic", severities=ALL, topic="critical"),
    AlertReceiverArgs(name="beat", kind="heartbeat", in_vault="beat"),
)
"""One receiver of each kind."""


def configuration() -> dict[str, Any]:
    """The rendered configuration, with one change: Debian's 0.25 knows no `url_file` of a webhook (0.26 brought it)."""
    config = json.loads(config_text(RECEIVERS, "monitoring"))
    for receiver in config["receivers"]:
        for hook in receiver.get("webhook_configs", ()):
            if "url_file" in hook:
                hook["url"] = f"http://file.example.com{hook.pop('url_file')}"
    return config


def on_this_machine(folder: Path, addresses: Mapping[str, str], port: int) -> dict[str, Any]:
    """The configuration with local addresses, and without the times that it waits.

    `addresses`: those of `pagerDuty`, `beat` and `relay`. `port`: that of the mail server.
    """
    text = json.dumps(configuration())
    text = text.replace(f"http://{RELAY}.monitoring.svc.cluster.local:{RELAY_PORT}", addresses["relay"])
    text = text.replace(f"http://file.example.com{FOLDER}/beat", addresses["beat"])
    text = text.replace("smtp.example.com:587", f"127.0.0.1:{port}").replace(FOLDER, str(folder))
    config = json.loads(text)
    config["global"]["pagerduty_url"] = addresses["pagerDuty"]
    route = config["route"]
    for each in (route, *route["routes"]):
        each |= {"group_wait": "0s", "group_interval": "1s"}
    return config


@contextmanager
def running(config: Mapping[str, Any], folder: Path, trusted: Path) -> Iterator[str]:
    """The address of a real Alertmanager. `trusted`: the certificate that it accepts."""
    path, port = folder / "alertmanager.yaml", free_port()
    path.write_text(json.dumps(config))
    command = [
        tool("prometheus-alertmanager"),
        f"--config.file={path}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    url = f"http://127.0.0.1:{port}"
    with (folder / "alertmanager.log").open("wb") as log:
        process = start_server(command, output=log, environment={"SSL_CERT_FILE": str(trusted)})
        try:
            wait_for(lambda: get(f"{url}/-/ready")[0] == 200)
            yield url
        finally:
            process.terminate()
            process.wait(60)


def raise_alerts(url: str, *labels: Mapping[str, str]) -> None:
    """Raise alerts with these labels, as Prometheus does."""
    alerts = [
        {"labels": dict(each), "annotations": {"summary": f"{each['alertname']} of a test"}}
        for each in labels
    ]
    status, said = send(f"{url}/api/v2/alerts", alerts)  # type: ignore[arg-type]
    assert status == 200, said
