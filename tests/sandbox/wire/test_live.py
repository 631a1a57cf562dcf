"""The servers in the sandbox's own process, which a real provider uses."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import oci
import pytest

from sandbox.home import Home
from sandbox.oci.operations import Operations
from sandbox.store import Store
from sandbox.wire.live import LiveServers
from sandbox.wire.profile import profile
from sandbox.wire.proxy import region_of

COMPARTMENT = "ocid1.compartment.oc1..aaaatest"


@pytest.fixture
def live(key_folder: Path, store: Store, tmp_path: Path) -> Iterator[LiveServers]:
    own = profile(Home(key_folder, key_folder), "us-ashburn-1")
    servers = LiveServers(Operations(store), own, "us-ashburn-1", tmp_path)
    yield servers
    servers.close()


def through_the_proxy(live: LiveServers, url: str) -> Any:
    """The JSON answer to a request that goes through the proxy, with only its authority accepted."""
    context = ssl.create_default_context(cafile=str(live.certificate))
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": live.proxy}), urllib.request.HTTPSHandler(context=context)
    )
    with opener.open(url, timeout=120) as response:
        return json.loads(response.read())


def test_a_vault_has_an_address_of_its_own_and_its_keys_are_there(live: LiveServers) -> None:
    config = live.profile.sdk_config("us-ashburn-1")
    models = oci.key_management.models
    vaults = oci.key_management.KmsVaultClient(config, service_endpoint=live.endpoint("us-ashburn-1"))
    details = models.CreateVaultDetails(compartment_id=COMPARTMENT, display_name="one", vault_type="DEFAULT")
    vault = vaults.create_vault(details).data
    assert vault.management_endpoint.startswith("http://127.0.0.1:")
    assert vault.management_endpoint != live.endpoint("us-ashburn-1")
    keys = oci.key_management.KmsManagementClient(config, service_endpoint=vault.management_endpoint)
    assert keys.list_keys(COMPARTMENT).data == []


@pytest.mark.parametrize(
    "host", ["iaas.us-ashburn-1.oraclecloud.com", "idcs-REPLACE-ME.identity.oraclecloud.com"]
)
def test_the_proxy_answers_for_hosts_of_oracle_with_a_certificate_that_its_authority_signed(
    live: LiveServers, host: str
) -> None:
    assert through_the_proxy(live, f"https://{host}/health") == {"status": "ok", "region": "us-ashburn-1"}


def test_a_region_in_the_host_name_is_the_region_that_answers(live: LiveServers) -> None:
    url = "https://objectstorage.eu-frankfurt-1.oraclecloud.com/health"
    assert through_the_proxy(live, url)["region"] == "eu-frankfurt-1"


@pytest.mark.parametrize(
    "host", ["example.com", "oraclecloud.com.example.com", "notoraclecloud.com", "127.0.0.1"]
)
def test_the_proxy_refuses_other_hosts(live: LiveServers, host: str) -> None:
    with pytest.raises(urllib.error.URLError, match="403 Forbidden"):
        through_the_proxy(live, f"https://{host}/")


def test_a_host_without_a_region_belongs_to_the_default_region() -> None:
    assert region_of("idcs-1.identity.oraclecloud.com", "eu-frankfurt-1") == "eu-frankfurt-1"
    assert region_of("iaas.us-phoenix-1.oraclecloud.com", "eu-frankfurt-1") == "us-phoenix-1"
    assert region_of("oraclecloud.com.evil.example", "eu-frankfurt-1") is None
