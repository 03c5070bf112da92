#!/usr/bin/env bash
# Runs JMH benchmarks: bench/jmh.sh [REGEX] [JMH_OPTION...], for example:
# bench/jmh.sh AeadBenchmark -p length=1420 -prof gc
# Without arguments it lists them. Build and run as the same user.
set -euo pipefail
cd "$(dirname "$0")/.."

java=$(.ci/find-jdk)/bin/java
mvn -q -B -pl bench -am process-classes
[ $# -gt 0 ] || set -- -l
# Forks inherit these options.
exec "$java" --add-opens java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp "bench/target/classes:$(cat bench/target/classpath)" org.openjdk.jmh.Main "$@"
