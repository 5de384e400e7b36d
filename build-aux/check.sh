#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check.sh [TREE]: the rules of the code that neither compiler nor formatter knows, as TAP. The exit
# code says whether all of them are kept.
set -uo pipefail
shopt -s lastpipe
export LC_ALL=C.UTF-8
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${1:-$here/..}" || exit 1
number=0
broken=0

# What belongs to the project: what git knows or would take, in a release everything.
files () {
  if git -c safe.directory='*' rev-parse --git-dir >/dev/null 2>&1; then
    git -c safe.directory='*' ls-files -co --exclude-standard -- "$@" | while read -r file; do
      [ ! -f "$file" ] || echo "$file"
    done
  else
    find . -type f -not -path './build*/*' -o -type f -path './build-aux/*' | sed 's|^\./||' \
      | while read -r file; do
          for pattern in "$@"; do
            # shellcheck disable=SC2053
            [[ $file != $pattern ]] || { echo "$file"; break; }
          done
        done
  fi | sort -u
}

# rule NAME: one case; what the check printed on standard input are the violations.
rule () {
  local found
  found=$(cat)
  number=$((number + 1))
  if [ -z "$found" ]; then
    echo "ok $number - /style/$1"
  else
    broken=$((broken + 1))
    echo "not ok $number - /style/$1"
    printf '%s\n' "$found" | sed 's/^/# /'
  fi
}

mapfile -t all < <(files '*')
mapfile -t c_files < <(files '*.c')
mapfile -t sources < <(files '*.c' '*.h')
mapfile -t words < <(files '*.c' '*.h' '*.blp' '*.css' '*.py' '*.build' '*.sh')

# in_files PATTERN FILE...: grep that is content with no files and with no hits.
in_files () {
  [ $# -gt 1 ] || return 0
  grep -nHP "$@" || true
}

echo 'TAP version 13'

for file in "${all[@]}"; do
  case $file in
    LICENSE | LICENSES/* | REUSE.toml | *.png | *.svg.license | *.po | po/*.pot) continue ;;
    tests/*/data/* | tests/*/dumps/* | tests/*/corpus/* | tests/data/*.sql) continue ;;
    *) grep -q 'SPDX-License-Identifier: ' <(head -n 5 "$file") || echo "$file" ;;
  esac
done | rule every-file-names-its-licence

in_files '\bg_auto(ptr|list|slist|queue)? ?\([^)]*\)[^=;(]*;' "${c_files[@]}" | rule g-autoptr-is-initialised
in_files '\bg_autofree\b[^=;]*;' "${c_files[@]}" | rule g-autofree-is-initialised
in_files '\bg_object_notify \(' "${c_files[@]}" | rule notify-by-pspec
in_files '^(?!\s*\*).*\bgoto\b\s+\w+;' "${c_files[@]}" | rule no-goto

printf '%s\n' "${sources[@]}" | grep -v '^src/app/' | while read -r file; do
  in_files '\bburble_\w*_get_default\b' "$file"
done | rule no-singleton-below-app

for file in "${c_files[@]}"; do
  awk -v file="$file" '
    /g_task_new ?\(/ && !/source_tag/ { if (want) print file ":" want ": task without source tag"; want = FNR }
    want && /g_task_set_source_tag/ { want = 0 }
    want && FNR > want + 6 { print file ":" want ": task without source tag"; want = 0 }
    END { if (want) print file ":" want ": task without source tag" }' "$file"
done | rule tasks-have-source-tags

for file in "${words[@]}"; do
  lines=$(wc -l <"$file")
  [ "$lines" -le 1000 ] || echo "$file has $lines lines"
done | rule no-file-above-1000-lines

# A packet in a test is better read in one piece.
{
  printf '%s\n' "${sources[@]}" | grep '^src/' | xargs -rd '\n' grep -nHP '^.{101,}$'
  printf '%s\n' "${c_files[@]}" | grep '^tests/' | xargs -rd '\n' grep -nHP '^[^"]{101,}$'
} | cut -c 1-120 | rule lines-within-100-columns
in_files '\t|\s+$' "${words[@]}" | cut -c 1-120 | rule no-tabs-or-trailing-space

# A source or template that no meson.build names is not built, and a test like that never runs.
for file in $(files 'src/*.c' 'src/*.blp' 'tests/*.c'); do
  dir=$(dirname "$file") found=
  name=$(basename "${file%.*}")
  while [ "$dir" != . ] && [ -z "$found" ]; do
    if [ -f "$dir/meson.build" ] && grep -qE "\b(test-)?${name#test-}\b" "$dir/meson.build"; then
      found=yes
    fi
    dir=$(dirname "$dir")
  done
  [ -n "$found" ] || echo "$file is in no meson.build"
done | rule every-source-is-built

# Words for people: in .c as _(), C_(), N_(), ngettext(); in .blp as _() and C_().
{
  listed=$(grep -v '^#' po/POTFILES)
  printf '%s\n' "$listed" | LC_ALL=C sort -c 2>&1 | sed 's/^/not sorted: /'
  printf '%s\n' "$listed" | uniq -d | sed 's/^/twice: /'
  for file in $listed; do
    [ -f "$file" ] || echo "listed, but not there: $file"
  done
  for file in $(files 'src/*.c' 'src/*.blp' 'data/*.in' 'data/*.gschema.xml'); do
    case $file in
      *.desktop.in | *.metainfo.xml.in | *.gschema.xml) ;;
      *) grep -qE '\b([CN]?_|g?ngettext|g_dpgettext2?) ?\(' "$file" || continue ;;
    esac
    grep -qxF "$file" <<<"$listed" || echo "not listed: $file"
  done
} | rule potfiles-sorted-and-complete

# setup.sh decides by the same versions as meson.build.
{
  # shellcheck source=build-aux/setup.sh
  . "$here/setup.sh"
  glib=$(sed -n "s/^glib_req = '\(.*\)'/\1/p" meson.build)
  sed -n "s/.*_dep = dependency('\([^']*\)'\(, version: \([^)]*\)\)\?).*/\1 \3/p" meson.build \
    | sed "s/glib_req/$glib/; s/'//g; s/ *$//" | while read -r wanted; do
      # Not through a pipe: grep leaves it with the first hit, and printf may fail of that.
      grep -qxF -- "$wanted" <(printf '%s\n' "${burble_libraries[@]}") || echo "setup.sh lacks: $wanted"
    done
} | rule setup-knows-the-requirements

echo "1..$number"
[ $broken = 0 ]
