"""Relative paths are counted from the user's folder, although the engine runs in the sandbox's copy of the project."""

from pathlib import Path

import pytest

from sandbox.engine.paths import with_whole_paths
from sandbox.engine.positional import ArgumentError


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("stack export --file x.json --stack dev", "stack export --file HERE/x.json --stack dev"),
        ("stack import --file=x.json", "stack import --file=HERE/x.json"),
        ("stack graph x.dot", "stack graph HERE/x.dot"),
        ("stack graph --dot-fragment a x.dot -s x", "stack graph --dot-fragment a HERE/x.dot -s x"),
        ("import -f x.json -o out.py", "import -f HERE/x.json -o HERE/out.py"),
        ("up -f --config-file have.yaml", "up -f --config-file HERE/have.yaml"),
        ("preview --event-log x --save-plan=y", "preview --event-log HERE/x --save-plan=HERE/y"),
        ("preview --policy-pack a,/b", "preview --policy-pack HERE/a,/b"),
        ("policy publish ./pack", "policy publish HERE/pack"),
        ("stack export --file /a/b", "stack export --file /a/b"),
        ("stack import --file -", "stack import --file -"),
        ("up --message --file --target a/b -c a=./b", "up --message --file --target a/b -c a=./b"),
    ],
)
def test_paths_are_the_users(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "have.yaml").touch()
    assert " ".join(with_whole_paths(line.split(), tmp_path)).replace(str(tmp_path), "HERE") == told


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("up --config-file nope.yaml", "--config-file: 'nope.yaml'; must be a file that exists"),
        (
            "preview --import-file=no/new.json",
            "--import-file: 'no/new.json'; must be in a folder that exists",
        ),
        (
            "preview --event-log no/x",
            "--event-log: 'no/x'; must be in a folder that exists. Create HERE/no first",
        ),
        ("up -C /tmp", "-C: the sandbox runs the project of the current folder. Change to its folder first"),
        ("up -yC/tmp", "-yC/tmp: the sandbox runs"),
        ("stack --cwd=/tmp", "--cwd: the sandbox runs"),
    ],
)
def test_a_path_that_cannot_be_used_is_refused(line: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError) as caught:
        with_whole_paths(line.split(), tmp_path)
    assert str(caught.value).replace(str(tmp_path), "HERE").startswith(says)
