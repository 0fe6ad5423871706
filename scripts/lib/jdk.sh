# shellcheck shell=bash disable=SC2034 # JDK_HOME and JDK_VERSION are for the scripts that source this
# Finds a JDK by reading files only: `scripts/hbar` pays for this at every start.

JDK_WANTED=25

usual_jdk_places() {
  JDK_PLACES=(
    /usr/lib/jvm/*
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home
    "${HOME:-}"/.sdkman/candidates/java/*
  )
}

# Sets JDK_HOME to the first JDK that is new enough: JAVA_HOME, the usual places, then PATH.
find_jdk() {
  local place
  usual_jdk_places
  for place in ${JAVA_HOME:+"$JAVA_HOME"} "${JDK_PLACES[@]}"; do
    if jdk_fits "$place"; then
      JDK_HOME=$place
      return
    fi
  done
  place=$(jdk_on_path) && jdk_fits "$place" && JDK_HOME=$place
}

# jdk_fits DIR: whether it is a JDK of the wanted version, made for this kind of processor; leaves JDK_VERSION.
jdk_fits() {
  local line arch=
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  JDK_VERSION=
  while IFS= read -r line; do
    line=${line//\"/}
    case $line in
      JAVA_VERSION=*) JDK_VERSION=${line#*=} ;;
      OS_ARCH=*) arch=${line#*=} ;;
    esac
  done <"$1/release"
  # An x86-64 JDK runs on Apple silicon too, but cannot load MLX.
  case ${OSTYPE}-$arch in darwin*-aarch64) ;; darwin*) return 1 ;; esac
  line=${JDK_VERSION%%[!0-9]*}
  [ "${line:-0}" -ge "$JDK_WANTED" ]
}

jdk_on_path() {
  local javac target
  javac=$(command -v javac) || return 1
  while [ -L "$javac" ]; do # older macOS has no readlink -f
    target=$(readlink "$javac")
    javac=$(cd "$(dirname "$javac")" && cd "$(dirname "$target")" && pwd -P)/${target##*/}
  done
  dirname "$(dirname "$javac")"
}
