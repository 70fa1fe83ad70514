#!/usr/bin/env bash
# The one door to this project: ./build.sh help lists what is behind it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

needed=25
maven=3.9.16 # what is fetched where there is no mvn
maven_sha512=831a8591fe20c8243b1dbe7d71e3244f31d1665b0804b2e825e38cbbe5ce0cafb8338851f90780735568773e0a6cd07bbec107cda0b896b008b861075358b6f6

help() {
  cat <<'TEXT'
./build.sh up [--fresh]   run the whole system here, without Docker, until Ctrl-C
                          (--fresh forgets all votes; VOTE_PORT and RESULT_PORT change 5000 and 5001;
                          OPTIONS=Cats,Dogs,Birds names what to vote for)
./build.sh seed [VOTES] [--rate N]
                          cast votes (3,000) at VOTE_PORT for all options, at once or N a second so that the bars move
./build.sh reset          forget all votes of the system that is up here, while it runs
./build.sh test           build everything and run all tests
./build.sh faults         kill, freeze and cut off every part while people vote, and look for a lost vote
                          (--seconds N (60); --cluster: a Redis Cluster and a PostgreSQL with its standby)
./build.sh bench [WHAT…]  how fast it is, beside what this machine can do at best and the original's way of doing it:
                          vote, worker, result, whole, or all of them (an hour); --quick for a short pass,
                          --against CHECKOUT: whole in turns with what was built there;
                          the report is written to target/bench
./build.sh jvm [SET]      compares variants of the JVM on one service under the same load, and says what differs beyond
                          noise: a set (gc, heap, headers, threads, start, aot, batch) or your own, as in
                          --variant "zgc=-XX:+UseZGC -Xmx256m" --variant "base="; --quick takes two to four
                          minutes instead of twenty; also against a saved run, another JDK, or within container limits
                          (faults, bench and jvm have more options: ./build.sh jvm --help)
./build.sh fuzz [SECONDS] send random damage to the voting page and the queue (600; the tests include
                          a minute of it)
./build.sh flood [SECONDS]
                          1,000 connections of voters and attackers, 64 MB of heap (60; the tests include 8 seconds)
./build.sh screenshots    photograph both pages for README.md, light and dark (with Chromium)
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
    seed) exec docker/seed "localhost:${VOTE_PORT:-5000}" "$@" ;;
    reset) reset "$@" ;;
    test) find_jdk && find_maven && mvn -B -ntp spotless:check verify "$@" ;;
    faults) lab faults "$@" ;;
    bench) lab bench "$@" ;;
    jvm) lab jvm "$@" ;;
    fuzz) hostile FuzzTest fuzz "${1:-600}" ;;
    flood) hostile FloodTest flood "${1:-60}" ;;
    screenshots) screenshots ;;
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

reset() { # the worker's own way to forget, told where `up` has its stores
  [ $# -eq 0 ] || fail 2 "reset takes nothing, not \"$*\"."
  [ -f lab/data/stores ] || fail 1 "No system is up here: ./build.sh up starts one (in containers: docker compose run --rm reset)."
  find_jdk
  # shellcheck disable=SC2046 # settings, and none but these
  exec env -i $(<lab/data/stores) "$JAVA_HOME/bin/java" -cp worker/target/worker.jar worker.Reset
}

hostile() { # CLASS NAME SECONDS: run one of the hostile tests for longer, and show what it counted
  [[ $3 =~ ^[1-9][0-9]{0,5}$ ]] || fail 2 "$2 takes a whole number of seconds from 1 to 999999, not \"$3\"."
  find_jdk
  find_maven
  mvn -B -ntp verify -Dtest="$1" -Dsurefire.failIfNoSpecifiedTests=false "-D$2.seconds=$3" |
    (trap '' INT && exec grep -E '^(Fuzzed|Flood) |Tests run|^\[ERROR\]|BUILD') # ends last, also after Ctrl-C
}

screenshots() {
  has chromedriver || fail 1 "This needs Chromium and its chromedriver on the PATH (Debian: sudo apt-get install -y chromium chromium-driver)."
  find_jdk
  find_maven
  mvn -B -ntp verify -Dtest=Screenshots -Dsurefire.failIfNoSpecifiedTests=false |
    grep -E '^Wrote|^\[ERROR\]|BUILD FAILURE'
}

changed() { # is any source newer than the last build?
  [ ! -f lab/target/lab.jar ] || [ -n "$(find pom.xml ./*/pom.xml ./*/src/main -newer lab/target/lab.jar -print -quit)" ]
}

build() { # every jar, without tests and whatever its format; quiet unless something is wrong or takes long
  local log
  [ -w . ] || fail 1 "$PWD cannot be written, and the build writes there: make it writable, or use a copy of it."
  log=$(mktemp)
  echo "Building (the first time this downloads some 150 MB) …"
  if ! mvn -B package -DskipTests 2>&1 | tee "$log" |
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
  fail 1 "This needs a JDK $needed or later and found none. $(how_to_get_a_jdk) Or point JAVA_HOME at one."
}

how_to_get_a_jdk() { # one command, where this system has one
  local command=
  if has brew; then
    command="brew install openjdk"
  elif has apt-get && apt-cache show openjdk-$needed-jdk >/dev/null 2>&1; then
    command="sudo apt-get install -y openjdk-$needed-jdk"
  elif has dnf; then
    command="sudo dnf install -y java-$needed-openjdk-devel"
  elif has pacman; then
    command="sudo pacman -S --noconfirm jdk-openjdk"
  elif has zypper; then
    command="sudo zypper install -y java-$needed-openjdk-devel"
  fi
  echo "Install one: ${command:-https://adoptium.net has it for this system}."
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

find_maven() { # puts mvn on the PATH: what is there, or the one that was fetched
  has mvn && return
  local folder=${MAVEN_USER_HOME:-$HOME/.m2}/wrapper/dists
  [ -x "$folder/apache-maven-$maven/bin/mvn" ] || (fetch_maven "$folder") || exit
  PATH=$folder/apache-maven-$maven/bin:$PATH
}

fetch_maven() { # FOLDER; in a subshell
  local url=${MVNW_REPOURL:-https://repo.maven.apache.org/maven2}/org/apache/maven/apache-maven/$maven/apache-maven-$maven-bin.tar.gz
  local otherwise="or install Maven yourself, so that there is an mvn" said
  { has tar && has gzip; } || fail 1 "Maven $maven comes as a tar.gz, and there is no tar or no gzip: install both, $otherwise."
  mkdir -p "$1" 2>/dev/null || true
  part=$(mktemp -d "$1/part.XXXXXX" 2>/dev/null) ||
    fail 1 "Maven $maven would be kept in $1, which cannot be written: make it writable, set MAVEN_USER_HOME, $otherwise."
  trap 'rm -rf "$part"' EXIT
  echo "There is no mvn: fetching Maven $maven (9 MB) into $1 …" >&2
  if has curl; then
    said=$(curl -fsSL --connect-timeout 20 --max-time 900 -o "$part/maven.tar.gz" "$url" 2>&1)
  elif has wget; then
    said=$(wget -nv -T 20 -t 2 -O "$part/maven.tar.gz" "$url" 2>&1)
  else
    fail 1 "Neither curl nor wget is here to fetch Maven $maven with: install one of them, $otherwise."
  fi || fail 1 "$url cannot be fetched (${said##*$'\n'}): is there a network? MVNW_REPOURL names a mirror; $otherwise."
  [ "$(sha512 "$part/maven.tar.gz")" = $maven_sha512 ] ||
    fail 1 "$url has not the SHA-512 that build.sh knows, and is not used: try again, name another mirror by MVNW_REPOURL, $otherwise."
  tar -xzf "$part/maven.tar.gz" -C "$part" || fail 1 "Maven $maven could not be unpacked in $1: is there room for 12 MB?"
  mv "$part/apache-maven-$maven" "$1/"
}

sha512() { # FILE
  if has sha512sum; then sha512sum "$1"; else shasum -a 512 "$1"; fi | cut -d ' ' -f 1
}

has() { command -v "$1" >/dev/null; }

fail() { # CODE SENTENCE
  echo "$2" >&2
  exit "$1"
}

main "$@"
