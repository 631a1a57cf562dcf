"""One model of the catalogue: its architecture, its size, and how it is served on MI300X.

Figures come from the model's published configuration. Engine options and environment come from vLLM's recipes. If the
recipe does not state that MI300X is verified, `verified` is false and `notes` says what is known.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from facts.vllm import ARCHITECTURES, VERSION

OptionValue = bool | int | float | str
"""Value of an engine option. true and false are switches. A JSON value of vLLM is a string here."""

WeightType = Literal["bf16", "fp8", "mxfp4", "int4"]
"""Number format of the weights. NVFP4 is left out: gfx942 has no such kernels."""

WeightsKnown = Literal["published", "computed", "assumed"]

Positive = Annotated[int, Field(ge=1)]
Fraction = Annotated[float, Field(gt=0, lt=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        validate_by_alias=True,
        validate_by_name=True,
    )


class Attention(_Strict):
    """The figures that decide the size of the key-value cache."""

    kind: Literal["gqa", "mla"]
    """gqa: grouped-query attention, whose heads are split over the GPUs. mla: one latent vector, copied to each GPU."""

    heads: Positive
    """Query heads. The tensor parallel size must divide them."""

    kv_heads: Positive
    """Key-value heads. 1 for mla."""

    head_size: Positive
    """Elements of one key-value head. For mla: elements of the latent vector with its rotary part, 576."""

    @model_validator(mode="after")
    def _agree(self) -> "Attention":
        if self.kind == "mla" and self.kv_heads != 1:
            raise ValueError("kvHeads must be 1 for mla: the latent vector is shared by all heads")
        if self.heads % self.kv_heads:
            raise ValueError(f"heads ({self.heads}) must be a multiple of kvHeads ({self.kv_heads})")
        return self


class Experts(_Strict):
    """A mixture of experts."""

    count: Positive
    """Routed experts per layer."""

    active: Positive
    """Experts that one token uses."""

    intermediate_size: Positive
    """Width of one expert."""


class Window(_Strict):
    """Layers with sliding-window attention."""

    layers: Positive
    tokens: Positive
    """Tokens of the past that such a layer sees."""


class State(_Strict):
    """Layers with linear attention (gated delta net), which keep a state of fixed size for each sequence."""

    layers: Positive
    key_heads: Positive
    value_heads: Positive
    key_size: Positive
    value_size: Positive
    kernel: Positive
    """Width of the convolution before the attention."""


class Recipe(_Strict):
    """What vLLM's recipes say about the model, at the commit RECIPES."""

    path: str
    """File in the repository of the recipes."""

    mi300x: Literal["verified", "not listed", "unsupported"]
    """What it says about MI300X."""


RECIPES = "vllm-project/recipes at 8959cf6 of 2026-08-21"


class Model(_Strict):
    """One model of the catalogue."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$")]
    """Key in the catalogue: the file's name without its extension."""

    repository: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
    """Repository on the Hugging Face hub, `owner/name`."""

    revision: str
    """Commit of the repository. If it could not be verified, it is a placeholder, and the stack config sets it."""

    licence: str
    """SPDX identifier, or the maker's name for the licence."""

    gated: bool
    """Whether the hub requires a token of an account that accepted the licence."""

    architecture: str
    """Architecture in the published configuration, e.g. `LlamaForCausalLM`."""

    parameters_billion: Annotated[float, Field(gt=0)]
    """All parameters, active or not, in billions."""

    active_billion: Annotated[float, Field(gt=0)] | None = None
    """Parameters that one token uses, in billions. Only for mixture-of-experts models."""

    weights_gb: Annotated[float, Field(gt=0, le=1_000_000)]
    """Size of the weight files in GB (10^9 bytes): the download, and an upper bound of the loaded weights. The limit is
    this project's own."""

    weights_known: WeightsKnown
    """The source of that size: published by the maker or the recipe, computed from the parameters at two bytes each, or
    assumed from the parameters and the recipe's minimum memory. No files were downloaded to measure it."""

    weight_type: WeightType
    """Number format of most weights."""

    layers: Positive
    """Transformer layers, including those with a window or a state."""

    hidden_size: Positive
    """Width of a layer's input and output."""

    intermediate_size: Positive
    """Width of a dense layer's feed-forward part."""

    vocabulary_size: Positive
    """Rows of the output layer."""

    experts: Experts | None = None
    """Experts of a mixture-of-experts model. Default: none, for a dense model."""

    window: Window | None = None
    """Layers with a sliding window. Default: none."""

    state: State | None = None
    """Layers that keep a state instead of a cache. Default: none."""

    prediction_layers: Annotated[int, Field(ge=0)] = 0
    """Additional layers in the files that predict several tokens. They are loaded only for speculative decoding."""

    index_bytes: Annotated[int, Field(ge=0)] = 0
    """Size of the index of sparse attention in addition to the cache, in bytes per token and layer."""

    attention: Attention

    max_context: Positive
    """Longest context in tokens that the published configuration allows."""

    tensor_parallel: Annotated[tuple[Positive, ...], Field(min_length=1)]
    """Supported tensor parallel sizes, ascending: the GPUs of one engine."""

    kv_cache_type: str | None = None
    """Type of the key-value cache in the recipe. Default: `auto`."""

    memory_utilization: Fraction | None = None
    """Share of the GPU's memory that the engine may use. Default: the planner's, which is vLLM's own."""

    options: dict[str, OptionValue] = Field(default_factory=dict[str, OptionValue])
    """More options of `vllm serve`, by name without leading dashes."""

    environment: dict[str, str] = Field(default_factory=dict[str, str])
    """Environment variables of the engine in addition to those of every model on MI300X."""

    reasoning_parser: str | None = None
    """vLLM's parser for the model's reasoning, if it has one."""

    tool_parser: str | None = None
    """vLLM's parser for the model's tool calls, if it has one."""

    recipe: Recipe | None = None
    """vLLM's recipe for the model, if there is one."""

    verified: bool
    """Whether vLLM's recipe marks the model as verified on MI300X, and the pinned version serves it with its own code.
    A model through the Transformers library does not count, because the recipe did not test that."""

    source: Annotated[tuple[str, ...], Field(min_length=1)]
    """Sources of the figures."""

    notes: str = ""
    """What a user should know before choosing it."""

    @model_validator(mode="after")
    def _agree(self) -> "Model":
        if list(self.tensor_parallel) != sorted(set(self.tensor_parallel)):
            raise ValueError("tensorParallel must be in ascending order without repeats")
        others = (self.window.layers if self.window else 0) + (self.state.layers if self.state else 0)
        if others >= self.layers:
            raise ValueError(
                f"window and state have {others} of the {self.layers} layers, and must leave at least one"
            )
        if self.active_billion is not None and self.active_billion >= self.parameters_billion:
            raise ValueError("activeBillion must be below parametersBillion; leave it out for a dense model")
        for size in self.tensor_parallel:
            if self.attention.heads % size:
                raise ValueError(f"tensorParallel {size} does not divide the {self.attention.heads} heads")
        if self.verified and (self.recipe is None or self.recipe.mi300x != "verified"):
            raise ValueError("verified must be false: no recipe of vLLM marks it as verified on MI300X")
        if self.verified and "vllm" not in self.served_by:
            raise ValueError(
                f"verified must be false: vLLM {VERSION} has no own code for {self.architecture}"
            )
        return self

    @property
    def served_by(self) -> frozenset[str]:
        """How the pinned version serves its architecture, as words. Empty if it needs a plug-in."""
        return ARCHITECTURES.get(self.architecture, frozenset())

    @property
    def full_layers(self) -> int:
        """Layers whose cache grows with the context."""
        window, state = self.window, self.state
        return self.layers - (window.layers if window else 0) - (state.layers if state else 0)

    @property
    def standing(self) -> str:
        """A sentence on the model's verification on MI300X."""
        if self.recipe is None:
            said = "vLLM has no known recipe for it"
        elif self.recipe.mi300x == "verified":
            said = f"verified on MI300X by {self.recipe.path} ({RECIPES})"
        else:
            said = f"{self.recipe.path} ({RECIPES}) does not list MI300X"
        if "vllm" in self.served_by:
            return said
        way = "through the Transformers library" if self.served_by else "only with a plug-in"
        return f"{said}, but vLLM {VERSION} serves {self.architecture} {way}: not verified"
