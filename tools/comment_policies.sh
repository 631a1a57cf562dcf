#!/bin/sh
# Check a preview against the policies, and add what they say to a pull request's comment. Exits with their status.
# usage: comment_policies.sh STACK PREVIEW.json OUTPUT.md
set -eu
stack=$1 preview=$2 output=$3
status=0
# What cannot be judged is on standard error, and the author of the change must see it too.
said=$(.venv/bin/python -m tools.policies "$stack" "$preview" 2>&1) || status=$?
{ printf '\n### Policies\n\n'; printf '%s\n' "$said" | sed 's/^/    /'; } >> "$output"
exit "$status"
