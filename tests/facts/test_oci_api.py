"""The table of OCI's REST API agrees with Oracle's SDK."""

import importlib
import importlib.metadata
import re
from typing import Any

import pytest

from facts.data.from_oci import API_FOLDER, CLIENTS, api_text, package_table, packages
from facts.oci_api import clients, model, operations, operations_of, parse_type, sdk_version


def test_every_client_of_the_list_is_in_the_table() -> None:
    assert sorted(clients()) == sorted(CLIENTS)


def test_the_table_is_of_the_installed_sdk() -> None:
    found = importlib.metadata.version("oci")
    assert sdk_version() == found, "run `python -m facts.data.refresh` and read the diff"


def check(package: str) -> None:
    text = (API_FOLDER / f"{package}.json").read_text()
    assert text == api_text(package_table(package)), f"{package}: run `python -m facts.data.refresh`"


@pytest.mark.parametrize("package", ["vault", "streaming", "work_requests"])
def test_a_file_is_what_the_sdk_says(package: str) -> None:
    check(package)


@pytest.mark.prove
@pytest.mark.parametrize("package", packages())
def test_every_file_is_what_the_sdk_says(package: str) -> None:
    check(package)


def test_an_operation_has_its_path_parameters_and_types() -> None:
    found = operations_of("core.VirtualNetworkClient")
    create, listed = found["create_vcn"], found["list_vcns"]
    assert (create.method, create.path, create.name) == ("POST", "/20160918/vcns", "CreateVcn")
    assert create.body == parse_type("CreateVcnDetails")
    assert create.answer == parse_type("Vcn")
    assert "opc-retry-token" in create.headers
    assert listed.query["compartmentId"].required
    assert listed.query["sortBy"].choices == ("TIMECREATED", "DISPLAYNAME")


def test_a_model_has_its_properties_and_subtypes() -> None:
    details = model("core", "CreateVcnDetails")
    source = model("core", "InstanceSourceDetails")
    assert details is not None
    assert details.properties["compartmentId"].required
    assert details.properties["definedTags"].type.text == "map[map[object]]"
    assert source is not None
    assert (source.by, source.subtypes["image"]) == ("sourceType", "InstanceSourceViaImageDetails")


def test_one_method_and_path_is_one_operation() -> None:
    """All clients share a port, so a path identifies the operation. Work requests are the same in both services."""
    seen: dict[tuple[str, str], str] = {}
    for each in operations():
        key = (each.method, re.sub(r"\{[^}]*\}", "{}", each.path))
        other = seen.setdefault(key, each.name)
        assert other == each.name or "WorkRequest" in each.name, key


def test_every_model_that_an_operation_names_is_in_the_table() -> None:
    for each in operations():
        for kind in (found.innermost for found in (each.body, each.answer) if found):
            if kind.kind == "model":
                assert model(each.package, kind.name) is not None, (each.name, kind.name)


@pytest.mark.parametrize("client", ["vault.VaultsClient"])
def test_the_sdk_has_the_methods_that_the_table_names(client: str) -> None:
    package, _, name = client.partition(".")
    sdk: Any = getattr(importlib.import_module(f"oci.{package}"), name)
    assert all(hasattr(sdk, each) for each in operations_of(client))
