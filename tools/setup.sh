#!/usr/bin/env bash
# Prepares .venv for running (run) or for developing and testing (dev). A second call finds everything and leaves.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

purpose=${1:-run}
lock=requirements/$purpose.txt
venv=.venv
[ -f "$lock" ] || { echo "usage: tools/setup.sh run|dev" >&2; exit 2; }

say() { printf '%s\n' "$*" >&2; }

command -v python3 >/dev/null || { say "Es fehlt Python: bitte das Paket python3 (3.11 oder neuer) installieren."; exit 1; }
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { say "Gebraucht wird Python 3.11 oder neuer, gefunden wurde $(python3 --version)."; exit 1; }

has_program() { command -v "$1" >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null; }

# The libraries by loading them: that is what WeasyPrint will do.
missing_libraries() {
    python3 - <<'PY'
from ctypes import CDLL

for library, package in {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}.items():
    try:
        CDLL(library)
    except OSError:
        print(package)
PY
}

missing_packages() {
    missing_libraries
    [ -x "$venv/bin/python" ] || python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    if [ "$purpose" = dev ]; then
        has_program pdfinfo || echo poppler-utils
        has_program qpdf || echo qpdf
        has_program initdb || echo postgresql
        has_program chromium || echo chromium
    fi
}

install_packages() {
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            say "Es fehlen Systempakete, und zum Installieren fehlen die Rechte. Bitte als root ausführen:"
            say "    apt-get install $*"
            exit 1
        fi
        root=(sudo -n)
    fi
    command -v apt-get >/dev/null || { say "Es fehlen Systempakete (Namen wie in Debian 12): $*"; exit 1; }
    say "Systempakete werden installiert: $*"
    if [[ " $* " == *" postgresql "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        # The tests start servers of their own; the package must not leave one running on this machine.
        "${root[@]}" mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | "${root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
        apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

mapfile -t packages < <(missing_packages)
[ ${#packages[@]} -eq 0 ] || install_packages "${packages[@]}"

stamp_of() { { sha256sum <"$1"; sha256sum <tools/setup.sh; "$venv/bin/python" --version; pwd; } | sha256sum; }
is_done() { [ -f "$venv/.ready-$1" ] && [ "$(cat "$venv/.ready-$1")" = "$(stamp_of "requirements/$1.txt")" ]; }

if [ -x "$venv/bin/python" ]; then
    is_done "$purpose" && exit 0
    # What serves for developing serves for running.
    [ "$purpose" = run ] && is_done dev && exit 0
fi

# Its scripts name the folder: after a move the environment is made anew.
if [ -f "$venv/.folder" ] && [ "$(cat "$venv/.folder")" != "$PWD" ]; then rm -rf "$venv"; fi
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    say "Die Python-Umgebung $venv wird angelegt."
    python3 -m venv --clear "$venv"
fi
rm -f "$venv"/.ready-*
pwd >"$venv/.folder"

say "Python-Pakete werden installiert ($lock)."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"; fi
VIRTUAL_ENV=$PWD/$venv "$venv/bin/uv" pip sync --quiet --require-hashes --compile-bytecode requirements/uv.txt "$lock"

# The project itself: its folder on the path, and a command that finds its Python wherever it is linked from.
site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd >"$site/digitales_rathaus.pth"
cat >"$venv/bin/rathaus" <<'SH'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -P -m rathaus "$@"
SH
chmod +x "$venv/bin/rathaus"
"$venv/bin/python" -m compileall -q chassis contracts rathaus services simulators
stamp_of "$lock" >"$venv/.ready-$purpose"
