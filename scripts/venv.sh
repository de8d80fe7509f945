#!/bin/sh
# Make .venv from the lock file: exact versions with their hashes, then the project itself.
set -eu
python=${1:-}
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))'; then
  echo "crowsnest: Python 3.11 or 3.12 is needed; found: ${python:-none}. Set PYTHON=/path/to/python3.11" >&2
  exit 2
fi
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  rm -rf .venv
  # Debian's python3 comes without ensurepip; virtualenv from pip does the same work there.
  "$python" -m venv .venv 2>/dev/null || {
    rm -rf .venv
    "$python" -m pip install --quiet --user virtualenv 2>/dev/null ||
      "$python" -m pip install --quiet --user --break-system-packages virtualenv
    "$python" -m virtualenv --quiet .venv
  }
fi
echo "crowsnest: installing the locked packages into .venv (about a minute the first time)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
