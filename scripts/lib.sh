# Shared by the scripts beside it: where things are, which Java runs them, how a command starts.
# Works with bash 3.2 (macOS) and later; needs nothing but a JDK.

set -euo pipefail

readonly JAVA_MIN=21

# The flags of `jvm.flags` in pom.xml: quiet on every Java from 21 on, where native code is loaded and Unsafe is used.
readonly JVM_FLAGS=(
  -XX:+IgnoreUnrecognizedVMOptions
  --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow
)

# The root is the project's in a clone, and the unpacked directory in a distribution.
STATEHOUSE_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
readonly STATEHOUSE_ROOT

say() { printf '%s\n' "$*" >&2; }

die() {
  say "statehouse: $*"
  exit 1
}

is_clone() { [ -f "$STATEHOUSE_ROOT/pom.xml" ]; }

# The jars that run: assembled by scripts/build in a clone, shipped in a distribution.
distribution() {
  if is_clone; then
    printf '%s\n' "${STATEHOUSE_DIST:-$STATEHOUSE_ROOT/dist}"
  else
    printf '%s\n' "$STATEHOUSE_ROOT"
  fi
}

# Prints the major version of the JDK in a directory. Its release file tells sooner than a JVM that is started to ask.
java_major() {
  local version=''
  [ -x "$1/bin/java" ] || return 1
  if [ -f "$1/release" ]; then version="$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release")"; fi
  if [ -z "$version" ]; then version="$("$1/bin/java" -version 2>&1 | awk -F '"' '/ version "/ && !told { print $2; told = 1 }')"; fi
  version="${version#1.}"
  version="${version%%[.+-]*}"
  case "$version" in
    '' | *[!0-9]*) return 1 ;;
  esac
  printf '%s\n' "$version"
}

resolve_link() {
  local path="$1" target hops=0
  while [ -L "$path" ] && [ "$hops" -lt 16 ]; do
    target="$(readlink "$path")"
    case "$target" in
      /*) path="$target" ;;
      *) path="$(dirname "$path")/$target" ;;
    esac
    hops=$((hops + 1))
  done
  printf '%s\n' "$path"
}

# Every place a JDK is usually found, the one the user chose first.
jdk_candidates() {
  local on_path
  if [ -n "${JAVA_HOME:-}" ]; then printf '%s\n' "$JAVA_HOME"; fi
  if on_path="$(command -v javac)" || on_path="$(command -v java)"; then
    dirname "$(dirname "$(resolve_link "$on_path")")"
  fi
  local home
  for home in \
    /usr/lib/jvm/* \
    /usr/java/* \
    /opt/java/* \
    /opt/jdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* \
    "${HOME:-/nonexistent}"/.asdf/installs/java/* \
    "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -d "$home" ]; then printf '%s\n' "$home"; fi
  done
}

# Prints the home of the first JDK that is new enough and can compile.
find_jdk() {
  local home major
  while IFS= read -r home; do
    major="$(java_major "$home")" || continue
    if [ "$major" -ge "$JAVA_MIN" ] && [ -x "$home/bin/javac" ]; then
      printf '%s\n' "$home"
      return 0
    fi
  done <<CANDIDATES
$(jdk_candidates)
CANDIDATES
  return 1
}

require_jdk() {
  find_jdk && return 0
  say "statehouse: no JDK $JAVA_MIN or newer was found (JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN and the like)."
  say "Install one; it need not become the default. For example:"
  say "  Debian 13, Ubuntu:  sudo apt-get install openjdk-21-jdk-headless"
  say "  Fedora:             sudo dnf install java-21-openjdk-devel"
  say "  macOS:              brew install openjdk@21"
  say "  anywhere:           https://sdkman.io, then: sdk install java 21-tem"
  exit 1
}

# Prints the home of the Java that runs the programs: the distribution's own, or a JDK that was found.
runtime_home() {
  local own
  own="$(distribution)/runtime"
  if [ -x "$own/bin/java" ]; then
    printf '%s\n' "$own"
  else
    require_jdk
  fi
}

# Prints the class path of a program in the order its list gives.
class_path() {
  local dist list jar path=''
  dist="$(distribution)"
  list="$dist/lib/$1.classpath"
  [ -f "$list" ] || die "$dist holds no built Statehouse; run ./scripts/build first"
  while IFS= read -r jar; do
    path="$path:$dist/lib/$jar"
  done <"$list"
  printf '%s\n' "${path#:}"
}

# Prints which of RocksDB's native libraries runs here.
native_library() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) printf '%s\n' librocksdbjni-linux64.so ;;
    Linux-aarch64) printf '%s\n' librocksdbjni-linux-aarch64.so ;;
    Darwin-x86_64) printf '%s\n' librocksdbjni-osx-x86_64.jnilib ;;
    Darwin-arm64) printf '%s\n' librocksdbjni-osx-arm64.jnilib ;;
    *) return 1 ;;
  esac
}

# The archive that scripts/warm makes of what a program loads at its start. Each Java needs its own.
startup_archive() { printf '%s/run/%s-java%s.archive\n' "$(distribution)" "$1" "$(java_major "$2")"; }

# Prints the flags that make a program's archive (make FILE) or use it (use FILE), silent where it does not fit.
archive_flags() {
  if [ "$(java_major "$3")" -ge 25 ]; then
    case "$1" in
      make) printf '%s\n' "-XX:AOTCacheOutput=$2" ;;
      use) printf '%s\n' "-XX:AOTCache=$2" '-Xlog:disable' '-Xlog:all=error:stderr' '-Xlog:aot*=off' '-Xlog:cds*=off' ;;
    esac
  else
    case "$1" in
      make) printf '%s\n' "-XX:ArchiveClassesAtExit=$2" ;;
      use) printf '%s\n' "-XX:SharedArchiveFile=$2" '-Xlog:disable' '-Xlog:all=error:stderr' '-Xlog:cds*=off' ;;
    esac
  fi
}

# Before Java 25 an archive builds on one of the JDK's own, which a runtime made by jlink does not have yet.
require_base_archive() {
  if [ "$(java_major "$1")" -lt 25 ] && ! ls "$1"/lib/server/classes*.jsa >/dev/null 2>&1; then
    "$1/bin/java" -Xshare:dump >/dev/null 2>&1 || true
  fi
}

# run_java NAME MAIN-CLASS ARGUMENT…: becomes the program. The jars travel in the environment, so that process lists stay
# readable; the symbolic link gives the process its name where the system names it after the file.
run_java() {
  local name="$1" java_home java link_dir archive flags=() flag
  shift
  java_home="$(runtime_home)"
  java="$java_home/bin/java"
  if [ "$(uname -s)" = Linux ]; then
    link_dir="$(distribution)/run"
    if [ ! "$link_dir/$name" -ef "$java" ] && mkdir -p "$link_dir" 2>/dev/null; then
      ln -s "$java" "$link_dir/.$name.$$" 2>/dev/null && mv -f "$link_dir/.$name.$$" "$link_dir/$name" 2>/dev/null || true
    fi
    if [ "$link_dir/$name" -ef "$java" ]; then java="$link_dir/$name"; fi
  fi
  archive="$(startup_archive "$name" "$java_home")"
  if [ -n "${STATEHOUSE_ARCHIVE:-}" ]; then
    while IFS= read -r flag; do flags+=("$flag"); done < <(archive_flags make "$STATEHOUSE_ARCHIVE" "$java_home")
  elif [ -f "$archive" ]; then
    while IFS= read -r flag; do flags+=("$flag"); done < <(archive_flags use "$archive" "$java_home")
  fi
  CLASSPATH="$(class_path "$name")"
  export CLASSPATH
  exec -a "$name" "$java" ${flags[@]+"${flags[@]}"} "$@"
}

# sources_are_older_than STAMP: whether nothing that a build reads has changed since the file was made.
sources_are_older_than() {
  [ -f "$1" ] || return 1
  local newer
  newer="$(find "$STATEHOUSE_ROOT" \
    \( -name .git -o -name target -o -name dist -o -name .statehouse \) -prune -o \
    -type f \( -path '*/src/main/*' -o -name pom.xml \) -newer "$1" -print 2>/dev/null | sed -n 1p)"
  [ -z "$newer" ]
}

# The Maven of the wrapper on the JDK that was found, with Maven's own warnings about newer Javas silenced.
maven() {
  JAVA_HOME="$(require_jdk)" || exit 1
  export JAVA_HOME
  # What `statehousectl version` answers; sources from a tarball have no commit to name.
  local sha
  sha="$(git -C "$STATEHOUSE_ROOT" rev-parse HEAD 2>/dev/null)" || sha=unknown
  MAVEN_OPTS="${JVM_FLAGS[*]} ${MAVEN_OPTS:-}" "$STATEHOUSE_ROOT/mvnw" -f "$STATEHOUSE_ROOT/pom.xml" -B -Dgit.sha="$sha" "$@"
}

# Newer sources do not rebuild here: a command that is asked something should answer it.
build_if_missing() {
  if is_clone && [ ! -f "$(distribution)/lib/statehoused.classpath" ]; then "$STATEHOUSE_ROOT/scripts/build"; fi
}

# Builds Statehouse and what cluster-tests runs on it, if sources changed, in a directory of the harness's own, and leads the
# class path there.
build_harness() {
  STATEHOUSE_DIST="$STATEHOUSE_ROOT/cluster-tests/target/dist"
  export STATEHOUSE_DIST
  local stamp="$STATEHOUSE_DIST/.harness"
  if ! sources_are_older_than "$stamp"; then
    say "Building Statehouse and $1 ..."
    mkdir -p "$STATEHOUSE_DIST"
    : >"$stamp.building"
    maven -q -Dquick -DskipTests -pl cluster-tests -am package >&2
    "$STATEHOUSE_ROOT/scripts/build" --assemble --warm
    # What changed while it was being built is newer than the stamp.
    mv -f "$stamp.building" "$stamp"
  fi
  CLASSPATH="$STATEHOUSE_ROOT/cluster-tests/target/classes:$(cat "$STATEHOUSE_ROOT/cluster-tests/target/runtime.classpath")"
  export CLASSPATH
}
