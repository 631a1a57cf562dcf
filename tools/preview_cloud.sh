#!/bin/sh
# What a change would do to the real environment, with the credentials that `ci_login.sh` left.
# usage: preview_cloud.sh STACK OUTPUT.md
set -eu
stack=$1 output=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

before=
if pulumi stack export --stack "$stack" > "$scratch/before.json"; then
    before="--before $scratch/before.json"
fi
status=0
pulumi preview --json --stack "$stack" --non-interactive > "$scratch/preview.json" || status=$?
# ($before is two words or none.)
# shellcheck disable=SC2086
.venv/bin/playground comment "$stack" "$scratch/preview.json" $before > "$output"
echo "*With the real provider, against what stands in the account.*" >> "$output"
exit "$status"
