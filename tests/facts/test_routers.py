"""The options of the routers are those of the pinned programs."""

import subprocess
from pathlib import Path

import pytest

from facts.data.refresh_routers import options, write
from facts.routers import FOLDER, PROGRAMS, SMG, router_options
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
    assert len(bounded) > 40 or program != SMG
    for each in bounded:
        assert each.least is not None
        assert each.least <= float(each.default or "") <= each.most, each.name


@pytest.mark.prove
@pytest.mark.parametrize("name", ["cache-threshold", "cache-ttl-secs", "max-payload-size", "queue-size"])
def test_the_default_router_ends_at_once_with_a_number_below_its_bounds(name: str):
    least = router_options(SMG)[name].least
    assert least is not None
    command = [
        str(obtain() / SMG),
        "launch",
        "--worker-urls",
        "http://127.0.0.1:1",
        f"--{name}",
        f"{least - 1:g}",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode
    assert any(said in ran.stderr for said in ("Invalid value", "OverflowError")), ran.stderr[-500:]


@pytest.mark.prove
def test_the_pinned_programs_have_these_options(tmp_path: Path):
    for path in write(obtain(), tmp_path):
        assert path.read_text(encoding="utf-8") == (FOLDER / path.name).read_text(encoding="utf-8")
