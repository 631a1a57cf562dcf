"""A node made of files. The real boot script runs with fake commands that only record their calls."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from components.cluster.boot_script import BootSettings, render_script

DRIVES = 8

# One program with many names. Files below $NOTES describe the node.
COMMAND = r"""#!/usr/bin/env bash
name=${0##*/}
echo "$name $*" >>"$NOTES/calls"
[[ ! -e $NOTES/fails/$name ]] || exit "$(cat "$NOTES/fails/$name")"
for word in "$@"; do
  [[ ! -e $NOTES/fails/$name.${word##*/} ]] || exit "$(cat "$NOTES/fails/$name.${word##*/}")"
done
case "$name $*" in
  lsblk*--nodeps*) for ((i = 0; i < $(cat "$NOTES/drives"); i++)); do echo "/dev/nvme${i}n1 disk"; done
    echo "/dev/sda disk" ;;
  lsblk*NAME,TYPE*) echo "${!#} disk"
    if [[ -e $NOTES/array ]]; then echo "/dev/md127 $(cat "$NOTES/array")"; fi ;;
  lsblk*TYPE*) echo disk; cat "$NOTES/partitions" 2>/dev/null || true ;;
  mdadm*--examine*) cat "$NOTES/superblock" 2>/dev/null ;;
  mdadm*--assemble*) cp "$NOTES/superblock_level" "$NOTES/array" ;;
  mdadm*--create*) [[ "$*" =~ --level=([0-9]+) ]] && echo "raid${BASH_REMATCH[1]}" >"$NOTES/array" ;;
  mdadm*--detail*) echo "        Raid Level : $(cat "$NOTES/array")" ;;
  mdadm*--stop*) rm "$NOTES/array" "$NOTES/filesystem" ;;
  mkfs.ext4*) echo ext4 >"$NOTES/filesystem" ;;
  blkid*TYPE*) cat "$NOTES/filesystem" 2>/dev/null || exit 2 ;;
  blkid*UUID*) echo 5eed ;;
  findmnt*) [[ -e $NOTES/in_use ]] ;;
  systemd-escape*) where=${!#}; where=${where#/}; echo "${where//\//-}.mount" ;;
  mountpoint*) grep --quiet --line-regexp "${!#}" "$NOTES/mounted" 2>/dev/null ;;
  systemctl*enable*) sed -n 's/^Where=//p' "$ROOT/etc/systemd/system/${!#}" >>"$NOTES/mounted" ;;
  systemctl*is-active*) [[ -e $NOTES/active/${!#} ]] ;;
  curl*metadata/apiserver_host*|curl*metadata/cluster_ca_cert*|curl*metadata/kubelet-extra-args*)
    url=${!#}; cat "$NOTES/${url##*/}" ;;
  curl*oke_init_script*) base64 "$NOTES/oke-init" ;;
  curl*credential-provider*) while [[ $1 != --output ]]; do shift; done; cp "$NOTES/provider" "$2" ;;
  apt-get*install*) ln -sf "$BIN/lsblk" "$BIN/oke" ;;
esac
"""
NAMES = (
    "lsblk mdadm mkfs.ext4 blkid findmnt wipefs udevadm systemd-escape mountpoint systemctl sysctl curl apt-get"
    " apt-cache sleep oke"
)


@dataclass
class FakeNode:
    """A node's disk and the recorded calls, in one folder."""

    root: Path

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def calls(self) -> list[str]:
        """The calls since the last `forget`, in order."""
        notes = self.state / "calls"
        return notes.read_text().splitlines() if notes.exists() else []

    def called(self, start: str) -> list[str]:
        """The calls with this prefix."""
        return [call for call in self.calls if call.startswith(start)]

    def forget(self) -> None:
        """Clear the recorded calls."""
        (self.state / "calls").unlink(missing_ok=True)

    def note(self, name: str, text: str = "") -> None:
        """Set a fact about the node."""
        file = self.state / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def break_command(self, command: str, status: int = 1) -> None:
        """Make a command fail, or only its calls with one word: `systemctl`, `systemctl.enable`."""
        self.note(f"fails/{command}", str(status))

    def mend_command(self, command: str) -> None:
        """Make the command work again."""
        (self.state / "fails" / command).unlink()

    def file(self, path: str) -> Path:
        """A file of the node, by its path on the node."""
        return self.root / path.lstrip("/")

    @property
    def joined(self) -> bool:
        """Whether the script reports that the node is in its cluster."""
        return self.file("/var/lib/node-boot/joined").exists()

    def give(self, path: str) -> None:
        """Put a command that only records its calls at a path of the node."""
        command = self.file(path)
        command.parent.mkdir(parents=True, exist_ok=True)
        command.write_text(COMMAND)
        command.chmod(0o755)

    @property
    def console(self) -> str:
        """The text on the serial console."""
        return self.file("/dev/console").read_text()

    def boot(self, settings: BootSettings, *, attempts: int = 20) -> subprocess.CompletedProcess[str]:
        """Run the boot script once, with fewer attempts, to keep the test short."""
        script = self.root / "node-boot"
        ours = (
            r"(?<![\w$/.}])/(?=(etc|var|mnt|opt|usr/libexec|usr/local|dev/console|dev/oracleoci|sys/class)\b)"
        )
        text = render_script(settings).replace("retry 20 15", f"retry {attempts} 15")
        script.write_text(re.sub(ours, f"{self.root}/", text))
        binaries = self.root / "bin"
        environment = {
            **os.environ,
            "PATH": f"{binaries}:{self.root}/usr/bin:/usr/bin:/bin",
            "NOTES": str(self.state),
            "ROOT": str(self.root),
            "BIN": str(binaries),
        }
        return subprocess.run(
            ["bash", str(script)], env=environment, capture_output=True, text=True, check=False, timeout=300
        )


def fresh_node(root: Path, *, system: str = "ubuntu") -> FakeNode:
    """A node that has never booted, with eight empty drives and an image that contains `oke`."""
    node = FakeNode(root)
    for folder in ("bin", "state/fails", "state/active", "etc", "dev"):
        (root / folder).mkdir(parents=True)
    node.note("drives", str(DRIVES))
    node.note(
        "oke-init", '[[ ! -e $NOTES/fails/joined ]] && echo "joined by the init script" >>"$NOTES/calls"'
    )
    node.file("/etc/os-release").write_text(f"ID={system}\nVERSION_CODENAME=noble\n")
    node.file("/dev/console").write_text("")
    for name in NAMES.split():
        node.give(f"/bin/{name}")
    return node
