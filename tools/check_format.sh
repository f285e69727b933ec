#!/bin/bash
# Fails and shows where, if a C++ file is not laid out as .clang-format says. `make format` mends it.
set -euo pipefail
cd "$(dirname "$0")/.."
files=$(tools/sources.sh '*.h' '*.cc')
printf '%s\n' "$files" | xargs clang-format --dry-run --Werror
