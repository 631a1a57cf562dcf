"""Rules on how the model is compiled and which batch sizes are captured as graphs."""

from collections.abc import Iterator

from .combinations import Case, Rule, Wrong, first_wrong, given_twice
from .given import is_true
from .server_options import items_of

MODES = ("NONE", "STOCK_TORCH_COMPILE", "DYNAMO_TRACE_ONCE", "VLLM_COMPILE")
"""By number and by name (vllm/config/compilation.py)."""

PIECEWISE_BACKENDS = frozenset({"", "eager", "inductor"})
"""Backends that compile a model in pieces, the default included (vllm/config/compilation.py,
CompilationConfig.__post_init__: "Invalid backend for piecewise compilation")."""


def _mode(word: object) -> str | None:
    text = str(word).upper()
    known = {str(number): mode for number, mode in enumerate(MODES)}
    return known.get(text) or (text if text in MODES else None)


def compilation(case: Case) -> Iterator[Wrong]:
    """Compilation mode, backend and custom operators must fit together."""
    config = case.given.json("compilation-config")
    mode = config.get("mode")
    found = "VLLM_COMPILE" if mode is None else _mode(mode)
    words = [str(each) for each in items_of(config.get("custom_ops"))]
    turned = {sign: {word[1:] for word in words if word[:1] == sign} for sign in "+-"}
    ranges = items_of(config.get("compile_ranges_endpoints"))
    sizes = items_of(config.get("compile_sizes"))
    odd = [
        word
        for word in words
        if word not in ("all", "none") and (word[:1] not in ("+", "-") or len(word) < 2)
    ]
    yield from first_wrong(
        "compilation-config",
        (found is None, f"mode must be one of {', '.join(MODES)}, or 0 to 3"),
        (
            mode is not None
            and found == "VLLM_COMPILE"
            and str(config.get("backend") or "") not in PIECEWISE_BACKENDS,
            "backend must be eager or inductor with mode VLLM_COMPILE",
        ),
        ({"all", "none"} <= set(words), "custom_ops accepts either all or none"),
        *((True, f"custom_ops accepts +NAME or -NAME, not {word}") for word in odd),
        *((True, f"custom_ops turns {name} both on and off") for name in sorted(turned["+"] & turned["-"])),
        (
            any(isinstance(each, str) and each != "cudagraph_capture_sizes" for each in sizes),
            "compile_sizes accepts numbers, or cudagraph_capture_sizes",
        ),
        (not all(_positive(each) for each in ranges), "compile_ranges_endpoints accepts numbers above 0"),
        (
            config.get("compile_cache_save_format") not in (None, "binary", "unpacked"),
            "compile_cache_save_format must be binary or unpacked",
        ),
    )


def _positive(value: object) -> bool:
    return isinstance(value, int) and value > 0


def _negative(value: object) -> bool:
    return isinstance(value, int) and value < 0


def captured(case: Case) -> Iterator[Wrong]:
    """Sizes of captured batches: at least one, each above 0, and the largest as stated."""
    config = case.given.json("compilation-config")
    yield from given_twice(
        case,
        "compilation-config",
        {
            "cudagraph-capture-sizes": "cudagraph_capture_sizes",
            "max-cudagraph-capture-size": "max_cudagraph_capture_size",
        },
    )
    if case.demands.graphs:
        yield from _sizes(
            case, config.get("cudagraph_capture_sizes"), config.get("max_cudagraph_capture_size")
        )
    pictures = is_true(config.get("cudagraph_mm_encoder"))
    yield from first_wrong(
        "compilation-config",
        (pictures and case.demands.text_only, "cudagraph_mm_encoder needs a model that reads images"),
        (
            not all(
                _positive(each) for each in items_of(config.get("decoder_replay_cudagraph_capture_sizes"))
            ),
            "decoder_replay_cudagraph_capture_sizes accepts numbers above 0",
        ),
        (
            not all(_positive(each) for each in items_of(config.get("encoder_cudagraph_token_budgets"))),
            "encoder_cudagraph_token_budgets accepts numbers above 0",
        ),
        *(
            (pictures and _negative(config.get(key)), f"{key} must be 0 or more")
            for key in (
                "encoder_cudagraph_max_vision_items_per_batch",
                "encoder_cudagraph_max_frames_per_batch",
            )
        ),
    )


def _sizes(case: Case, inside: object, inside_largest: object) -> Iterator[Wrong]:
    written = "compilation-config" if inside is not None else "cudagraph-capture-sizes"
    number = case.given.number("cudagraph-capture-sizes")
    sizes = items_of(inside) or ([] if number is None else [number])
    kept = [each for each in sizes if isinstance(each, int) and each <= case.demands.batch_tokens]
    largest = case.given.number("max-cudagraph-capture-size")
    largest = inside_largest if largest is None else largest
    place = (
        "max-cudagraph-capture-size" if "max-cudagraph-capture-size" in case.given else "compilation-config"
    )
    if inside == []:
        yield Wrong(
            option=written, allowed="cudagraph_capture_sizes must contain a size", fix="Or set enforce-eager"
        )
    if largest == 0:
        yield Wrong(option=place, allowed="must be 1 or more", fix="Set enforce-eager to capture nothing")
    if sizes and isinstance(largest, int) and largest != max(kept, default=0):
        yield Wrong(
            option=place, allowed=f"must be {max(kept, default=0)}, the largest of cudagraph_capture_sizes"
        )


COMPILED_RULES: tuple[Rule, ...] = (compilation, captured)
