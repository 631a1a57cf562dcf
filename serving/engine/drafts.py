"""The rule on speculation: a draft of known size and of the same words, and numbers that go together."""

from collections.abc import Iterator, Mapping

from .combinations import Case, Wrong
from .demands import OWN_LAYERS, WITHOUT_WEIGHTS


def speculation(case: Case) -> Iterator[Wrong]:
    """Drafts: a known model, how many tokens, on which ranks."""
    config = case.given.json("speculative-config", "sc")
    for flag, key in (
        ("spec-method", "method"),
        ("spec-model", "model"),
        ("spec-tokens", "num_speculative_tokens"),
    ):
        if flag in case.given and key in config:
            yield Wrong(
                option=flag, allowed=f"is given in speculative-config too, as {key}", fix="Keep one of them"
            )
    if case.demands.speculation is None:
        if case.given.text("per-request-spec-decode-metrics") not in (None, "none"):
            yield Wrong(option="per-request-spec-decode-metrics", allowed="needs speculative-config")
        return
    option = "speculative-config" if config else "spec-model" if "spec-model" in case.given else "spec-method"
    yield from _draft(case, option)
    yield from _draft_numbers(case, option, config)
    if case.adapters and str(config.get("enable_adaptive_verification", "")).lower() == "true":
        yield Wrong(option=option, allowed="enable_adaptive_verification does not go with adapters")
    if case.on("kv-sharing-fast-prefill") and case.demands.speculation.method.startswith("eagle"):
        yield Wrong(option="kv-sharing-fast-prefill", allowed="does not go with eagle")


def _draft_numbers(case: Case, option: str, config: Mapping[str, object]) -> Iterator[Wrong]:
    asked = case.demands.speculation
    if asked is None:
        return
    told = "num_speculative_tokens" in config or "spec-tokens" in case.given
    if not told and asked.method not in ("suffix", "mtp"):
        yield Wrong(option=option, allowed="must say num_speculative_tokens")
    if asked.tensor_parallel not in (None, 1, case.layout.tensor_parallel):
        allowed = f"draft_tensor_parallel_size must be 1 or {case.layout.tensor_parallel}, the engine's own"
        yield Wrong(option=option, allowed=allowed)
    if "tensor_parallel_size" in config:
        yield Wrong(option=option, allowed="tensor_parallel_size is called draft_tensor_parallel_size here")
    least, most = (config.get(key) for key in ("prompt_lookup_min", "prompt_lookup_max"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Wrong(option=option, allowed=f"prompt_lookup_min must be {most} or less, prompt_lookup_max")
    if case.demands.batch_tokens <= asked.tokens:
        yield Wrong(
            option="max-num-batched-tokens", allowed=f"must be above {asked.tokens}, the tokens of a draft"
        )
    need = case.demands.sequences * (asked.tokens + 1)
    if case.adapters and case.demands.batch_tokens < need:
        allowed = (
            f"must be {need} or more: {case.demands.sequences} sequences with a draft each, and adapters"
        )
        yield Wrong(option="max-num-batched-tokens", allowed=allowed, fix="Or lower max-num-seqs")


def _draft(case: Case, option: str) -> Iterator[Wrong]:
    asked = case.demands.speculation
    if asked is None or asked.method in WITHOUT_WEIGHTS or asked.method == "custom_class":
        if asked and asked.method == "suffix":
            yield Wrong(option=option, allowed="suffix needs a package that the image does not hold")
        return
    if asked.method in OWN_LAYERS and asked.repository is None:
        if not case.model.prediction_layers:
            yield Wrong(option=option, allowed=f"{case.model.name} has no prediction layers in its files")
    elif asked.repository is None:
        yield Wrong(option=option, allowed="must name a draft model, or a method that needs none")
    elif asked.model is None:
        allowed = (
            f"the size of {asked.repository} is not known, so what it takes of the GPU cannot be planned"
        )
        fix = "Describe it in a file of serving.catalogue, or use a model of the catalogue"
        yield Wrong(option=option, allowed=allowed, fix=fix)
    elif asked.method == "draft_model" and asked.model.vocabulary_size != case.model.vocabulary_size:
        allowed = f"{asked.model.name} has {asked.model.vocabulary_size:,} words and {case.model.name} "
        yield Wrong(
            option=option, allowed=f"{allowed}{case.model.vocabulary_size:,}: a draft must have the same"
        )
