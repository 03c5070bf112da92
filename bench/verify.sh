#!/usr/bin/env bash
# Runs every test of ovl on this machine: unit, conformance and network namespace tests (mvn verify). Arguments go to
# Maven.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh

# The tests run as root, the checkout's owner shall still be able to build afterwards.
hand_back_targets() {
    local owner
    owner=$(stat -c %u:%g pom.xml)
    [ "$owner" = 0:0 ] || find . -maxdepth 2 -name target -type d -exec chown -R "$owner" {} +
}

require_root
ensure_packages required_packages test_packages
ensure_optional_packages
ensure_jdk
trap hand_back_targets EXIT
mvn -B verify "$@"
