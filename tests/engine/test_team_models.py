"""A model in a team's namespace on the real engine: the team's quota admits it, and refuses more."""

from collections.abc import Iterator

import pytest

from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProject]:
    """The deployed example. The tests below run in order: each starts from the state that the one before it leaves."""
    made = SandboxProject.of_example(tmp_path_factory.mktemp("team"), "team-models")
    made.up().check()
    yield made
    made.destroy()


def test_each_engine_is_in_its_namespace(project: SandboxProject) -> None:
    engines = [each["id"] for each in project.state() if each["type"] == "kubernetes:apps/v1:Deployment"]
    assert sorted(engines) == ["research/qwen3-235b", "serving/qwen3-32b"]
    assert project.owned() == project.recorded()


def test_a_second_up_changes_nothing(project: SandboxProject) -> None:
    project.up("--expect-no-changes").check()


def test_more_than_the_quota_is_refused_before_anything_is_created(project: SandboxProject) -> None:
    before = project.config_file.read_text()
    project.configure("serving", teams=[{"name": "research", "gpus": 2}])
    refused = project.up()
    project.config_file.write_text(before)
    assert refused.status != 0
    assert "serving.teams[0].gpus: 2" in refused.output
    assert "must be enough for the models of team research, which need 4" in refused.output


def test_destroy_leaves_nothing(project: SandboxProject) -> None:
    project.destroy().check()
    assert project.owned() == []
