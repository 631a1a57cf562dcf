#!/bin/sh
# Show the changes between a base commit and this checkout, on the sandbox: deploy the base, then preview the checkout.
# usage: preview_change.sh BASE STACK OUTPUT.md
set -eu
base=$1 stack=$2 output=$3
scratch=$(mktemp -d)
trap 'git worktree remove --force "$scratch/base" >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT

make setup
export SANDBOX_HOME="$scratch/home"
before=
if git cat-file -e "$base:Pulumi.$stack.yaml" 2>/dev/null; then
    git worktree add --quiet --detach "$scratch/base" "$base"
    if (cd "$scratch/base" && make setup && .venv/bin/sandbox up --yes --skip-preview --stack "$stack") \
        > "$scratch/base.log" 2>&1; then
        .venv/bin/sandbox stack export --stack "$stack" > "$scratch/before.json"
        before="--before $scratch/before.json"
    else
        echo "the base cannot be deployed on the sandbox, so everything is shown as new:" >&2
        tail -n 20 "$scratch/base.log" >&2
    fi
fi
status=0
.venv/bin/sandbox preview --json --show-sames --stack "$stack" > "$scratch/preview.json" || status=$?
# If the preview is refused, the comment shows its errors. ($before is two words or empty.)
# shellcheck disable=SC2086
.venv/bin/playground comment "$stack" "$scratch/preview.json" $before > "$output"
# A refused preview names no resources.
[ "$status" -ne 0 ] || sh tools/comment_policies.sh "$stack" "$scratch/preview.json" "$output" || status=$?
exit "$status"
