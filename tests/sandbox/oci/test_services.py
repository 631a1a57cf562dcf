"""Services are discovered, and each has a test with its name."""

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from facts.provider_fields import function_tokens, resource_tokens
from sandbox.oci import services

ROOT = Path(services.__file__).parents[3]
TOKEN = re.compile(r"oci:[A-Za-z]+/\w+:\w+")
NOT_OF_THE_PROVIDER = {
    "oci:Core/hostGroup:HostGroup": "a second possible type in a host group's OCID",
    "oci:Core/service:Service": "a service that a service gateway reaches",
    "oci:Identity/availabilityDomain:AvailabilityDomain": "exists without being created",
    "oci:Identity/faultDomain:FaultDomain": "exists without being created",
    "oci:Identity/tenancy:Tenancy": "exists without being created",
    "oci:WorkRequests/workRequest:WorkRequest": "the work requests of every service, for faults",
    "oci:Psql/defaultConfiguration:DefaultConfiguration": "exists without being created",
}
"""Types of the model that are not resources of the provider, and what each one is."""
NAMES = sorted(module.name for module in pkgutil.iter_modules(services.__path__))
NEW = """
from sandbox.oci.errors import conflict
from sandbox.oci.lookups import finds
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import rule

TIDE = "oci:Tides/tide:Tide"

describe(TIDE, ocid="tidalwave", ready="FLOWING")
finds("oci:Tides/getTide:getTide", TIDE, by="tideId")


@rule(TIDE)
def one_at_a_time(call):
    raise conflict("There is a tide already.")
"""
ASK = """
import sys
from sandbox.oci import services
services.__path__.append(sys.argv[1])
from sandbox.oci.ids import ocid_type
from sandbox.oci.lookups import modelled
from sandbox.oci.resource_types import ready_state
from sandbox.oci.rules import rules_of
tide = "oci:Tides/tide:Tide"
print(ocid_type(tide), ready_state(tide), "oci:Tides/getTide:getTide" in modelled())
print(*(each.__name__ for each in rules_of(tide, "create")))
"""


def test_a_service_needs_only_a_file_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tides.py").write_text(NEW)
    words = [sys.executable, "-c", ASK, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "tidalwave FLOWING True"
    assert done.stdout.splitlines()[1].endswith("one_at_a_time")


@pytest.mark.parametrize("name", NAMES)
def test_each_service_has_a_test_with_its_name(name: str) -> None:
    assert (Path(__file__).parent / "services" / f"test_{name}.py").exists()


def test_every_type_that_the_sandbox_names_is_in_the_providers_table() -> None:
    texts = (path.read_text() for path in (ROOT / "sandbox").rglob("*.py"))
    named = {token for text in texts for token in TOKEN.findall(text)}
    assert named - resource_tokens() - function_tokens() == NOT_OF_THE_PROVIDER.keys()
