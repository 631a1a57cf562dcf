"""`playground pin-image`: shows how to pin the engine's image of a stack by its digest."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import click

from facts.json_output import as_json
from facts.names import DIGEST
from facts.ocids import is_placeholder
from facts.vllm import ROCM_LINE, VERSION
from infra.project.stackfile import PROJECT

from .common import file_option, json_option, say, stack_argument
from .refusal import fail
from .settings import settings_or_exit

DEFAULT_TAG = f"v{VERSION}-{ROCM_LINE}"
"""Follows the pattern of known tags. Whether this tag exists is unverified."""

TOOLS: Mapping[str, tuple[str, ...]] = {
    "crane": ("digest", "{image}"),
    "skopeo": ("inspect", "--no-tags", "--format", "{{{{.Digest}}}}", "docker://{image}"),
    "docker": ("buildx", "imagetools", "inspect", "--format", "{{{{.Manifest.Digest}}}}", "{image}"),
}
"""Programs that get the digest of a tag from a registry, with their arguments, in order of preference."""


@click.command("pin-image")
@stack_argument
@click.option("--tag", default=DEFAULT_TAG, show_default=True, help="Tag to pin.")
@click.option("--look-up", is_flag=True, help="Ask the registry now, with crane, skopeo or docker.")
@file_option
@json_option
def pin_image(*, stack: str, tag: str, look_up: bool, config_file: Path | None, json_output: bool) -> None:
    """Show how to pin the engine's image of STACK by its digest. A tag can change, a digest cannot.

    It prints the commands that find the digest, and the command that sets it. With --look-up it runs the first program
    that is installed. Test the image on a node before it serves requests: images for versions after ROCm 7.2 are not
    proven on OCI's drivers.
    """
    serving = settings_or_exit(stack, config_file).serving
    image = f"{serving.image}:{tag}"
    commands = {tool: command(tool, image) for tool in TOOLS}
    digest = _look_up(image) if look_up else "sha256:…"
    setting = [
        *("pulumi", "config", "set", "--stack", stack, "--path"),
        *(f"{PROJECT}:serving.imageDigest", digest),
    ]
    pinned = None if is_placeholder(serving.image_digest or "REPLACE-ME") else serving.image_digest
    if json_output:
        report = {
            "image": image,
            "digest": digest if look_up else None,
            "pinned": pinned,
            "lookUp": commands,
            "set": setting,
        }
        click.echo(as_json(report))
        return
    now = pinned or "not pinned: a placeholder"
    say(f"{stack} serves {serving.image}, {now}")
    if not look_up:
        click.echo(f"Find the digest of {image}, with one of:")
        for words in commands.values():
            click.echo(f"  {_shown(words)}")
    click.echo("Then set it in the settings:")
    click.echo(f"  {_shown(setting)}")


def command(tool: str, image: str) -> list[str]:
    """The command of `tool` that prints the digest of `image`."""
    return [tool, *(word.format(image=image) for word in TOOLS[tool])]


def _look_up(image: str) -> str:
    tool = next((name for name in TOOLS if shutil.which(name)), None)
    if tool is None:
        fail(f"none of {', '.join(TOOLS)} is installed. Without --look-up their commands are shown")
    result = subprocess.run(command(tool, image), capture_output=True, text=True, check=False)
    found = DIGEST.search(result.stdout)
    if result.returncode or found is None:
        fail(f"{tool} found no digest of {image}: {result.stderr.strip() or result.stdout.strip()}")
    return found.group()


def _shown(words: list[str]) -> str:
    return " ".join(f"'{word}'" if re.search(r"[{}:… ]", word) else word for word in words)
