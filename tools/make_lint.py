"""`make lint`: run every linter, even if another one fails."""

import subprocess

from tools.entry import start
from tools.system_tools import (
    ACTIONLINT,
    BIN,
    ROOT,
    SystemTool,
    ensure,
    find,
    report_left_out,
    with_tools_on_path,
)


def tracked(*patterns: str) -> list[str]:
    """The project's files that match: those that git tracks or does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def linters(missing: list[SystemTool]) -> list[tuple[str, list[str]]]:
    """The commands of the linters, by name."""
    commands = [
        ("ruff", [str(BIN / "ruff"), "check", "--quiet", "."]),
        ("ruff format", [str(BIN / "ruff"), "format", "--quiet", "--check", "."]),
        ("types", [str(BIN / "basedpyright"), "--level", "error"]),
        ("unused code", [str(BIN / "vulture")]),
        ("imports", [str(BIN / "lint-imports"), "--no-logo"]),
        ("component rules", [str(BIN / "python"), "-m", "tools.component_rules"]),
        ("yaml", [str(BIN / "yamllint"), "--strict", *tracked("*.yaml", "*.yml")]),
        ("component reference", [str(BIN / "python"), "-m", "tools.component_docs", "--check"]),
        ("words", [str(BIN / "python"), "-m", "tools.words"]),
        ("settings schema", [str(BIN / "playground"), "schema", "--check"]),
        ("shellcheck", [str(BIN / "shellcheck"), *tracked("*.sh", ".ci/run")]),
    ]
    workflows = tracked(".github/workflows/*.yml", ".github/workflows/*.yaml")
    if workflows:
        commands.append(("zizmor", [str(BIN / "zizmor"), "--offline", "--quiet", *workflows]))
        if ACTIONLINT not in missing:
            commands.append(("actionlint", [str(find(ACTIONLINT)), *workflows]))
    return commands


def main() -> int:
    """Run all linters. Returns 1 if one of them fails."""
    missing = ensure([ACTIONLINT])
    failed: list[str] = []
    for name, command in linters(missing):
        done = subprocess.run(
            command, cwd=ROOT, env=with_tools_on_path(), capture_output=True, text=True, check=False
        )
        print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    return 1 if failed else report_left_out(missing)


if __name__ == "__main__":
    start(main)
