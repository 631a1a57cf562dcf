"""What a preview says about the DRG of a hub, read from the sandbox's cloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.existing.look import problems_of
from infra.settings import examine
from sandbox.store import open_store
from tests.infra.existing.theirs import COMPARTMENT, CloudReader, Theirs
from tests.infra.settings.examples import config

DRG = "oci:Core/drg:Drg"


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Theirs]:
    """An account of another team."""
    with open_store(tmp_path / "cloud.db") as store:
        yield Theirs(store)


def said(theirs: Theirs, drg_id: str, **more: str) -> list[str]:
    hub = {"drgId": drg_id, "cidrs": ["10.100.0.0/16"], **more}
    settings = examine(config(("network.hub", hub)), "test").settings
    assert settings is not None
    return [*map(str, problems_of(settings, CloudReader(theirs.operations)))]


def test_a_drg_of_the_compartment_has_no_problem(theirs: Theirs) -> None:
    assert said(theirs, theirs.make(DRG)) == []


def test_a_drg_of_another_compartment_is_named(theirs: Theirs) -> None:
    other = "ocid1.compartment.oc1..aaaaaaaaother"
    drg = theirs.make(DRG, compartmentId=other)
    (problem,) = said(theirs, drg)
    assert problem.startswith(f"network.hub.drgId: '{drg}'; must be a DRG in the compartment {COMPARTMENT}")
    assert said(theirs, drg, compartmentId=other) == []


def test_a_drg_that_is_being_deleted_is_refused(theirs: Theirs) -> None:
    drg = theirs.make(DRG)
    theirs.spoil(drg, state="TERMINATING")
    assert said(theirs, drg) == [f"network.hub.drgId: '{drg}'; must be AVAILABLE, not TERMINATING"]
