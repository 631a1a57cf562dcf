"""An environment watches the parts that it has."""

import pytest

from infra.project.stackfile import ROOT, read_stack_file
from infra.settings import examine
from infra.settings.traffic.candidates import with_candidates
from infra.settings.traffic.watching_rules import empty_seconds, start_seconds, watched_features
from tests.infra.settings.examples import DELETE, Change, config
from tests.infra.settings.refusals_of_traffic_gateway import behind_edge, served
from tests.infra.settings.refusals_of_traffic_watching import watched


def features(*changes: Change) -> set[str]:
    examined = examine(config(*changes), "test")
    assert not examined.problems
    settings = examined.settings
    assert settings is not None
    return set(watched_features(settings.network, settings.serving, settings.traffic))


def test_an_environment_without_a_gateway_does_not_wait_for_envoys() -> None:
    assert features(*watched()) == {"engines"}


@pytest.mark.parametrize("tenants", [served(), behind_edge()], ids=["in the cluster", "behind the edge"])
def test_tenants_have_a_gateway_whose_envoys_are_watched(tenants: list[Change]) -> None:
    assert {"gateway", "aiGateway"} <= features(*tenants)


def test_a_gateway_of_the_edge_is_watched_without_tenants() -> None:
    own: Change = ("traffic.gateway", DELETE)
    assert "gateway" in features(
        *behind_edge(), ("traffic.tenants", DELETE), own, ("traffic.hostName", DELETE)
    )


@pytest.mark.parametrize(("weight", "alone"), [(0, False), (25, True)])
def test_a_candidate_without_engines_alarms_at_once_only_with_a_share(weight: int, alone: bool) -> None:
    file = ROOT / "examples" / "releases.yaml"
    settings = examine(read_stack_file("releases", file).sections, "releases").settings
    assert settings is not None
    (name, wanted), *_ = settings.traffic.candidates.items()
    changed = {name: wanted.model_copy(update={"weight": weight})}
    (seconds,) = empty_seconds(settings.gpu, settings.serving, changed).values()
    starting = start_seconds(settings.gpu, with_candidates(settings.serving, changed))[name]
    assert (seconds == 180, seconds == starting) == (alone, not alone)
