"""The function of the daily cost watch, with the official SDK over HTTP against a stand-in of the two services."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import oci
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from oci.monitoring import MonitoringClient
from oci.usage_api import UsageapiClient

from components.governance.daily_cost import func
from components.governance.daily_cost.func import NotPublished, publish, settings
from tests.support.listening import listening

NOW = datetime(2026, 12, 2, 12, 0, 5, tzinfo=UTC)
WANTED = {
    "TENANCY": "ocid1.tenancy.oc1..t",
    "COMPARTMENT": "ocid1.compartment.oc1..c",
    "HOME_REGION": "us-ashburn-1",
    "NAMESPACE": "genai_cost",
    "METRIC": "DailyCost",
    "ENVIRONMENT": "prod",
}


class Services:
    """Answers questions about costs, page by page, and takes metrics."""

    def __init__(self) -> None:
        self.pages: list[list[dict[str, Any]]] = [[{"computedAmount": 4608.0, "currency": "USD"}]]
        self.failed = 0
        self.calls: list[tuple[str, Any]] = []

    def answer(self, path: str, body: Any) -> tuple[dict[str, str], Any]:
        self.calls.append((path, body))
        if path.startswith("/20200107/usage"):
            page = int(path.rpartition("page=")[2]) if "page=" in path else 0
            more = {"opc-next-page": str(page + 1)} if page + 1 < len(self.pages) else {}
            return more, {"groupBy": ["service"], "items": self.pages[page]}
        failures = [{"message": "Timestamp is too old"}] if self.failed else []
        return {}, {"failedMetricsCount": self.failed, "failedMetrics": failures}


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["authorization"].startswith("Signature "), "each call is signed"
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            headers, content = services.answer(self.path, body)
            text = json.dumps(content).encode()
            self.send_response(200)
            for name, value in {
                "content-type": "application/json",
                "content-length": str(len(text)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with listening(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """A key of the tests."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def clients(address: str, key: rsa.RSAPrivateKey, tmp_path: Path) -> tuple[Any, Any]:
    """Clients of both services."""
    file = tmp_path / "key.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    config = {
        "user": "ocid1.user.oc1..u",
        "tenancy": WANTED["TENANCY"],
        "region": "us-ashburn-1",
        "fingerprint": ":".join(["00"] * 16),
        "key_file": str(file),
    }
    return (
        UsageapiClient(config, service_endpoint=f"{address}/20200107"),
        MonitoringClient(config, service_endpoint=f"{address}/20180401"),
    )


def test_yesterdays_cost_is_published_with_its_day(clients: tuple[Any, Any], services: Services) -> None:
    assert publish(*clients, WANTED, NOW) == {"day": "2026-12-01", "cost": 4608.0, "currency": "USD"}
    (_, asked), (path, written) = services.calls
    assert (asked["timeUsageStarted"][:19], asked["timeUsageEnded"][:19]) == (
        "2026-12-01T00:00:00",
        "2026-12-02T00:00:00",
    )
    assert asked["tenantId"] == WANTED["TENANCY"]
    assert asked["filter"]["dimensions"] == [{"key": "compartmentId", "value": WANTED["COMPARTMENT"]}]
    assert path == "/20180401/metrics"
    (metric,) = written["metricData"]
    assert (metric["namespace"], metric["name"], metric["dimensions"]) == (
        "genai_cost",
        "DailyCost",
        {"environment": "prod"},
    )
    assert metric["metadata"] == {"day": "2026-12-01", "unit": "USD"}
    (point,) = metric["datapoints"]
    assert point["value"] == 4608.0
    assert point["timestamp"].startswith("2026-12-02T12:00:05"), "Monitoring takes only new values"


def test_all_pages_and_services_count(clients: tuple[Any, Any], services: Services) -> None:
    services.pages = [
        [{"computedAmount": 1.25, "currency": "USD"}, {"computedAmount": None, "currency": " "}],
        [{"computedAmount": 2.5, "currency": "USD"}],
    ]
    assert publish(*clients, WANTED, NOW)["cost"] == 3.75


def test_an_unknown_cost_publishes_nothing(clients: tuple[Any, Any], services: Services) -> None:
    services.pages = [[]]
    with pytest.raises(NotPublished, match="does not know the cost of 2026-12-01 yet"):
        publish(*clients, WANTED, NOW)
    assert [path for path, _ in services.calls if "metrics" in path] == []


def test_a_value_that_monitoring_refuses_is_a_failure(clients: tuple[Any, Any], services: Services) -> None:
    services.failed = 1
    with pytest.raises(NotPublished, match="Timestamp is too old"):
        publish(*clients, WANTED, NOW)


def test_a_configuration_without_a_part_is_refused() -> None:
    with pytest.raises(NotPublished, match="lacks METRIC"):
        settings({**WANTED, "METRIC": ""})


def test_the_function_is_its_own_principal_and_writes_to_the_host_for_metrics(
    clients: tuple[Any, Any], key: rsa.RSAPrivateKey, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer, (usage, monitoring) = oci.auth.signers.SecurityTokenSigner("token", key), clients
    monkeypatch.setattr(oci.auth.signers, "get_resource_principals_signer", lambda: signer)

    def own_usage(config: object, **options: Any) -> Any:
        assert config == {"region": "us-ashburn-1"}, "costs are in the home region"
        assert options["signer"] is signer
        return usage

    class Real:
        """The endpoint of the real client, before and after."""

        base_client: Any = MonitoringClient({"region": "us-phoenix-1"}, signer=signer).base_client

        def post_metric_data(self, details: Any) -> Any:
            assert self.base_client.endpoint.startswith("https://telemetry-ingestion.us-phoenix-1.")
            return monitoring.post_metric_data(details)

    def own_monitoring(config: object, **options: Any) -> Any:
        assert config == {}, "a key in the image would be a secret in it"
        assert options["signer"] is signer
        return Real()

    monkeypatch.setattr(func, "UsageapiClient", own_usage)
    monkeypatch.setattr(func, "MonitoringClient", own_monitoring)
    for name, value in WANTED.items():
        monkeypatch.setenv(name, value)
    assert json.loads(func.handler(object(), None))["cost"] == 4608.0
    assert len(services.calls) == 2
