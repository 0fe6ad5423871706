# shellcheck shell=bash
# The tools that set-up needs: which are missing, and the one command that installs them.

# shellcheck disable=SC2034 # for scripts/setup
{
  JAVA_TOOLS='jdk maven python fonts'
  NATIVE_TOOLS='cmake make cargo pip compiler openblas'
}

# has_program NAME: without the Command Line Tools macOS has some in /usr/bin that only open a dialog; they are not taken for the tool.
has_program() {
  command -v "$1" >/dev/null || return 1
  [ "$(uname -s)" != Darwin ] || [ "$(command -v "$1")" != "/usr/bin/$1" ] || xcode-select -p >/dev/null 2>&1
}

has_jdk() { find_jdk; }
has_maven() { has_program mvn; }
has_cmake() { has_program cmake; }
has_make() { has_program make; }
# It only fetches mlx-c's source: what is kept already, or laid there by hand, needs none.
has_cargo() { has_kept_crate || { cargo --version >/dev/null 2>&1 && rustc --version >/dev/null 2>&1; }; }
# rustup's stand-in for cargo is there before any toolchain is.
cargo_without_toolchain() { command -v cargo >/dev/null && ! cargo --version >/dev/null 2>&1; }
has_kept_crate() {
  local kept=$HBAR_HOME/downloads/mlx-sys-$MLX_C_VERSION.crate
  [ -f "$kept" ] && [ "$(sha256_of "$kept")" = "$MLX_SYS_CRATE_SHA256" ]
}
has_python() { has_program python3; }
has_pip() { has_python && python3 -m pip --version >/dev/null 2>&1; }
has_compiler() { has_program c++ && compiles; }
# macOS brings a fast BLAS (Accelerate) and fonts; elsewhere Java draws plots with what fontconfig knows.
has_openblas() { [ "$(uname -s)" = Darwin ] || compiles -lopenblas; }
has_fonts() { [ "$(uname -s)" = Darwin ] || [ -n "$(fc-list 2>/dev/null | head -n 1)" ]; }

# compiles [FLAG]: whether a C++20 program is compiled and linked.
compiles() {
  local program status=0
  program=$(mktemp "${TMPDIR:-/tmp}/hbar-compiles.XXXXXX")
  echo 'int main() { return 0; }' | c++ -std=c++20 -x c++ - "$@" -o "$program" 2>/dev/null || status=1
  rm -f "$program"
  return $status
}

# missing_tools TOOL...: those that are not there.
missing_tools() {
  local tool
  for tool in "$@"; do
    "has_$tool" || printf '%s ' "$tool"
  done
}

# package_manager: the one this machine has, of those whose package names are known here.
package_manager() {
  local each
  for each in apt-get brew dnf pacman; do
    if command -v "$each" >/dev/null; then
      echo "$each"
      return
    fi
  done
  echo none
}

# packages MANAGER TOOL...: the packages that bring the tools. Debian 12 has no JDK 25; Apple's compiler and make are no packages.
packages() {
  local manager=$1 tool
  shift
  for tool in "$@"; do
    case $manager-$tool in
      none-* | brew-compiler | brew-make) ;;
      apt-get-jdk) [ -z "$(apt-cache show openjdk-25-jdk-headless 2>/dev/null)" ] || printf 'openjdk-25-jdk-headless ' ;;
      apt-get-compiler) printf 'g++ ' ;;
      apt-get-python) printf 'python3 ' ;;
      *-pip) case $manager in pacman) printf 'python-pip ' ;; brew) printf 'python ' ;; *) printf 'python3-pip ' ;; esac ;;
      apt-get-openblas) printf 'libopenblas-dev ' ;;
      apt-get-fonts) printf 'fontconfig fonts-dejavu-core ' ;;
      brew-jdk) printf 'openjdk@25 ' ;;
      brew-cargo | pacman-cargo) printf 'rust ' ;;
      dnf-jdk) printf 'java-25-openjdk-devel ' ;;
      dnf-compiler) printf 'gcc-c++ ' ;;
      dnf-python) printf 'python3 ' ;;
      dnf-openblas) printf 'openblas-devel ' ;;
      dnf-fonts) printf 'fontconfig dejavu-sans-fonts ' ;;
      pacman-jdk) printf 'jdk25-openjdk ' ;;
      pacman-compiler) printf 'gcc ' ;;
      pacman-fonts) printf 'fontconfig ttf-dejavu ' ;;
      *) printf '%s ' "$tool" ;;
    esac
  done
}

# install_command MANAGER PACKAGES: the one command that a person would type.
install_command() {
  [ -n "$2" ] || return 0
  case $1 in
    apt-get) echo "apt-get install -y --no-install-recommends $2" ;;
    brew) echo "brew install $2" ;;
    dnf) echo "dnf install -y $2" ;;
    pacman) echo "pacman -S --noconfirm $2" ;;
  esac
}

# need_tools ALLOWED TOOL...: installs what is missing where ALLOWED is yes and the manager is Debian's or Homebrew's;
# what is missing then is named with the command that installs it.
need_tools() {
  local allowed=$1 manager missing names='' command='' as_root=''
  shift
  missing=$(missing_tools "$@")
  manager=$(package_manager)
  if [ -n "$missing" ]; then
    [ "$manager" != apt-get ] || [ "$(id -u)" -eq 0 ] || as_root=sudo
    [ "$manager-$allowed" != apt-get-yes ] || $as_root apt-get update -q
    # shellcheck disable=SC2086 # a list of words, here and below
    names=$(packages "$manager" $missing)
    command=$(install_command "$manager" "${names% }")
    case $manager-$allowed in
      apt-get-yes | brew-yes)
        # shellcheck disable=SC2086
        [ -z "$command" ] || $as_root env DEBIAN_FRONTEND=noninteractive $command
        missing=$(missing_tools "$@")
        ;;
    esac
  fi
  [ -z "$missing" ] || die "$(explain_missing "$missing" "$command")"
  find_jdk || return 0
  note "JDK $JDK_VERSION in $JDK_HOME${names:+; installed ${names% }}"
}

# explain_missing "TOOLS" COMMAND: one line; COMMAND is empty where no package is known.
explain_missing() {
  local how=$2
  if [ "$(uname -s)" = Darwin ]; then
    how=$(explain_missing_on_mac "$1" "$how")
  else
    case " $1-$how" in
      *' jdk '*openjdk*) ;;
      *' jdk '*) how="${how:+$how; }sdk install java 25-tem (Temurin $JDK_WANTED, by SDKMAN)" ;;
    esac
  fi
  case " $1" in
    *' cargo '*) ! cargo_without_toolchain || how="rustup default stable (cargo is here, but has no toolchain)${how:+; $how}" ;;
  esac
  echo "missing: ${1% }; install with: ${how:-the package manager of this system}"
}

# explain_missing_on_mac "TOOLS" COMMAND: what works on a Mac, one step for each kind; without COMMAND there is no Homebrew.
explain_missing_on_mac() {
  local how=$2 each step
  for each in $1; do
    case $each in
      compiler | make) step='xcode-select --install' ;;
      python | pip) step=${2:-xcode-select --install} ;;
      jdk) step=${2:-a JDK $JDK_WANTED for macOS aarch64 from https://adoptium.net} ;;
      maven) step=${2:-Maven from https://maven.apache.org, its bin folder on the PATH} ;;
      cmake) step=${2:-python3 -m pip install --user cmake, its bin folder on the PATH} ;;
      cargo) step=${2:-Rust by rustup, which asks for no password} ;;
      *) step=$2 ;;
    esac
    case "; $how; " in
      *"; $step; "*) ;;
      *) how="${how:+$how; }$step" ;;
    esac
  done
  echo "$how"
}
