// MLXConfig.cmake includes it before every file of mlx-c: mlx-c 0.7.0 calls gather_qmm as it was before MLX 0.32.3, which put global_scale
// before the last two parameters.
#pragma once
#include <optional>
#include <string>

#include "mlx/ops.h"

namespace mlx::core {

inline array gather_qmm(
    const array& x, const array& w, const array& scales, const std::optional<array>& biases,
    const std::optional<array>& lhs_indices, const std::optional<array>& rhs_indices, bool transpose,
    std::optional<int> group_size, std::optional<int> bits, const std::string& mode, bool sorted_indices, StreamOrDevice s) {
  return gather_qmm(x, w, scales, biases, lhs_indices, rhs_indices, transpose, group_size, bits, mode, std::nullopt,
                    sorted_indices, s);
}

}  // namespace mlx::core
