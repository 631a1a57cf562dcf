"""Wrong candidates of models, each with its path and message."""

from tests.infra.settings.examples import Change
from tests.infra.settings.refusals_of_traffic_gateway import served
from tests.infra.settings.wrong.case import Wrong

CANDIDATE = "traffic.candidates.qwen3-32b"
OTHER = "1" * 40
DIGEST = "sha256:" + "3" * 64
ADAPTER = {"name": "sql", "base": "qwen3-32b", "repository": "a/b", "revision": "0" * 40}
STAGED = {
    "bucket": "model-artifacts",
    "pythonImageDigest": "sha256:" + "0" * 64,
    "rcloneImageDigest": "sha256:" + "1" * 64,
}
LARGE: list[Change] = [("serving.models.0.model", "qwen3-235b-a22b"), ("serving.models.0.gpus", 4)]


def tried(*changes: Change, tenant: dict[str, object] | None = None, **candidate: object) -> list[Change]:
    """A model with a tenant and a candidate of another commit, with changes."""
    wanted: dict[str, object] = {"revision": OTHER, **candidate}
    return served((CANDIDATE, wanted), *changes, **(tenant or {}))


def replicas(count: int) -> Change:
    """Engines of the model itself."""
    return ("serving.models.0.replicas", count)


EVERY: tuple[Wrong, ...] = (
    Wrong(
        "unknown model",
        [*tried(), ("traffic.candidates.qwen", {"weight": 0})],
        "traffic.candidates.qwen",
        "is not a model of this stack: qwen3-32b. Did you mean `qwen3-32b`?",
    ),
    Wrong(
        "weight that is no step",
        tried(weight=30),
        f"{CANDIDATE}.weight",
        "must be a step of a release: 0, 25, 50, 75, 100 percent",
    ),
    Wrong("negative weight", tried(weight=-25), f"{CANDIDATE}.weight", "must be a step of a release"),
    Wrong(
        "weight without engines",
        tried(weight=25, replicas=0),
        f"{CANDIDATE}.replicas",
        "must be 1 or more for 25 % of the requests",
    ),
    Wrong(
        "fewer engines than the weight needs",
        tried(replicas(4), weight=75, replicas=2),
        f"{CANDIDATE}.replicas",
        "must be 3 or more for 75 % of the requests, which 4 engines of the model answer now",
    ),
    Wrong(
        "requests for a model without engines",
        tried(replicas(0), weight=25, replicas=1),
        f"{CANDIDATE}.weight",
        "must be 100, because the model has no engines: the other 75 % would fail",
    ),
    Wrong("fewer engines than none", tried(replicas=-1), f"{CANDIDATE}.replicas", "must be 0 or more"),
    Wrong(
        "weight without GPUs",
        tried(replicas(5), weight=100, replicas=5),
        f"{CANDIDATE}.replicas",
        "must fit on pool mi300x beside the engines of the models",
    ),
    Wrong(
        "GPUs without a weight",
        tried(gpus=8),
        f"{CANDIDATE}.replicas",
        "must fit on pool mi300x beside the engines",
    ),
    Wrong(
        "weight without a gateway",
        [(CANDIDATE, {"weight": 25, "revision": OTHER})],
        f"{CANDIDATE}.weight",
        "has no effect: without tenants",
    ),
    Wrong("the same release", tried(revision="0" * 40), CANDIDATE, "is the same release as model qwen3-32b"),
    Wrong(
        "the image that the model has",
        tried(("serving.imageDigest", DIGEST), revision="0" * 40, imageDigest=DIGEST),
        CANDIDATE,
        "is the same release as model qwen3-32b",
    ),
    Wrong(
        "only more engines",
        tried(revision="0" * 40, replicas=2),
        CANDIDATE,
        "it must differ in more than `replicas`",
    ),
    Wrong(
        "shorter context",
        tried(contextTokens=32_000),
        f"{CANDIDATE}.contextTokens",
        "must be 40,960 or more, the context of the model",
    ),
    Wrong(
        "a promise above its context",
        tried(contextTokens=32_000, tenant={"promptTokens": 33_000}),
        "traffic.tenants[0].promptTokens",
        "must be below 32,000, the context of the candidate of qwen3-32b",
        others=True,
    ),
    Wrong(
        "another served name",
        tried(engineOptions={"served-model-name": "qwen"}),
        f"{CANDIDATE}.engineOptions.served-model-name",
        "is set by another key",
    ),
    Wrong(
        "without the model's adapter",
        tried(("serving.models.0.adapters", [ADAPTER]), adapters=[]),
        f"{CANDIDATE}.adapters",
        "must serve the names of the model's adapters: sql",
    ),
    Wrong(
        "another scheduling",
        tried(engineOptions={"scheduling-policy": "priority"}),
        f"{CANDIDATE}.engineOptions.scheduling-policy",
        "must be the model's, none: the gateway sets the priority",
    ),
    Wrong(
        "uncounted tokens",
        tried(("serving.models.0.engineOptions", {"enable-force-include-usage": "true"}), engineOptions={}),
        f"{CANDIDATE}.engineOptions.enable-force-include-usage",
        "must be the model's, true: the gateway counts",
    ),
    Wrong(
        "unknown engine option",
        tried(engineOptions={"max-num-seq": "8"}),
        f"{CANDIDATE}.engineOptions.max-num-seq",
        "Did you mean",
    ),
    Wrong(
        "image without a digest",
        tried(image="docker.io/a/vllm"),
        f"{CANDIDATE}.imageDigest",
        "is required with `image`",
    ),
    Wrong("wrong digest", tried(imageDigest="latest"), f"{CANDIDATE}.imageDigest", "sha256"),
    Wrong("unknown pool", tried(pool="mi355x"), f"{CANDIDATE}.pool", "must be a GPU pool: mi300x"),
    Wrong("unknown catalogue key", tried(model="qwen"), f"{CANDIDATE}.model", "qwen"),
    Wrong(
        "a model with its names",
        tried(
            (
                "serving.models.1",
                {
                    "name": "qwen3-32b-candidate",
                    "model": "qwen3-32b",
                    "revision": "0" * 40,
                    "pool": "mi300x",
                    "gpus": 1,
                },
            )
        ),
        CANDIDATE,
        "would have the names of model qwen3-32b-candidate",
        others=True,
    ),
    Wrong(
        "more requests than its engines run",
        tried(engineOptions={"max-num-seqs": "8"}, weight=50, tenant={"concurrentRequests": 64}),
        f"{CANDIDATE}.weight",
        "sends 32 requests of research at the same time to engines that run 8",
    ),
    Wrong(
        "no disk for its weights",
        tried(("serving.weights", {**STAGED, "diskShare": 0.05}), *LARGE),
        "traffic.candidates of pool mi300x",
        "must fit on a node's disk: 700 GB, 5% of 14,000",
    ),
    Wrong(
        "beyond a team's quota",
        tried(
            ("serving.models.0.team", "research"),
            ("serving.teams", [{"name": "research", "gpus": 1, "podSecurity": "baseline"}]),
        ),
        "serving.teams[0].gpus",
        "must be enough for the models of team research, which need 2",
        others=True,
    ),
    Wrong("a name of its own", tried(name="qwen"), f"{CANDIDATE}.name", "is not a known key"),
)
