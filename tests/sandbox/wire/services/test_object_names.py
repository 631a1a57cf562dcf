"""Names of objects: every character of a name counts, by the official SDK and the OCI CLI."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from oci.object_storage import models

from tests.sandbox.wire.conftest import Oci, Refused, Wire
from tests.sandbox.wire.http import call
from tests.sandbox.wire.services.buckets import made_bucket

NAMES = [
    "a", "a/", "/a", "//a", "a//", "a//b", "a/b", "a%2Fb", "%2F", "a?b=c", "a#b", "a b", " a", "a+b", "a&b", "ä/日本",
    "a;b", "..a", "a..b", "*", "'\"", "a\tb", "o/", "n/x/b/y/o/z", "/",
]  # fmt: skip


def test_every_name_is_another_object(storage: Any, namespace: str) -> None:
    made_bucket(storage, namespace)
    for name in NAMES:
        storage.put_object(namespace, "weights", name, name.encode())
    assert [each.name for each in storage.list_objects(namespace, "weights").data.objects] == sorted(NAMES)
    for name in NAMES:
        assert storage.get_object(namespace, "weights", name).data.content == name.encode()
        storage.delete_object(namespace, "weights", name)
    assert storage.list_objects(namespace, "weights").data.objects == []


@pytest.mark.parametrize("path", ["..", ".", "a/../b", "../a", "%2e%2E"])
def test_dots_are_no_folders(wire: Wire, storage: Any, namespace: str, path: str) -> None:
    made_bucket(storage, namespace)
    place = f"/n/{namespace}/b/weights/o/{path}"
    assert call(wire, "PUT", place, b"[1]").status == 200
    assert call(wire, "GET", place).body == [1]


@pytest.mark.prove
@pytest.mark.parametrize("name", ["/a//b/", "ä b%2Fc"])
def test_the_cli_and_the_sdk_mean_the_same_names(
    run_oci: Oci, storage: Any, namespace: str, tmp_path: Path, name: str
) -> None:
    made_bucket(storage, namespace)
    file = tmp_path / "content"
    file.write_bytes(b"from the CLI")
    place = ("--namespace", namespace, "--bucket-name", "weights")
    run_oci("os", "object", "put", *place, "--name", name, "--file", str(file), "--force")
    assert storage.get_object(namespace, "weights", name).data.content == b"from the CLI"
    assert [each["name"] for each in run_oci("os", "object", "list", *place)] == [name]
    run_oci("os", "object", "delete", *place, "--name", name, "--force")
    assert storage.list_objects(namespace, "weights").data.objects == []


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\0b", "a" * 1025, "ä" * 513])
def test_an_invalid_name_is_refused(
    storage: Any, namespace: str, refused: Callable[[], Refused], name: str
) -> None:
    made_bucket(storage, namespace)
    storage.put_object(namespace, "weights", "ä" * 512, b"1")
    storage.put_object(namespace, "weights", "a", b"1")
    with refused() as refusal:
        storage.put_object(namespace, "weights", name, b"1")
    assert (refusal.status, refusal.code) == (400, "InvalidObjectName")
    with refused() as refusal:
        details = models.RenameObjectDetails(source_name="a", new_name=name)
        storage.rename_object(namespace, "weights", details)
    assert refusal.status == 400


def test_a_path_that_is_not_utf8_is_refused(wire: Wire, storage: Any, namespace: str) -> None:
    made_bucket(storage, namespace)
    assert call(wire, "PUT", f"/n/{namespace}/b/weights/o/%FF", b"1").status == 400
