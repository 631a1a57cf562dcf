#!/bin/sh
# Preview a change on the real environment, with the credentials from `ci_login.sh`.
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
pulumi preview --json --show-sames --stack "$stack" --non-interactive > "$scratch/preview.json" || status=$?
# ($before is two words or empty.)
# shellcheck disable=SC2086
.venv/bin/playground comment "$stack" "$scratch/preview.json" $before > "$output"
echo "*With the real provider, compared with the resources in the account.*" >> "$output"
# A refused preview names no resources.
[ "$status" -ne 0 ] || sh tools/comment_policies.sh "$stack" "$scratch/preview.json" "$output" || status=$?
exit "$status"
