#!/bin/bash
# Lists files of this repository that git knows, or would if they were added.
#
#   tools/sources.sh PATTERN...               for example: tools/sources.sh '*.h' '*.cc'
set -euo pipefail
cd "$(dirname "$0")/.."

# A clone may belong to another user than the one who builds in it, as in many containers.
git -c safe.directory="$PWD" ls-files --cached --others --exclude-standard -- "$@" |
  sort -u | while read -r file; do
    if [[ -f $file ]]; then printf '%s\n' "$file"; fi
  done
