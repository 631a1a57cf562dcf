"""`make lint`: run every linter, even if another one fails."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor, as_completed

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

LARGEST_HEAP = 8 * 2**30
"""Bytes. basedpyright uses about 4.6 GB if it may."""


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
        # The slowest one comes first, so that the others run beside it.
        ("types", [str(BIN / "basedpyright"), "--level", "error"]),
        ("ruff", [str(BIN / "ruff"), "check", "--quiet", "."]),
        ("ruff format", [str(BIN / "ruff"), "format", "--quiet", "--check", "."]),
        ("unused code", [str(BIN / "vulture")]),
        ("imports", [str(BIN / "lint-imports"), "--no-logo"]),
        ("component rules", [str(BIN / "python"), "-m", "tools.component_rules"]),
        ("yaml", [str(BIN / "yamllint"), "--strict", *tracked("*.yaml", "*.yml")]),
        ("component reference", [str(BIN / "python"), "-m", "tools.component_docs", "--check"]),
        ("runbooks", [str(BIN / "python"), "-m", "tools.runbooks", "--check"]),
        ("alarm catalogue", [str(BIN / "python"), "-m", "tools.alarm_catalogue", "--check"]),
        ("policies page", [str(BIN / "python"), "-m", "tools.policy_page", "--check"]),
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
    """Run all linters, as many at once as there are processors. Returns 1 if one of them fails."""
    missing = ensure([ACTIONLINT])
    failed: list[str] = []
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        running = {pool.submit(run, command): name for name, command in linters(missing)}
        for each in as_completed(running):
            done, name = each.result(), running[each]
            print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    return 1 if failed else report_left_out(missing)


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a linter in the project's folder."""
    environment = {"NODE_OPTIONS": f"--max-old-space-size={heap()}"} | with_tools_on_path()
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def heap() -> int:
    """MiB of memory that basedpyright may use: half of the machine's, as Node.js allows by itself only up to 4 GiB.

    With 4 GiB it forgets types several times, and spends a sixth of its time to find them again.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(memory // 2, LARGEST_HEAP) // 2**20


if __name__ == "__main__":
    start(main)
