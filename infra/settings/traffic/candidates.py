"""Candidates: other releases of models, which run beside them and get a share of their requests."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from infra.settings.base import Name, Section
from infra.settings.serving import AdapterSettings, ModelSettings, Serving
from serving.routing.target import CANDIDATE, server_name


class CandidateSettings(Section):
    """Another release of a model, which runs beside it. Keys that are left out are those of the model."""

    weight: int = 0
    """Share of the model's requests in percent: 0, 25, 50, 75 or 100. The rest goes to the model's own engines."""

    model: str | None = None
    """Catalogue key, e.g. of the same model with smaller weights. Then `revision` is not the model's."""

    revision: str | None = None
    """Commit of the model's repository."""

    image: str | None = None
    """Repository of the engine's image. Needs `imageDigest`."""

    image_digest: str | None = None
    """Digest of the engine's image, `sha256:…`."""

    pool: Name | None = None
    """Name of the GPU pool."""

    replicas: int | None = None
    """Number of engines. It must be the `weight` in percent of the model's own number, or more."""

    gpus: int | None = None
    """GPUs per engine."""

    context_tokens: int | None = None
    """Longest context in tokens. It must be that of the model, or longer."""

    kv_cache_type: str | None = None
    """Data type of the key-value cache."""

    memory_utilization: float | None = None
    """Share of a GPU's memory for the engine, more than 0, less than 1."""

    longest_stream_seconds: int | None = None
    """Seconds that a running answer may continue when its engine must stop."""

    reasoning_parser: str | None = None
    """vLLM's reasoning parser, or `none`."""

    tool_parser: str | None = None
    """vLLM's parser for tool calls, or `none`."""

    adapters: tuple[AdapterSettings, ...] | None = None
    """LoRA adapters, in place of all of the model's. They must have the names of the model's."""

    engine_options: dict[str, str] | None = None
    """Options of `vllm serve`, in place of all of the model's."""

    environment: dict[str, str] | None = None
    """Environment variables of the engine, in place of all of the model's."""

    @property
    def changes(self) -> Mapping[str, Any]:
        """The keys of a model that it sets."""
        return {key: value for key in CHANGEABLE if (value := getattr(self, key)) is not None}


CHANGEABLE = tuple(key for key in CandidateSettings.model_fields if key != "weight")
"""Keys of a model that a candidate can set."""


class CandidateModel(ModelSettings):
    """A candidate as a model with names of its own, which answers for another model's name."""

    stable: ModelSettings = Field(exclude=True)
    """The model that it is a release of."""

    weight: int = Field(exclude=True)
    """Share of the model's requests in percent. Excluded, so that a step of a release is no new engine to test."""

    @property
    def served_name(self) -> str:
        return self.stable.name

    @property
    def track(self) -> str:
        return CANDIDATE


def candidate_model(stable: ModelSettings, wanted: CandidateSettings) -> CandidateModel:
    """The candidate of a model."""
    own: dict[str, Any] = {key: getattr(stable, key) for key in ModelSettings.model_fields}
    if wanted.model not in (None, stable.model):
        own["revision"] = None
    if wanted.image is not None:
        own["image_digest"] = None
    # Nothing scales a candidate, and the rules decide whether it may start one more engine.
    own |= {"autoscaled": False, "spare_gpus": None, "name": server_name(stable.name, CANDIDATE)}
    # A name may be too long here: the rules say so, with the path in the stack file.
    own |= dict(wanted.changes)
    return CandidateModel.model_construct(**own, stable=stable, weight=wanted.weight)


def candidate_models(serving: Serving, candidates: Mapping[str, CandidateSettings]) -> list[CandidateModel]:
    """The candidates of the models that exist."""
    return [
        candidate_model(model, candidates[model.name]) for model in serving.models if model.name in candidates
    ]


def with_candidates(serving: Serving, candidates: Mapping[str, CandidateSettings]) -> Serving:
    """The serving stack with each candidate as one more model, after the others; itself if it has them already."""
    if any(isinstance(model, CandidateModel) for model in serving.models):
        return serving
    return serving.model_copy(update={"models": (*serving.models, *candidate_models(serving, candidates))})
