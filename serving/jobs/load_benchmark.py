"""Measures an engine under load with `vllm bench serve`, and compares with the last run.

    load_benchmark.py --url http://qwen3-32b:8000 --model qwen3-32b --repository Qwen/Qwen3-32B --results /results

The results folder holds `last.json`, if there is one. What comes to lie there: a file named after the time, `last.json`
if the run is no worse, and `regression.txt` if it is. A worse run does not become the last one, so a second run that
is as bad fails too. Runs under other conditions are not compared: they begin a new line.
Exit code 1: no result could be had. A regression is left to who reads `regression.txt`, once results are kept.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

Json = dict[str, Any]

HIGHER_IS_BETTER = ("output_throughput", "request_throughput")
LOWER_IS_BETTER = ("p50_ttft_ms", "p99_ttft_ms", "p99_itl_ms", "p99_e2el_ms")
FIGURES = ("completed", "failed", "duration", *HIGHER_IS_BETTER, *LOWER_IS_BETTER)
"""Keys of vLLM's result file that are kept; tokens a second, and milliseconds."""

JUDGED = ("output_throughput", "p99_ttft_ms", "p99_itl_ms")
"""What a regression is told by."""

LAST, REGRESSION = "last.json", "regression.txt"


def command(given: argparse.Namespace, raw: Path) -> list[str]:
    """The command line of vLLM's benchmark: sampled requests, as the users' are."""
    return [
        *given.command.split(),
        *("bench", "serve"),
        *("--backend", "openai-chat"),
        *("--base-url", given.url.rstrip("/")),
        *("--endpoint", "/v1/chat/completions"),
        *("--model", given.repository),
        *("--tokenizer", given.tokenizer or given.repository),
        *("--served-model-name", given.model),
        *("--dataset-name", "random"),
        *("--random-input-len", str(given.input_tokens)),
        *("--random-output-len", str(given.output_tokens)),
        *("--num-prompts", str(given.requests)),
        *("--max-concurrency", str(given.concurrency)),
        *("--num-warmups", str(given.concurrency)),
        *("--temperature", "0.8"),
        *("--top-p", "0.9"),
        *("--top-k", "40"),
        "--ignore-eos",
        *("--percentile-metrics", "ttft,itl,e2el"),
        *("--metric-percentiles", "50,99"),
        "--disable-tqdm",
        "--save-result",
        *("--result-dir", str(raw.parent)),
        *("--result-filename", raw.name),
    ]


def conditions(given: argparse.Namespace) -> Json:
    """What must be the same for two runs to be compared. The image is not: that is what is to be compared."""
    return {
        "model": given.model,
        "repository": given.repository,
        "requests": given.requests,
        "concurrency": given.concurrency,
        "inputTokens": given.input_tokens,
        "outputTokens": given.output_tokens,
    }


def figures(raw: Json) -> dict[str, float]:
    """The figures that are kept of vLLM's result."""
    return {name: round(float(raw[name]), 3) for name in FIGURES if isinstance(raw.get(name), (int, float))}


def regressions(last: dict[str, float], now: dict[str, float], tolerance: float) -> list[str]:
    """What became worse by more than `tolerance` (0.1 is 10 %), and requests that failed."""
    found: list[str] = []
    if now.get("failed", 0) > 0:
        found.append(f"{now['failed']:.0f} requests failed")
    for name in JUDGED:
        before, after = last.get(name), now.get(name)
        if not before or after is None:
            continue
        change = after / before - 1
        worse = -change if name in HIGHER_IS_BETTER else change
        if worse > tolerance:
            found.append(f"{name}: {after:g}, last {before:g} ({change:+.0%}; {tolerance:.0%} are tolerated)")
    return found


def comparable(last: Json | None, now: Json) -> bool:
    """Whether two results were made under the same conditions."""
    return last is not None and last.get("conditions") == now["conditions"]


def read(path: Path) -> Json | None:
    """An earlier result; None if there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    result = cast(Json, found) if isinstance(found, dict) else {}
    return result if isinstance(result.get("figures"), dict) else None


def keep(results: Path, now: Json, tolerance: float) -> list[str]:
    """Compare with the last result and write what comes of it; returns what became worse."""
    last = read(results / LAST)
    before: dict[str, float] = last["figures"] if last is not None and comparable(last, now) else {}
    worse = regressions(before, now["figures"], tolerance)
    text = json.dumps(
        {**now, "comparedWith": last.get("at") if before and last else None, "worse": worse}, indent=2
    )
    (results / f"{now['at']}.json").write_text(text + "\n", encoding="utf-8")
    if worse:
        (results / REGRESSION).write_text("\n".join(worse) + "\n", encoding="utf-8")
    else:
        # Renamed into place: the last one may be another user's, who fetched it.
        fresh = results / f".{LAST}"
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(results / LAST)
    return worse


def measure(given: argparse.Namespace, results: Path) -> dict[str, float] | None:
    """The figures of a run; None if it brought none."""
    raw = results / "raw.json"
    raw.unlink(missing_ok=True)
    done = subprocess.run(command(given, raw), check=False)
    if done.returncode or not raw.exists():
        print(f"FAIL the benchmark ended with {done.returncode} and left no result", flush=True)
        return None
    found = figures(json.loads(raw.read_text(encoding="utf-8")))
    # Every request's tokens and times: megabytes that nobody compares.
    raw.unlink()
    missing = [name for name in JUDGED if name not in found]
    if missing or not found.get("completed"):
        print(f"FAIL the result lacks {', '.join(missing) or 'a completed request'}", flush=True)
        return None
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run, compare, write; 1 if there is no result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--url", required=True, help="where the engine answers, without /v1")
    parser.add_argument("--model", required=True, help="what requests call the model")
    parser.add_argument("--repository", required=True, help="the model's repository, for its tokenizer")
    parser.add_argument("--tokenizer", help="a folder that holds it; default: the repository")
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--requests", type=int, default=512)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--input-tokens", type=int, default=1024)
    parser.add_argument("--output-tokens", type=int, default=256)
    parser.add_argument(
        "--tolerance", type=float, default=0.1, help="0.1: 10 %% worse is still no regression"
    )
    parser.add_argument("--image", default="", help="kept with the result")
    parser.add_argument("--command", default="vllm", help="the program that measures")
    given = parser.parse_args(arguments)
    results: Path = given.results
    results.mkdir(parents=True, exist_ok=True)
    (results / REGRESSION).unlink(missing_ok=True)
    found = measure(given, results)
    if found is None:
        return 1
    at = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    now = {"at": at, "image": given.image, "conditions": conditions(given), "figures": found}
    for name, value in found.items():
        print(f"     {name}: {value:g}", flush=True)
    worse = keep(results, now, given.tolerance)
    print("\n".join(f"WORSE {each}" for each in worse) or "ok   no worse than the last run", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
