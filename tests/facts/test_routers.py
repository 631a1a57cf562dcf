"""The options of the routers are those of the pinned programs."""

import re
import subprocess
from pathlib import Path

import pytest

from facts.data.refresh_routers import options, write
from facts.routers import FOLDER, PROGRAMS, SMG, VLLM_ROUTER, router_options
from facts.routers import HELP as HELP_WORDS
from serving.routing.programs import PROGRAMS as USED
from tools.traffic.build import LOCK, obtain

HELP = """\
usage: router [-h] [--policy {a,b}]

options:
  -h, --help            show this help message and exit
  --policy {a,b}        How to choose. (default: a)
  --rate RATE, --speed RATE
                        Requests a second. (default: 1.5)
  --label LABEL [LABEL ...]
                        Labels of pods (format: a=b) (default: {})
  --recover, --no-recover, --heal, --no-heal
                        Whether to try again (default: None)
  --retries RETRIES
  --json                Log as JSON (default: False)
"""


def test_help_is_read_line_by_line():
    assert [*options(HELP)] == [
        "help switch -",
        "policy choice a a,b",
        "rate value 1.5",
        "speed alias rate",
        "label list {}",
        "recover switch None",
        "no-recover switch -",
        "heal alias recover",
        "no-heal switch -",
        "retries value -",
        "json switch False",
    ]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_lock_has_the_version_whose_options_are_listed(program: str):
    assert f"{program}=={PROGRAMS[program]} " in LOCK.read_text(encoding="utf-8")


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_alias_is_the_option_itself(program: str):
    for name, option in router_options(program).items():
        assert router_options(program)[option.name] is option, name


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_refused_option_exists_in_the_program_or_in_the_other(program: str):
    every = {name for each in PROGRAMS for name in router_options(each)}
    assert USED[program].refused.keys() - every == set()
    own = USED[program].refused.keys() & router_options(program).keys()
    assert len(own) > 20


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_default_of_an_option_is_within_its_bounds(program: str):
    bounded = [each for each in router_options(program).values() if each.least is not None]
    assert len(bounded) > {SMG: 40, VLLM_ROUTER: 20}[program]
    stated = [each for each in bounded if each.default not in (None, "None")]
    assert len(stated) > 0.6 * len(bounded)
    for each in stated:
        assert each.least is not None
        assert each.least <= float(each.default or "") <= each.most, each.name


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_option_with_a_number_as_its_default_has_bounds_or_is_refused(program: str):
    numbers = [
        each for each in router_options(program).values() if re.fullmatch(r"-?[0-9.]+", each.default or "")
    ]
    unbounded = {each.name for each in numbers if each.least is None} - USED[program].refused.keys()
    # Those that smg reads only with another part, such as a database, or that take any number.
    assert len(unbounded) < 25 if program == SMG else not unbounded, unbounded


BELOW = (
    *((SMG, name) for name in ("cache-threshold", "cache-ttl-secs", "max-payload-size", "queue-size")),
    *((VLLM_ROUTER, name) for name in ("cb-window-duration-secs", "retry-jitter-factor")),
)


@pytest.mark.prove
@pytest.mark.parametrize(("program", "name"), BELOW)
def test_a_router_ends_at_once_with_a_number_below_its_bounds(program: str, name: str):
    least = router_options(program)[name].least
    assert least is not None
    begin = [each for each in HELP_WORDS[program] if each != "--help"]
    command = [
        str(obtain() / program),
        *begin,
        "--worker-urls",
        "http://127.0.0.1:1",
        f"--{name}={least - 1:g}",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode
    said = ("Invalid value", "OverflowError")
    assert any(each in ran.stderr for each in said), ran.stderr[-500:]


@pytest.mark.prove
def test_the_pinned_programs_have_these_options(tmp_path: Path):
    for path in write(obtain(), tmp_path):
        assert path.read_text(encoding="utf-8") == (FOLDER / path.name).read_text(encoding="utf-8")
