# shellcheck shell=bash disable=SC2154 # said: see expect.sh
# Which wheel fits which machine: the branches that this machine does not take are tried here as well.
# shellcheck source=scripts/lib/native.sh
. "$HBAR_ROOT/scripts/lib/native.sh"

wheel_is() { [ "${said##* }" = "$1" ] || fail "expected $1, got ${said##* }"; }

test_linux_x86_64_getsTheCpuWheel() {
  accepted native_wheel Linux x86_64 0 pinned
  wheel_is "mlx_cpu-$MLX_VERSION-py3-none-manylinux_2_35_x86_64.whl"
}

test_linux_arm64_getsItsOwnCpuWheel() {
  accepted native_wheel Linux aarch64 0 pinned
  wheel_is "mlx_cpu-$MLX_VERSION-py3-none-manylinux_2_35_aarch64.whl"
}

test_eachMacOs_getsTheNewestMetalWheelItCanLoad() {
  local pair
  for pair in 14:14 14.7.1:14 15:15 16:15 26:15 26.1:15 26.2:26 26.10:26 27:26 27.0.1:26; do
    accepted native_wheel Darwin arm64 "${pair%:*}" pinned
    wheel_is "mlx_metal-$MLX_VERSION-py3-none-macosx_${pair#*:}_0_arm64.whl"
  done
}

test_cudaAskedFor_isTheCudaWheelOnLinuxOnly() {
  accepted native_wheel Linux x86_64 0 cuda-12
  wheel_is "mlx_cuda_12-$MLX_VERSION-py3-none-manylinux_2_35_x86_64.whl"
  refused native_wheel Darwin arm64 15 cuda-12
  one_line
  says 'Linux only'
}

test_everyWheelThatCanBeChosen_isPinned() {
  local machine variant
  for machine in 'Linux x86_64 0' 'Linux aarch64 0'; do
    for variant in pinned cuda-12 cuda-13; do
      # shellcheck disable=SC2086
      accepted native_wheel $machine $variant
      accepted pinned_sha256 "${said##* }"
      [ ${#said} -eq 64 ] || fail "no sha256: $said"
    done
  done
  for machine in 14 15 26 26.2; do
    accepted native_wheel Darwin arm64 $machine pinned
    accepted pinned_sha256 "${said##* }"
  done
}

test_machineWithoutWheel_isRefusedInOneLine() {
  refused native_wheel Darwin x86_64 15 pinned
  one_line
  says 'Apple silicon'
  refused native_wheel Darwin arm64 13 pinned
  one_line
  says 'macOS 14 or newer'
  refused native_wheel Linux riscv64 0 pinned
  one_line
  says 'not published for Linux on riscv64'
}
