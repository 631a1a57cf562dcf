"""One model of the catalogue: what it is, how large it is, and how it is served on MI300X.

Figures come from the model's published configuration; engine arguments and environment from vLLM's recipes. Where
a recipe does not say that MI300X was verified, `verified` is false and `notes` says what is known.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from facts.vllm import ARCHITECTURES, VERSION

OptionValue = bool | int | float | str
"""Value of an engine option: true and false are switches; what vLLM takes as JSON is a string here too."""

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
    """What decides the size of the key-value cache."""

    kind: Literal["gqa", "mla"]
    """gqa: grouped-query attention, heads are split over the GPUs; mla: one latent vector, copied to each GPU."""

    heads: Positive
    """Query heads. The tensor parallel size must divide them."""

    kv_heads: Positive
    """Key-value heads; 1 for mla."""

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
    """Routed experts of a layer."""

    active: Positive
    """Experts that one token uses."""

    intermediate_size: Positive
    """Width of one expert."""


class Window(_Strict):
    """Layers with sliding-window attention."""

    layers: Positive
    tokens: Positive
    """What such a layer sees of the past."""


class State(_Strict):
    """Layers of linear attention (gated delta net), which keep a state of fixed size for each sequence."""

    layers: Positive
    key_heads: Positive
    value_heads: Positive
    key_size: Positive
    value_size: Positive
    kernel: Positive
    """Width of the convolution before it."""


class Recipe(_Strict):
    """What vLLM's recipes say of the model, read at the commit RECIPES."""

    path: str
    """File in the repository of recipes."""

    mi300x: Literal["verified", "not listed", "unsupported"]
    """What it says of MI300X."""


RECIPES = "vllm-project/recipes at 8959cf6 of 2026-08-21"


class Model(_Strict):
    """One model as the catalogue states it."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$")]
    """Key in the catalogue: the file's name without its ending."""

    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    """Repository on the Hugging Face hub, `owner/name`."""

    revision: str
    """Commit of the repository. A placeholder where it could not be verified; the stack config then sets it."""

    licence: str
    """SPDX identifier, or the name that the maker gives the licence."""

    gated: bool
    """Whether the hub asks for a token of an account that accepted the licence."""

    architecture: str
    """Architecture in the published configuration, e.g. `LlamaForCausalLM`."""

    parameters_billion: Annotated[float, Field(gt=0)]
    """Parameters in all, active or not, in billions."""

    active_billion: Annotated[float, Field(gt=0)] | None = None
    """Parameters that one token uses, in billions. Mixture-of-experts models only; absent for dense ones."""

    weights_gb: Annotated[float, Field(gt=0)]
    """Size of the weight files in GB (10^9 bytes): what is fetched, and an upper bound of what is loaded."""

    weights_known: WeightsKnown
    """How that size is known: from what the maker or the recipe says of the files, computed from the parameters at two
    bytes each, or assumed from the parameters and the recipe's minimum memory. No file was fetched for any."""

    weight_type: WeightType
    """Number format of most weights."""

    layers: Positive
    """Transformer layers, those with a window or a state included."""

    hidden_size: Positive
    """Width of a layer's input and output."""

    intermediate_size: Positive
    """Width of a dense layer's feed-forward part."""

    vocabulary_size: Positive
    """Rows of the output layer."""

    experts: Experts | None = None
    """Its experts, of a mixture. Default: dense."""

    window: Window | None = None
    """Its layers with a sliding window. Default: none."""

    state: State | None = None
    """Its layers that keep a state instead of a cache. Default: none."""

    prediction_layers: Annotated[int, Field(ge=0)] = 0
    """Layers for predicting several tokens that the files hold beside the others; loaded for speculation alone."""

    index_bytes: Annotated[int, Field(ge=0)] = 0
    """What an index of sparse attention takes beside the cache: bytes a token and layer."""

    attention: Attention

    max_context: Positive
    """Longest context in tokens that the published configuration allows."""

    tensor_parallel: Annotated[tuple[Positive, ...], Field(min_length=1)]
    """Tensor parallel sizes that work, ascending. One engine takes that many GPUs."""

    kv_cache_type: str | None = None
    """Type of the key-value cache that the recipe asks for. Default: `auto`."""

    memory_utilization: Fraction | None = None
    """Share of the GPU's memory that the engine may use. Default: the planner's, which is vLLM's own."""

    options: dict[str, OptionValue] = Field(default_factory=dict[str, OptionValue])
    """Further options of `vllm serve`, names without the leading dashes."""

    environment: dict[str, str] = Field(default_factory=dict[str, str])
    """Environment of the engine beside what every model on MI300X gets."""

    reasoning_parser: str | None = None
    """vLLM's parser of the model's reasoning, if it has one."""

    tool_parser: str | None = None
    """vLLM's parser of the model's tool calls, if it has one."""

    recipe: Recipe | None = None
    """vLLM's recipe of the model, if there is one."""

    verified: bool
    """Whether vLLM's recipe marks the model as verified on MI300X, and the pinned version serves it by code of its own:
    a way through the Transformers library was not what the recipe tried."""

    source: Annotated[tuple[str, ...], Field(min_length=1)]
    """Where the figures come from."""

    notes: str = ""
    """What a user should know before choosing it."""

    @model_validator(mode="after")
    def _agree(self) -> "Model":
        if list(self.tensor_parallel) != sorted(set(self.tensor_parallel)):
            raise ValueError("tensorParallel must ascend and repeat nothing")
        others = (self.window.layers if self.window else 0) + (self.state.layers if self.state else 0)
        if others >= self.layers:
            raise ValueError(
                f"window and state must leave one of the {self.layers} layers, and have {others}"
            )
        if self.active_billion is not None and self.active_billion >= self.parameters_billion:
            raise ValueError("activeBillion must be below parametersBillion; leave it out for a dense model")
        for size in self.tensor_parallel:
            if self.attention.heads % size:
                raise ValueError(f"tensorParallel {size} does not divide the {self.attention.heads} heads")
        if self.verified and (self.recipe is None or self.recipe.mi300x != "verified"):
            raise ValueError("verified must be false: no recipe of vLLM's marks it as verified on MI300X")
        if self.verified and "vllm" not in self.served_by:
            raise ValueError(
                f"verified must be false: vLLM {VERSION} has no code of its own for {self.architecture}"
            )
        return self

    @property
    def served_by(self) -> frozenset[str]:
        """Words on how the pinned version serves its architecture; none where it needs a plug-in."""
        return ARCHITECTURES.get(self.architecture, frozenset())

    @property
    def full_layers(self) -> int:
        """Layers whose cache grows with the context."""
        window, state = self.window, self.state
        return self.layers - (window.layers if window else 0) - (state.layers if state else 0)

    @property
    def standing(self) -> str:
        """What is known of the model on MI300X, for a person."""
        if self.recipe is None:
            said = "no recipe of vLLM's is known"
        elif self.recipe.mi300x == "verified":
            said = f"verified on MI300X by {self.recipe.path} ({RECIPES})"
        else:
            said = f"{self.recipe.path} ({RECIPES}) does not list MI300X"
        if "vllm" in self.served_by:
            return said
        way = "through the Transformers library" if self.served_by else "with a plug-in only"
        return f"{said}, but vLLM {VERSION} serves {self.architecture} {way}: not verified"
