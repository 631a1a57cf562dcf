"""Rules on speculative decoding: a draft model of known size and the same vocabulary, and numbers that fit together."""

from collections.abc import Iterator, Mapping

from facts.vllm_values import size_of
from serving.catalogue.model import Model

from .combinations import Case, Wrong, draft_option, first_wrong, given_twice
from .demands import DRAFT_FLAGS, OWN_LAYERS, WITHOUT_WEIGHTS
from .given import is_true
from .server_options import items_of


def speculation(case: Case) -> Iterator[Wrong]:
    """Drafts need a known model or method, a number of tokens and ranks."""
    config = case.given.json("speculative-config")
    yield from given_twice(case, "speculative-config", DRAFT_FLAGS)
    if "speculative-config" in case.given and case.demands.speculation is None:
        # vLLM reads it as a draft model whose name and number of tokens are missing.
        allowed = "must name a model or a method"
        yield Wrong(option="speculative-config", allowed=allowed, fix="Leave it out for no draft")
        return
    if case.demands.speculation is None:
        if case.given.text("per-request-spec-decode-metrics") not in (None, "none"):
            yield Wrong(option="per-request-spec-decode-metrics", allowed="needs speculative-config")
        return
    option = draft_option(case)
    yield from _draft(case, option)
    yield from _draft_numbers(case, option, config)
    if case.adapters and is_true(config.get("enable_adaptive_verification")):
        yield Wrong(option=option, allowed="enable_adaptive_verification cannot be used with adapters")
    method = case.demands.speculation.method
    if case.on("kv-sharing-fast-prefill") and method in HIDDEN_STATES:
        yield Wrong(option="kv-sharing-fast-prefill", allowed=f"cannot be used with {method}")


def _draft_numbers(case: Case, option: str, config: Mapping[str, object]) -> Iterator[Wrong]:
    asked = case.demands.speculation
    if asked is None:
        return
    told = "num_speculative_tokens" in config or "spec-tokens" in case.given
    named = asked.repository is not None and asked.method in ("mtp", "dspark")
    if not told and asked.method != "suffix" and not named:
        yield Wrong(option=option, allowed="must set num_speculative_tokens")
    if asked.tensor_parallel not in (None, 1, case.layout.tensor_parallel):
        allowed = f"draft_tensor_parallel_size must be 1 or {case.layout.tensor_parallel}, the engine's own"
        yield Wrong(option=option, allowed=allowed)
    if "tensor_parallel_size" in config:
        yield Wrong(
            option=option, allowed="tensor_parallel_size must be written as draft_tensor_parallel_size here"
        )
    least, most = (config.get(key) for key in ("prompt_lookup_min", "prompt_lookup_max"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Wrong(option=option, allowed=f"prompt_lookup_min must be {most} or less, prompt_lookup_max")
    if case.demands.batch_tokens <= asked.tokens:
        yield Wrong(
            option="max-num-batched-tokens", allowed=f"must be above {asked.tokens}, the tokens of one draft"
        )
    need = case.demands.sequences * (asked.tokens + 1)
    if case.adapters and case.demands.batch_tokens < need:
        sequences = case.demands.sequences
        allowed = (
            f"must be {need} or more: with adapters, each of {sequences} sequences needs room for its draft"
        )
        yield Wrong(option="max-num-batched-tokens", allowed=allowed, fix="Or lower max-num-seqs")


HIDDEN_STATES = frozenset({"eagle", "eagle3", "mtp", "dflash", "dspark"})
"""Ways that read the model's own hidden states (vllm/config/speculative.py, SpeculativeConfig.use_eagle)."""

HEAD_LAYERS = 8
"""A draft with more layers counts as a whole model and not as a head that reads hidden states. The number is this
project's choice: vLLM states none, and fails only when it loads the weights."""


def draft_fields(case: Case) -> Iterator[Wrong]:
    """Fields of speculative-config that need a certain method, or exclude one another."""
    asked, config = case.demands.speculation, case.given.json("speculative-config")
    if asked is None:
        return
    method = asked.method
    adaptive, local = (is_true(config.get(key)) for key in ("enable_adaptive_verification", ARGMAX))
    limit = min(case.context, asked.model.max_context if asked.model else case.context)
    longest = size_of(config.get("max_model_len"))
    steps = case.model.prediction_layers if method == "mtp" else 0
    yield from first_wrong(
        draft_option(case),
        *_mixed_words(config, method, local=local),
        *_of_methods(config, method),
        (
            adaptive and local and method != "dspark",
            f"enable_adaptive_verification cannot be used with {ARGMAX}",
        ),
        (adaptive and not case.demands.graphs, "enable_adaptive_verification needs graphs"),
        (adaptive and case.layout.pipeline_parallel > 1, "enable_adaptive_verification needs one node"),
        (longest is not None and longest > limit, f"max_model_len must be {limit} or less"),
        (
            steps and asked.tokens > steps and asked.tokens % steps,
            f"num_speculative_tokens must be a multiple of {steps}, the prediction layers",
        ),
        *_accepted(config, asked.tokens),
    )


ARGMAX = "use_local_argmax_reduction"


def _of_methods(config: Mapping[str, object], method: str) -> Iterator[tuple[object, str]]:
    """Fields that only some methods support."""
    yield from (
        (
            config.get("draft_lm_head_quantization") and method not in ("eagle", "eagle3", "mtp"),
            f"draft_lm_head_quantization cannot be used with {method}",
        ),
        (
            config.get("index_share_for_mtp_iteration") is not None and method != "mtp",
            "index_share_for_mtp_iteration needs the method mtp",
        ),
        (
            config.get("dspark_draft_topk") is not None and method != "dspark",
            "dspark_draft_topk needs dspark",
        ),
        (
            config.get("xpress_topc") is not None and method not in ("dflash", "dspark"),
            "xpress_topc needs a draft model that is an XPress head",
        ),
    )


def _mixed_words(config: Mapping[str, object], method: str, *, local: bool) -> Iterator[tuple[object, str]]:
    """A draft model with another vocabulary than the model's."""
    if not is_true(config.get("use_heterogeneous_vocab")):
        return
    yield method != "draft_model", "use_heterogeneous_vocab needs the method draft_model"
    yield (
        config.get("draft_sample_method", "greedy") != "greedy",
        "use_heterogeneous_vocab needs draft_sample_method greedy",
    )
    yield local, f"use_heterogeneous_vocab cannot be used with {ARGMAX}"


def _accepted(config: Mapping[str, object], tokens: int) -> Iterator[tuple[object, str]]:
    """How drafts are accepted: by given rates (for tests), or by a window."""
    way = config.get("rejection_sample_method", "standard")
    rates, length = config.get("synthetic_acceptance_rates"), config.get("synthetic_acceptance_length")
    falling = [float(each) for each in items_of(rates) if isinstance(each, int | float)]
    window = size_of(config.get("fly_window_size"))
    yield (
        way != "synthetic" and (rates is not None or length is not None),
        "synthetic_acceptance_rates and synthetic_acceptance_length need rejection_sample_method synthetic",
    )
    if way == "synthetic":
        yield (
            (rates is None) == (length is None),
            "synthetic needs either synthetic_acceptance_rates or synthetic_acceptance_length",
        )
        yield (
            rates is not None
            and (
                len(falling) != tokens
                or falling != sorted(falling, reverse=True)
                or not all(0 <= each <= 1 for each in falling)
            ),
            f"synthetic_acceptance_rates must be {tokens} numbers from 0 to 1, none above the one before it",
        )
        yield (
            isinstance(length, int | float) and not 1 <= length <= tokens + 1,
            f"synthetic_acceptance_length must be 1 to {tokens + 1}",
        )
    if way == "fly":
        yield (tokens < 2, "fly needs num_speculative_tokens of 2 or more")
        yield (
            window is not None and window >= tokens,
            f"fly_window_size must be below {tokens}, num_speculative_tokens",
        )


def _draft(case: Case, option: str) -> Iterator[Wrong]:
    asked = case.demands.speculation
    if asked is None:
        return
    if asked.method in WITHOUT_WEIGHTS or asked.method == "custom_class":
        yield from first_wrong(
            option,
            (asked.method == "suffix", "suffix needs a package that the image does not contain"),
            (
                asked.method == "custom_class" and asked.repository is None,
                "custom_class must name a class as model",
            ),
        )
    elif asked.method in OWN_LAYERS and asked.repository is None:
        if not case.model.prediction_layers:
            yield Wrong(option=option, allowed=f"{case.model.name} has no prediction layers in its files")
    elif asked.repository is None:
        yield Wrong(option=option, allowed="must name a draft model, or a method that needs none")
    elif asked.model is None:
        allowed = f"the size of {asked.repository} is not known, so its GPU memory cannot be planned"
        fix = "Describe it in a file of serving/catalogue, or use a model of the catalogue"
        yield Wrong(option=option, allowed=allowed, fix=fix)
    else:
        yield from _draft_model(case, asked.model, asked.method, option)


def _draft_model(case: Case, draft: Model, method: str, option: str) -> Iterator[Wrong]:
    own_layers = method == "mtp" and draft == case.model and case.model.prediction_layers
    if method in HIDDEN_STATES and draft.layers > HEAD_LAYERS and not own_layers:
        yield Wrong(option=option, allowed=f"{draft.name} is a whole model and not a head for {method}")
    mixed = is_true(case.given.json("speculative-config").get("use_heterogeneous_vocab"))
    if method == "draft_model" and not mixed and draft.vocabulary_size != case.model.vocabulary_size:
        allowed = (
            f"{draft.name} has a vocabulary of {draft.vocabulary_size:,} and {case.model.name} of "
            f"{case.model.vocabulary_size:,}: a draft model must have the same"
        )
        yield Wrong(option=option, allowed=allowed)
