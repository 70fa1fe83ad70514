#!/usr/bin/env bash
# The one door to this project: ./build.sh help lists what is behind it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

needed=25

help() {
  cat <<'TEXT'
./build.sh up [--fresh]   run the whole system here, without Docker, until Ctrl-C
                          (--fresh forgets all votes; VOTE_PORT and RESULT_PORT change 5000 and 5001;
                          OPTIONS=Cats,Dogs,Birds names what to vote for)
./build.sh test           build everything and run all tests
./build.sh faults         kill, freeze and cut off every part while people vote, and look for a lost vote
                          (--seconds N (60); --seed N repeats a run; --only PART,PART… of vote, worker, result, redis,
                          postgresql, network, queue; --cluster: a Redis Cluster and a PostgreSQL with its standby)
./build.sh bench [WHAT…]  how fast it is, beside what this machine can do at best and the original's way of doing it:
                          vote, worker, result, live, or all of them (half an hour); --quick for a short pass,
                          --force on a busy machine; the report is written to target/bench
./build.sh jvm [SET]      compares variants of the JVM on one service under the same load, and says what differs beyond
                          noise. Sets: gc (if nothing is said), heap, headers, threads, start, server; or variants of
                          your own, as in --variant "zgc=-XX:+UseZGC -Xmx256m" --variant "base=". Also:
                          --service vote|worker|result (vote), --rate N (2000 a second), --seconds N (10),
                          --forks N (7), --quick (4 forks of 2 seconds: two to four minutes), --force on a busy machine,
                          --seed N, --stimulus live=MB,burst=MB,gc=SECONDS (or none), --slow-database MILLISECONDS;
                          report and raw files go to target/jvm
./build.sh fuzz [SECONDS] send random damage to pages and queue (600; all tests together include a minute of it)
./build.sh flood [SECONDS]
                          1,000 connections of voters and attackers, 64 MB of heap (60; the tests include 8 seconds)
./build.sh build          build the jars only
./build.sh images         build the three container images and list their sizes
./build.sh compose-test   build them, run the system in containers, break it and count the votes (5200 and 5201,
                          changed with VOTE_PORT and RESULT_PORT)
./build.sh format         format all Java as the tests want it
./build.sh help           this text
TEXT
}

main() {
  local command=${1:-help}
  [ $# -eq 0 ] || shift
  case $command in
    up) lab up "$@" ;;
    test) find_jdk && find_maven && mvn -B -ntp verify "$@" ;;
    faults) lab faults "$@" ;;
    bench) lab bench "$@" ;;
    jvm) lab jvm "$@" ;;
    fuzz) hostile FuzzTest -Dfuzz.seconds="${1:-600}" ;;
    flood) hostile FloodTest -Dflood.seconds="${1:-60}" ;;
    build) find_jdk && find_maven && build ;;
    images) images ;;
    compose-test) exec docker/test ;;
    format) find_jdk && find_maven && mvn -q -B spotless:apply ;;
    help | -h | --help) help ;;
    *)
      echo "There is no command \"$command\". These are:" >&2
      help >&2
      exit 2
      ;;
  esac
}

lab() { # COMMAND ARGUMENT…: run a command of the lab, after building what has changed
  find_jdk
  if changed; then
    find_maven
    build
  fi
  exec "$JAVA_HOME/bin/java" -jar lab/target/lab.jar "$@"
}

hostile() { # CLASS FLAG: run one of the hostile tests for longer, and show what it counted
  find_jdk
  find_maven
  mvn -B -ntp verify -Dtest="$1" -Dsurefire.failIfNoSpecifiedTests=false "$2" |
    grep -E '^(Fuzzed|Flood) |Tests run|^\[ERROR\]|BUILD'
}

changed() { # is any source newer than the last build?
  [ ! -f lab/target/lab.jar ] || [ -n "$(find pom.xml ./*/pom.xml ./*/src/main -newer lab/target/lab.jar -print -quit)" ]
}

build() { # every jar, without tests and whatever its format; quiet unless something is wrong or takes long
  local log
  [ -w . ] || {
    echo "$PWD cannot be written, and the build writes there: make it writable, or use a copy of it." >&2
    exit 1
  }
  log=$(mktemp)
  echo "Building (the first time this downloads some 150 MB) …"
  if ! mvn -B package -DskipTests -Dspotless.check.skip 2>&1 | tee "$log" |
    awk '/Downloaded from/ { if (++n % 25 == 0) print "  " n " files downloaded" } /Building [a-z]+ [0-9]/ { print "  " $3 }'; then
    grep -E '^\[ERROR\]|^ERROR' "$log" >&2 || tail -n 30 "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  touch lab/target/lab.jar
}

images() { # builds all three, and says what each has for itself and what they share
  local service size own shared
  docker compose build
  shared=$(docker image inspect --format '{{.Size}}' "$(docker build -q -f docker/Dockerfile --target runtime .)")
  own=0
  for service in vote worker result; do
    size=$(docker image inspect --format '{{.Size}}' "voting-app-$service")
    echo "voting-app-$service: $((size / 1000000)) MB, $(((size - shared) / 1000000)) MB of its own"
    own=$((own + size - shared))
  done
  echo "all three: $(((shared + own) / 1000000)) MB, of which they share $((shared / 1000000)) MB (Debian and the JVM)"
}

find_jdk() { # sets JAVA_HOME to the first JDK that is new enough
  local home
  for home in "${JAVA_HOME:-}" "$(home_of_java_on_path)" \
    /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -x "$home/bin/javac" ] && [ "$(major "$home")" -ge $needed ]; then
      export JAVA_HOME=$home
      return
    fi
  done
  echo "This needs a JDK $needed or later and found none: install one (for example Eclipse Temurin from https://adoptium.net, \"brew install openjdk\" or \"sdk install java\"), or point JAVA_HOME at it." >&2
  exit 1
}

home_of_java_on_path() {
  local java
  java=$(command -v java) && java=$(readlink -f "$java" 2>/dev/null || echo "$java") && dirname "$(dirname "$java")"
}

major() { # HOME: its major version, from the file every JDK has
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  echo "${version:-0}"
}

find_maven() {
  command -v mvn >/dev/null && return
  echo "This needs Apache Maven and found no mvn: install it (\"apt install maven\", \"dnf install maven\", \"brew install maven\", or https://maven.apache.org/download.cgi)." >&2
  exit 1
}

main "$@"
