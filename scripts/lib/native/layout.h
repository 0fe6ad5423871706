// Where the numbers of an array lie.
#pragma once
#include <vector>

#include "mlx/mlx.h"

namespace hbar {

/** Shape and strides, in numbers, of an array that MLX keeps alive. */
struct Layout {
  mlx::core::Shape shape;
  mlx::core::Strides strides;

  explicit Layout(const mlx::core::array& a) : shape(a.shape()), strides(a.strides()) {}

  /** All numbers in order. */
  std::vector<float> gathered(const float* x) const {
    std::vector<float> all;
    std::vector<int> index(shape.size(), 0);
    for (int axis = 0; axis >= 0;) {
      int64_t at = 0;
      for (size_t i = 0; i < index.size(); i++) at += index[i] * strides[i];
      all.push_back(x[at]);
      for (axis = int(index.size()) - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
    }
    return all;
  }

  /** The numbers of the last axis lie side by side. */
  bool hasWholeRows() const { return strides.back() == 1 || shape.back() == 1; }

  /** Where row i of the last axis begins. */
  int64_t row(int64_t i) const {
    int64_t at = 0;
    for (int axis = int(shape.size()) - 2; axis >= 0; axis--) {
      at += i % shape[axis] * strides[axis];
      i /= shape[axis];
    }
    return at;
  }
};

}  // namespace hbar
