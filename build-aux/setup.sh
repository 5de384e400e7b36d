# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Where Burble is built, decided in one place for run, test and enter:
#   native   the machine's own packages are new enough, or its package manager has them
#   debian   a Debian 13 root under the cache directory, made once and entered with bubblewrap
# BURBLE_SETUP=native or =debian overrules the decision. Sourced, never run.

burble_top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
burble_aux=$burble_top/build-aux
burble_cache=${XDG_CACHE_HOME:-$HOME/.cache}/burble
burble_root=$burble_cache/debian-13
burble_list=$burble_aux/packages-debian.txt
burble_suite=trixie

# What meson.build asks for, in pkg-config's words (check.sh compares the two).
burble_libraries=(
  'glib-2.0 >= 2.84' 'gobject-2.0 >= 2.84' 'gio-2.0 >= 2.84' 'gio-unix-2.0 >= 2.84'
  'json-glib-1.0 >= 1.10' 'libidn' 'sqlite3 >= 3.46' 'gnutls >= 3.8' 'libsodium >= 1.0.18'
  'libsecret-1 >= 0.21' 'libsoup-3.0 >= 3.6' 'libxml-2.0 >= 2.9.14'
  'gtk4 >= 4.18' 'libadwaita-1 >= 1.7' 'libnotify >= 0.8.6'
  'libspelling-1' 'msgpack-c >= 6.0' 'zlib'
)
burble_tools=(cc meson ninja blueprint-compiler msgfmt itstool glib-compile-schemas)

say () { printf '\033[1m%s\033[0m\n' "burble: $*" >&2; }
die () { say "$*"; exit 1; }
have () { command -v "$1" >/dev/null 2>&1; }

# at_least WANTED HAD: is the version HAD as new as WANTED? A Debian epoch is not looked at.
at_least () { [ -n "$2" ] && [ "$(printf '%s\n%s\n' "$1" "${2#*:}" | sort -V | head -n 1)" = "$1" ]; }

# Packages of the named sections of packages-debian.txt, one a line; without a name, of all.
packages () {
  awk -v want=" $* " '
    /^# \[.*\]$/ { section = substr ($2, 2, length ($2) - 2); next }
    /^#/ || NF == 0 { next }
    want == "  " || index (want, " " section " ") { print $1 }' "$burble_list"
}

# Says what the machine lacks, one a line; nothing when it can build Burble as it is.
native_lacks () {
  local item
  if ! have pkg-config; then
    echo pkg-config
    return
  fi
  if ! pkg-config --exists "${burble_libraries[*]}"; then
    for item in "${burble_libraries[@]}"; do
      pkg-config --exists "$item" || echo "$item"
    done
  fi
  for item in "${burble_tools[@]}"; do
    have "$item" || echo "$item"
  done
  if have meson && ! at_least 1.7.0 "$(meson --version)"; then
    echo 'meson >= 1.7.0'
  fi
  if have blueprint-compiler && ! at_least 0.16 "$(blueprint-compiler --version)"; then
    echo 'blueprint-compiler >= 0.16'
  fi
}

native_enough () {
  have pkg-config && pkg-config --exists "${burble_libraries[*]}" && [ -z "$(native_lacks)" ]
}

as_root () {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "This needs root and there is no sudo. As root, run: $*"
  fi
}

# The version of GTK that the package manager offers, empty when it offers none.
manager_gtk () {
  case $1 in
    apt) apt-cache policy libgtk-4-dev 2>/dev/null | sed -n 's/^ *Candidate: \([^(].*\)/\1/p' ;;
    dnf) dnf -q info gtk4-devel 2>/dev/null | sed -n 's/^Version *: //p' | tail -n 1 ;;
    pacman) pacman -Si gtk4 2>/dev/null | sed -n 's/^Version *: //p' ;;
    zypper) zypper -q info gtk4-devel 2>/dev/null | sed -n 's/^Version *: //p' ;;
    *) ;;
  esac
}

# Prints the package manager whose packages are new enough, if there is one.
find_manager () {
  local manager program
  for manager in apt dnf pacman zypper; do
    program=$manager
    [ "$manager" = apt ] && program=apt-get
    if have "$program" && at_least 4.18 "$(manager_gtk "$manager")"; then
      echo "$manager"
      return
    fi
  done
}

# Fresh installations have no package lists yet, and apt knows nothing before it has them.
refresh_apt () {
  [ -n "${apt_refreshed:-}" ] && return
  say 'Reading the package lists'
  as_root apt-get update -q || die 'The package lists could not be read; check the network and run this again.'
  apt_refreshed=yes
}

apt_install () {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" \
    || die 'Not every package could be installed; see above, then run this again.'
}

# Installs what is missing. RPM distributions find libraries by their pkg-config name.
manager_install () {
  local lacking=() item libraries=()
  for item in "${burble_libraries[@]}"; do
    libraries+=("pkgconfig(${item%% *})")
  done
  case $1 in
    apt)
      while read -r item; do
        dpkg-query -W -f '${Status}' "$item" 2>/dev/null | grep -q 'ok installed' || lacking+=("$item")
      done < <(packages build run; packages test | xargs -r apt-cache show 2>/dev/null | sed -n 's/^Package: //p' | sort -u)
      say "Installing ${#lacking[@]} packages with apt"
      [ ${#lacking[@]} = 0 ] || apt_install "${lacking[@]}"
      ;;
    dnf)
      as_root dnf install -y gcc meson ninja-build gettext itstool yelp-tools blueprint-compiler \
        glib-networking xorg-x11-server-Xvfb dbus-daemon ImageMagick "${libraries[@]}"
      ;;
    zypper)
      as_root zypper --non-interactive install gcc meson ninja gettext-tools itstool yelp-tools \
        blueprint-compiler glib-networking xorg-x11-server-Xvfb dbus-1 ImageMagick "${libraries[@]}"
      ;;
    pacman)
      as_root pacman -S --needed --noconfirm base-devel meson ninja gettext itstool yelp-tools \
        blueprint-compiler glib-networking xorg-server-xvfb imagemagick gtk4 libadwaita json-glib \
        libidn sqlite gnutls libsodium libsecret libsoup3 libnotify libspelling \
        libxml2 msgpack-c zlib
      ;;
    *) die "No way to install packages with $1" ;;
  esac
}

# The mirror that apt uses here, so that a local one serves the root too.
debian_mirror () {
  local mirror=
  if have apt-get; then
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null \
      | grep -E '^https?://.*/debian/?$' | head -n 1 || true)
  fi
  echo "${BURBLE_MIRROR:-${mirror:-http://deb.debian.org/debian}}"
}

# Options that carry the machine's proxy for apt into the root.
proxy_options () {
  local name value
  have apt-config || return 0
  for name in Acquire::http::Proxy Acquire::https::Proxy; do
    value=
    eval "$(apt-config shell value "$name")"
    [ -z "$value" ] || printf '%s\n' "--aptopt=$name \"$value\";"
  done
}

# mmdebstrap and bubblewrap come from the machine's own packages.
need_root_tools () {
  local lacking=()
  have mmdebstrap || lacking+=(mmdebstrap)
  have bwrap || lacking+=(bubblewrap)
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || lacking+=(debian-archive-keyring)
  if [ "$(id -u)" != 0 ] && ! have newuidmap; then
    lacking+=(uidmap)
  fi
  [ ${#lacking[@]} = 0 ] && return
  have apt-get || die "Packages here are too old for Burble, and making a Debian 13 root needs: ${lacking[*]}"
  refresh_apt
  say "Installing ${lacking[*]}"
  apt_install "${lacking[@]}"
}

# Shows that something moves while output goes to a file or a log. What is not unpacked where the
# user may look at it has no size yet.
heartbeat () {
  local began=$SECONDS size
  while sleep 15 && kill -0 $$; do
    size=$(du -sm "$1" 2>/dev/null | cut -f 1)
    say "still working: $((SECONDS - began)) s$( ((${size:-0} < 10)) || echo ", $size MB unpacked")"
  done
}

# make_root: the whole root under another name first, so that an interrupted run leaves no half one.
make_root () {
  local new=$burble_root.new log=$burble_root.log mirror beat='' status=0 options=()
  need_root_tools
  mirror=$(debian_mirror)
  mapfile -t options < <(proxy_options)
  options+=(--variant=apt "--include=$(packages | paste -sd ,)" '--aptopt=Acquire::Retries "3";'
    '--dpkgopt=path-exclude=/usr/share/man/*')
  say "Making a Debian 13 root from $mirror: about 2 minutes and 2 GB in $burble_root"
  rm -rf --one-file-system "$new"
  mkdir -p "$new"
  if [ ! -t 2 ]; then
    heartbeat "$new" &
    beat=$!
  fi
  if [ "$(id -u)" = 0 ]; then
    mmdebstrap --mode=root "${options[@]}" "$burble_suite" "$new" "$mirror" 2>&1 | tee "$log" >&2 || status=1
  else
    # The archive is unpacked by the user, who then owns the root and may enter and delete it.
    { HOME=/ TMPDIR=/var/tmp mmdebstrap --mode=unshare --format=tar "${options[@]}" "$burble_suite" - "$mirror" 2> >(tee "$log" >&2) \
        | tar -C "$new" -x --exclude='./dev/*'; } || status=1
  fi
  [ -z "$beat" ] || kill "$beat" 2>/dev/null || true
  if [ $status != 0 ]; then
    rm -rf --one-file-system "$new"
    if grep -qiE 'failed to fetch|could not resolve|could not connect|connection|timed out|temporary failure' "$log"; then
      die "A download from $mirror failed. Nothing half-made is left: check the network and run this again."
    fi
    die "The Debian 13 root could not be made; the reason is above and in $log. Run this again afterwards."
  fi
  packages | sort >"$new/etc/burble-packages"
  rm -rf --one-file-system "$burble_root"
  mv "$new" "$burble_root"
  rm -f "$log"
  say 'The Debian 13 root is ready'
}

# Installs what the list has gained since the root was made. A user's root is made anew instead:
# only root can install into one.
update_root () {
  local added
  mapfile -t added < <(packages | sort | comm -23 - <(sort "$burble_root/etc/burble-packages" 2>/dev/null || true))
  if [ ${#added[@]} = 0 ]; then
    return
  fi
  if [ "$(id -u)" != 0 ]; then
    make_root
    return
  fi
  say "Adding to the Debian 13 root: ${added[*]}"
  bare_root sh -c 'apt-get update -q && exec apt-get install -q -y --no-install-recommends "$@"' - "${added[@]}" >&2 \
    || die 'Not every package could be added; check the network and run this again.'
  packages | sort >"$burble_root/etc/burble-packages"
}

# Runs a command in the root with nothing of the outside but the network.
bare_root () {
  bwrap --bind "$burble_root" / --dev /dev --proc /proc --perms 1777 --tmpfs /tmp --tmpfs /run \
    --ro-bind "$(readlink -f /etc/resolv.conf)" /etc/resolv.conf --die-with-parent --chdir / \
    --setenv PATH /usr/sbin:/usr/bin:/sbin:/bin --setenv DEBIAN_FRONTEND noninteractive -- "$@"
}

# Makes sure of the root; one at a time, and those who wait find it made.
need_root () {
  local lock
  mkdir -p "$burble_cache"
  exec {lock}>"$burble_root.lock"
  flock -n "$lock" || { say 'Waiting for another run to make the Debian 13 root'; flock "$lock"; }
  if [ ! -d "$burble_root" ]; then
    make_root
  else
    need_root_tools
    update_root
  fi
  exec {lock}>&-
}

# Sets burble_where when nothing has to be installed or made first.
burble_find () {
  burble_where=${BURBLE_SETUP:-}
  if [ -z "$burble_where" ] && native_enough; then
    burble_where=native
  elif [ -z "$burble_where" ] && [ -d "$burble_root" ]; then
    burble_where=debian
  fi
  [ "$burble_where" = native ] || { [ "$burble_where" = debian ] && [ -d "$burble_root" ] && have bwrap; }
}

# Decides, installs what is missing, and leaves the answer in burble_where.
burble_setup () {
  local manager=
  burble_find || true
  if [ -z "$burble_where" ]; then
    manager=$(find_manager)
    if [ -z "$manager" ] && have apt-get && [ -z "$(manager_gtk apt)" ]; then
      refresh_apt
      manager=$(find_manager)
    fi
    if [ -n "$manager" ]; then
      manager_install "$manager"
      native_enough || die "Still missing after the installation: $(native_lacks | paste -sd ,)"
      burble_where=native
    else
      burble_where=debian
    fi
  fi
  if [ "$burble_where" = debian ]; then
    need_root
  fi
}

# Runs a command where Burble is built. In the root it sees the display, the session bus, the
# network and every folder of the machine that is not the system's own.
burble_exec () {
  local args=() item zone here git=
  here=$(pwd -P)
  if [ "$burble_where" != debian ]; then
    exec env PATH="${BURBLE_PATH:+$BURBLE_PATH:}$PATH" "$@"
  fi
  args=(--bind "$burble_root" / --dev-bind /dev /dev --bind /proc /proc --ro-bind /sys /sys
    --tmpfs /run --bind /tmp /tmp --bind /var/tmp /var/tmp)
  for item in /*; do
    case ${item#/} in
      bin | boot | dev | etc | lib* | lost+found | proc | root | run | sbin | sys | tmp | usr | var) ;;
      *) [ ! -d "$item" ] || args+=(--bind "$item" "$item") ;;
    esac
  done
  # A work tree of git has its repository elsewhere.
  [ ! -f "$burble_top/.git" ] || git=$(sed -n 's|^gitdir: \(/.*\)/worktrees/.*|\1|p' "$burble_top/.git")
  for item in "$HOME" "$burble_top" "$git" "$here" "${XDG_RUNTIME_DIR:-}" /run/dbus; do
    [ -z "$item" ] || [ ! -d "$item" ] || args+=(--bind "$item" "$item")
  done
  for item in resolv.conf hosts passwd group machine-id; do
    [ ! -e "/etc/$item" ] || args+=(--ro-bind "$(readlink -f "/etc/$item")" "/etc/$item")
  done
  for item in "${XAUTHORITY:-}" "${WAYLAND_DISPLAY:-}"; do
    [ "${item#/}" = "$item" ] || [ ! -e "$item" ] || args+=(--ro-bind "$item" "$item")
  done
  if [ -z "${TZ:-}" ]; then
    zone=$(readlink -f /etc/localtime || true)
    args+=(--setenv TZ "${zone#/usr/share/zoneinfo/}")
  fi
  for item in LC_ALL LC_CTYPE LC_MESSAGES LC_TIME LC_NUMERIC LC_COLLATE LD_LIBRARY_PATH LD_PRELOAD \
    PKG_CONFIG_PATH GI_TYPELIB_PATH PYTHONHOME PYTHONPATH GTK_MODULES GTK_PATH GIO_EXTRA_MODULES; do
    args+=(--unsetenv "$item")
  done
  exec bwrap "${args[@]}" --die-with-parent --chdir "$here" --setenv LANG C.UTF-8 \
    --setenv CCACHE_DIR "$burble_cache/ccache" \
    --setenv PATH "${BURBLE_PATH:+$BURBLE_PATH:}/usr/lib/ccache:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" -- "$@"
}

# The same as a child, for a script that goes on afterwards.
burble_do () { (burble_exec "$@"); }

# burble_env DIR: what Burble needs to find its own things in the build folder, uninstalled.
burble_env () {
  local build=$burble_top/$1
  export GSETTINGS_SCHEMA_DIR=$build/data
  export XDG_DATA_DIRS=$burble_top/data:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}
  export BURBLE_PATH=$build/src/app:$build/src/demo:$build/src/server
}

# burble_configure DIR OPTION...: makes the build folder, or brings an older one to these options.
# One made elsewhere (natively, in the root, at another path) is of no use here and is made anew.
burble_configure () {
  local dir=$1 place="$burble_where $burble_top" options made=$1/.made wipe=()
  shift
  options="$*"
  if [ -e "$dir/build.ninja" ]; then
    if [ ! -e "$made" ] || [ "$(head -n 1 "$made")" = "$place" ]; then
      [ "$(tail -n +2 "$made" 2>/dev/null)" = "$options" ] || [ $# = 0 ] \
        || burble_do meson configure "$dir" "${@/#--werror/-Dwerror=true}" \
        || die "Burble could not be configured; the reason is above."
      printf '%s\n' "$place" "$options" >"$made"
      return
    fi
    wipe=(--wipe)
  fi
  say "Configuring $dir"
  burble_do meson setup "${wipe[@]}" "$dir" "$@" || die "Burble could not be configured; the reason is above."
  printf '%s\n' "$place" "$options" >"$made"
}
