"""Programs that are taken out of a Debian package."""

from pathlib import Path

import pytest

from tools import system_tools
from tools.system_tools import SystemTool, ensure

TOOL = SystemTool("sample-program", "a test", debian="sample", unpacked="usr/bin/sample-program")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins for apt-get and dpkg-deb, the only programs on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(system_tools, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(system_tools, "_may_install", lambda: False)
    return folder


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_only_the_program_of_the_package_is_kept(programs: Path, tmp_path: Path) -> None:
    script(programs / "apt-get", "touch sample_1.deb")
    script(programs / "dpkg-deb", 'mkdir -p "$3/usr/bin"; echo program > "$3/usr/bin/sample-program"')
    ensure([TOOL])
    kept = tmp_path / "tools" / "sample-program"
    assert kept.read_text() == "program\n"
    assert [*kept.parent.iterdir()] == [kept]


def test_a_package_that_cannot_be_downloaded_leaves_the_tool_missing(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script(programs / "apt-get", "echo no such package >&2; exit 100")
    script(programs / "dpkg-deb", "exit 1")
    assert ensure([TOOL]) == [TOOL]
    assert "no such package" in capsys.readouterr().err


def test_a_program_with_another_name_in_its_package_gets_a_link(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = SystemTool("sample-server", "a test", debian="sample-tools", called="sample-check")
    monkeypatch.setattr(system_tools, "_may_install", lambda: True)
    monkeypatch.setattr(system_tools, "with_tools_on_path", lambda: {"PATH": str(tmp_path / "tools")})
    script(programs / "apt-get", f'touch "{programs}/sample-check"; chmod +x "{programs}/sample-check"')
    assert ensure([renamed]) == []
    assert (tmp_path / "tools" / "sample-server").readlink() == programs / "sample-check"
