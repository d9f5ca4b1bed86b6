# What the commands in bin/ share: words for steps, and getting this machine ready. Sourced, never run.
# Everything lands in the project's own folder (.venv, node_modules, var) but for packages of apt, which only bin/test asks for.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"
venv="$root/.venv"
logs="$root/var/logs"
export PYTHONPATH="$root" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore NO_UPDATE_NOTIFIER=1
export DEBIAN_FRONTEND=noninteractive

stop() {  # one sentence that says what to do
  printf '\n%s\n' "$*" >&2
  exit 1
}

step() {  # step "Doing this" command…   prints one line with its time; the output only if it fails
  local words="$1" started=$SECONDS log
  shift
  log="$logs/$(printf '%s' "$words" | tr -cs '[:alnum:]' '-').log"
  printf '  %-46s' "$words"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    printf ' failed\n\n' && tail -n 40 "$log" >&2
    stop "\"$words\" failed; the whole output is in ${log#"$root"/}."
  fi
  printf ' %3d s\n' $((SECONDS - started))
}

prepare_folder() {
  mkdir -p "$logs" 2>/dev/null && [ -w "$root" ] && [ -w "$logs" ] ||
    stop "The folder $root cannot be written to. Make it yours (sudo chown -R $(id -un) $root), or clone to another place."
}

fingerprint() { cat "$@" 2>/dev/null | sha256sum | cut -d' ' -f1; }
is_fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }  # is_fresh stamp fingerprint

# ── apt ───────────────────────────────────────────────────────────────────────

apt_install() {  # apt_install package…
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || [ -t 0 ] || stop "Missing: $*. Run: sudo apt-get install $*"
    sudo=(sudo --preserve-env=DEBIAN_FRONTEND)
  fi
  command -v apt-get >/dev/null || stop "Missing: $*. Install them with the package manager of this machine, then try again."
  step "Reading the lists of apt" "${sudo[@]}" apt-get update -q
  step "Installing $*" "${sudo[@]}" apt-get install -qy --no-install-recommends "$@"
}

# ── Python ────────────────────────────────────────────────────────────────────

find_python() {
  local name
  for name in python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name" && return
    fi
  done
  stop "Python 3.11 or newer is missing. On Debian 12 or Ubuntu 24.04: sudo apt-get install python3 python3-venv"
}

# The lock names everything, so pip has nothing to resolve (--no-deps): a release that came out after the lock, and that it
# would look at for the sake of an extra like coverage[toml], cannot stop an installation.
prepare_python() {  # prepare_python app|dev
  local lock="$root/requirements/$1.txt" print python
  print="$(fingerprint "$lock")"
  if [ ! -x "$venv/bin/python" ]; then
    python="$(find_python)" || exit 1
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
    step "Making a Python environment in .venv" "$python" -m venv "$venv"
  fi
  is_fresh "$venv/.dev" "$(fingerprint "$root/requirements/dev.txt")" && return  # the dev lock contains the app lock
  is_fresh "$venv/.$1" "$print" && return
  step "Installing Python packages from the lock" "$venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$lock"
  printf '%s' "$print" >"$venv/.$1"
}

# ── Node and the assets ───────────────────────────────────────────────────────

prepare_node() {
  local print
  [ "$(node -p 'process.versions.node.split(".")[0] >= 20' 2>/dev/null)" = true ] && command -v npm >/dev/null ||
    stop "Node 20 or newer (with npm) is missing. See https://nodejs.org/en/download for this machine, then try again."
  print="$(fingerprint package.json package-lock.json)"
  is_fresh node_modules/.letterlock "$print" && return
  step "Installing Node packages from the lock" npm ci --no-audit --no-fund --loglevel=error
  printf '%s' "$print" >node_modules/.letterlock
}

prepare_side_by_side() {  # prepare_side_by_side app|dev     both at once: one waits for the net while the other unpacks
  local said="$logs/preparing-node.out" node
  prepare_node >"$said" 2>&1 &
  node=$!
  prepare_python "$1"
  wait "$node" || { cat "$said" >&2; exit 1; }
  cat "$said"
}

build_assets() {
  local print built=letterlock/doors/frame/static/built
  print="$( (find dev/assets letterlock/doors -type f \( -name '*.ts' -o -name '*.css' -o -name '*.mjs' \) \
    -not -path "*/static/built/*"; echo package-lock.json; echo tsconfig.json) | LC_ALL=C sort | xargs sha256sum | sha256sum)"
  is_fresh var/.assets "$print" && [ -e "$built" ] && return
  step "Building styles, scripts, fonts and icons" npm run --silent build
  printf '%s' "$print" >var/.assets
}

compile_translations() {
  [ -d letterlock/config/locale ] || return 0
  step "Compiling the translations" "$venv/bin/pybabel" compile --directory letterlock/config/locale --domain django
}
