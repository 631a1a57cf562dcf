"""GPU pools and their engines, in a stack's resources and in the comment on a pull request."""

from facts.prices import load_prices
from report.gpu_pools import gpu_pools
from report.markdown import comment
from report.resources import from_export, from_state
from sandbox.preview import room_lines
from tests.report import states

POOL = "genai-playground/pool"
PRICES = load_prices()


def pool(size: int) -> states.State:
    made = states.gpu_pool(size)
    return {**made, "inputs": {**made["inputs"], "initialNodeLabels": [{"key": POOL, "value": "mi300x"}]}}  # pyright: ignore[reportGeneralTypeIssues]


def engine(name: str, gpus: int, replicas: int = 1) -> states.State:
    pod = {
        "nodeSelector": {POOL: "mi300x"},
        "containers": [{"resources": {"limits": {"amd.com/gpu": str(gpus)}}}],
    }
    spec = {"replicas": replicas, "template": {"spec": pod}}
    return states.state(
        "genai:index:ModelServer$kubernetes:apps/v1:Deployment",
        f"{name}-engine",
        {"metadata": {"name": name}, "spec": spec},
    )


def wide(name: str, nodes: int) -> states.State:
    pod = {
        "nodeSelector": {POOL: "mi300x"},
        "containers": [{"resources": {"limits": {"amd.com/gpu": "8"}}}],
    }
    group = {"size": nodes, "workerTemplate": {"spec": pod}}
    return states.state(
        "genai:index:ModelServer$kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
        f"{name}-engine",
        {"metadata": {"name": name}, "spec": {"replicas": 1, "leaderWorkerTemplate": group}},
    )


def told(*found: states.State) -> list[str]:
    return [str(use) for use in gpu_pools(from_state(each) for each in found)]


def test_a_pool_shows_requested_gpus_and_free_nodes() -> None:
    assert told(pool(3), engine("qwen", 1, 2)) == ["mi300x: 2 of 24 GPUs requested, 1 of 3 nodes free"]


def test_an_engine_that_does_not_fit_is_named_with_the_reason() -> None:
    (line,) = told(pool(2), engine("qwen", 1, 2), engine("deepseek", 8))
    assert line == (
        "mi300x: 10 of 16 GPUs requested on 2 nodes: 1 engine of deepseek would wait forever, because it needs 8 GPUs"
        " on one node, and the other engines leave 7, 7 free on the nodes"
    )


def test_an_engine_on_several_nodes_uses_whole_nodes() -> None:
    assert told(pool(2), wide("kimi", 2)) == ["mi300x: 16 of 16 GPUs requested, 0 of 2 nodes free"]


def test_engines_without_gpus_and_of_other_pools_do_not_count() -> None:
    assert told(engine("qwen", 1)) == []
    assert told(pool(1), engine("router", 0)) == ["mi300x: 0 of 8 GPUs requested, 1 of 1 node free"]


def test_the_comment_warns_of_engines_that_no_longer_fit() -> None:
    standing = [pool(2), engine("deepseek", 8)]
    digest: dict[str, object] = {"steps": [states.step("create", new=engine("qwen", 1, 2))]}
    before = from_export({"deployment": {"resources": standing}})
    said = comment(digest, PRICES, stack="staging", before=before)
    assert (
        "> [!WARNING]\n> **No room**: mi300x: 10 of 16 GPUs requested on 2 nodes: 1 engine of deepseek would wait"
        in said
    )


def test_the_comment_shows_the_new_use_of_a_changed_pool() -> None:
    standing, step = [pool(1), engine("qwen", 1)], states.step("update", pool(1), pool(2))
    before = from_export({"deployment": {"resources": standing}})
    said = comment({"steps": [step]}, PRICES, stack="staging", before=before)
    assert "**GPUs**: mi300x: 1 of 16 GPUs requested, 1 of 2 nodes free." in said
    assert "No room" not in said


def test_a_preview_on_the_sandbox_names_the_pools_without_room_after_the_change() -> None:
    before, after = engine("qwen", 8), engine("qwen", 8, 3)
    changed = {"op": "update", "urn": after["urn"], "oldState": before, "newState": after}
    kept = {"op": "same", "urn": "p", "oldState": pool(2), "newState": pool(2)}
    gone = {"op": "delete", "urn": "d", "oldState": engine("other", 8), "newState": None}
    (line,) = room_lines([kept, changed, gone])
    assert line.startswith(
        "NO ROOM: mi300x: 24 of 16 GPUs requested on 2 nodes: 1 engine of qwen would wait forever"
    )
    assert room_lines([kept, {**changed, "newState": before}, gone]) == []
