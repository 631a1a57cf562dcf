"""A placeholder is accepted only where the sandbox can work with it, and a real `up` refuses each of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from facts.problem import InvalidInput
from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file
from infra.settings import examine, load
from tests.infra.settings.examples import Change, config
from tests.infra.snapshots import file_of

MARK = "REPLACE-ME"
FORMS = (
    MARK,
    "replace-me",
    "Replace-Me",
    f"<{MARK}>",
    f"sha256:{MARK}",
    f"https://{MARK}.example.com",
    f"a {MARK} b",
)


def _texts(content: Any, path: str) -> Iterator[str]:
    """The paths of all texts in a mapping."""
    if isinstance(content, str):
        yield path
    elif isinstance(content, dict | list):
        entries = content.items() if isinstance(content, dict) else enumerate(content)
        for key, inner in entries:
            yield from _texts(inner, f"{path}.{key}" if path else str(key))


PATHS = sorted({*_texts(config(), ""), "tenancy.homeRegion", "tenancy.secondRegion", "tenancy.tags.Owner"})


def wrong(*changes: Change) -> dict[str, str]:
    return {problem.path: problem.fix for problem in examine(config(*changes), "test").problems}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", PATHS)
def test_a_real_up_refuses_every_form_of_a_placeholder(path: str, form: str):
    with pytest.raises(InvalidInput):
        load(config((path, form)), "test")


@pytest.mark.parametrize("form", FORMS)
def test_a_placeholder_as_a_key_is_one_too(form: str):
    found = examine(config(("tenancy.tags", {form: "x"})), "test").placeholders
    assert [(problem.path, problem.value) for problem in found] == [("tenancy.tags", form)]


@pytest.mark.parametrize("key", ["region", "homeRegion", "secondRegion"])
def test_a_region_cannot_be_a_placeholder(key: str):
    assert list(wrong((f"tenancy.{key}", MARK))) == [f"tenancy.{key}"]


@pytest.mark.parametrize(
    ("path", "reported", "form"),
    [
        ("tenancy.tenancyId", "tenancy.tenancyId", "ocid1.tenancy.oc1..REPLACE-ME"),
        ("tenancy.compartmentId", "tenancy.compartmentId", "ocid1.compartment.oc1..REPLACE-ME"),
        ("cluster.secretsKeyId", "cluster.secretsKeyId", "ocid1.key.oc1.iad.REPLACE-ME"),
        ("cluster.pools.0.imageId", "cluster.pools[0].imageId", "ocid1.image.oc1.iad.REPLACE-ME"),
        ("gpu.pools.0.imageId", "gpu.pools[0].imageId", "ocid1.image.oc1.iad.REPLACE-ME"),
    ],
)
def test_the_placeholder_of_an_ocid_keeps_its_form(path: str, reported: str, form: str):
    assert wrong((path, MARK)) == {reported: f"A placeholder keeps the form: {form}"}
    assert wrong((path, form)) == {}


@pytest.mark.parametrize(
    "ocid",
    ["ocid1.key.oc1.iad.REPLACE-ME", "ocid1.image.oc1.fra.REPLACE-ME", "ocid1.image.oc2.iad.REPLACE-ME"],
)
def test_a_placeholder_of_another_kind_region_or_realm_is_refused_as_the_cloud_would(ocid: str):
    assert list(wrong(("gpu.pools.0.imageId", ocid))) == ["gpu.pools[0].imageId"]


def test_the_program_runs_with_every_placeholder_that_the_check_accepts():
    file = read_stack_file("staging", file_of("staging"))
    sections: Any = file.sections
    accepted = 0
    for path in list(_texts(sections, "")):
        changed = _with(sections, path)
        if not examine(changed, "staging").problems:
            sections, accepted = changed, accepted + 1
    assert accepted > 5
    assert run_offline(replace(file, sections=sections), "staging").resources


def _with(content: Any, path: str) -> Any:
    """A copy with a placeholder at the path."""
    step, _, rest = path.partition(".")
    key: Any = int(step) if isinstance(content, list) else step
    changed = list(content) if isinstance(content, list) else dict(content)
    changed[key] = _with(content[key], rest) if rest else MARK
    return changed
