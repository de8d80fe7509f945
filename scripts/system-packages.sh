#!/bin/sh
# Install what the tests can use from Debian, where we are root on Debian. Never fails: a test whose server or
# browser is missing skips with that reason (and fails under CI=true).
missing=""
command -v javac >/dev/null 2>&1 || missing="$missing openjdk-17-jdk-headless"
command -v mvn >/dev/null 2>&1 || missing="$missing maven"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "crowsnest: not installed here:$missing; the tests that need them will skip and say so" >&2
  exit 0
fi
echo "crowsnest: installing$missing for the tests"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086
if ! { apt-get update -q && apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
  echo "crowsnest: apt-get could not install$missing (see $log); the tests that need them will skip" >&2
fi
exit 0
