#!/bin/sh
# What changes between a base commit and this checkout, on the sandbox: base is put up, then this is previewed.
# usage: preview_change.sh BASE STACK OUTPUT.md
set -eu
base=$1 stack=$2 output=$3
scratch=$(mktemp -d)
trap 'git worktree remove --force "$scratch/base" >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT

make setup
export SANDBOX_HOME="$scratch/home"
if git cat-file -e "$base:Pulumi.$stack.yaml" 2>/dev/null; then
    git worktree add --quiet --detach "$scratch/base" "$base"
    (cd "$scratch/base" && make setup >/dev/null && .venv/bin/sandbox up --yes --skip-preview --stack "$stack") \
        > "$scratch/base.log" 2>&1 || echo "the base does not stand on the sandbox: everything shows as new" >&2
fi
.venv/bin/sandbox preview --json --stack "$stack" > "$scratch/preview.json" || {
    # A refused preview is what the reader must see, so it becomes the summary.
    .venv/bin/playground check "$stack" > "$scratch/check.txt" 2>&1 || true
    { printf '### %s: the preview fails\n\n```text\n' "$stack"; cat "$scratch/check.txt"; printf '```\n'; } > "$output"
    cat "$output" >&2
    exit 1
}
.venv/bin/playground comment "$stack" "$scratch/preview.json" > "$output"
