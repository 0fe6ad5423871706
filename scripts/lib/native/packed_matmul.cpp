// x [..., columns] float32 times the transposed packed matrix [rows, columns] on a CPU.
//
// MLX's own packed CPU kernel is slower than BLAS on the unpacked matrix, and the unpacked matrix moves 4 to 8 times
// the bytes. Up to FEW vectors are multiplied with the packed numbers as they lie. For more, rows are unpacked a tile
// at a time. Sums are float32. A vector's answer does not depend on the number of threads, nor on how many others there
// are, as long as they are FEW, or more than FEW, alike.
//
// The primitive runs in MLX's graph on MLX's streams like any other. x86-64 only: elsewhere hbar_quantized_matmul_fits says no.
#include "own_ops.h"

#include "mlx/c/ops.h"

#if defined(__x86_64__) && defined(__linux__)
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "mlx/backend/cpu/encoder.h"
#include "mlx/c/error.h"
#include "mlx/c/private/mlx.h"
#include "mlx/mlx.h"
#include "mlx/primitives.h"
#include "kernels.h"
#include "layout.h"
#include "workers.h"

namespace hbar {
namespace {

using namespace mlx::core;

constexpr int FEW = 12;                // measured: beyond, unpacking pays
constexpr int SHARE = 512;             // rows that a thread takes at most at a time; one after another, as memory likes it
constexpr int BLOCK = 96;              // vectors that a thread takes at a time
constexpr size_t TILE = size_t(1) << 20;  // numbers of an unpacked tile: 4 MiB, so that it stays in the cache

void few(const Kernels& kernels, const Packed& p, const float* x, float* y, int count) {
  thread_local std::vector<float> arranged, sums;
  const int groups = p.columns / p.group;
  arranged.resize(size_t(count) * p.columns);
  sums.resize(size_t(count) * groups);
  for (int t = 0; t < count; t++) {
    kernels.arrange(x + size_t(t) * p.columns, p, arranged.data() + size_t(t) * p.columns, sums.data() + size_t(t) * groups);
  }
  const float *vectors = arranged.data(), *totals = sums.data();
  const int threads = Workers::all().threads();
  const int parts = threads * ((p.rows + threads * SHARE - 1) / (threads * SHARE)), share = (p.rows + parts - 1) / parts;
  Workers::all().share(parts, [&](int part) {
    kernels.multiply(p, part * share, std::min(p.rows, (part + 1) * share), vectors, totals, y, count);
  });
}

void many(const Kernels& kernels, const Packed& p, const float* x, float* y, int count) {
  thread_local std::vector<float> tile;
  const int panel = kernels.panelRows, all = (p.rows + panel - 1) / panel;
  const int panels = std::min<int>(all, std::max<size_t>(1, TILE / p.columns / panel));
  tile.resize(size_t(panels) * panel * p.columns);
  float* unpacked = tile.data();
  const int blocks = (count + BLOCK - 1) / BLOCK;
  for (int from = 0; from < all; from += panels) {
    const int here = std::min(panels, all - from);
    Workers::all().share(here, [&](int part) {
      kernels.unpack(p, (from + part) * panel, unpacked + size_t(part) * panel * p.columns);
    });
    Workers::all().share(here * blocks, [&](int part) {
      const int row = (from + part / blocks) * panel, first = part % blocks * BLOCK;
      kernels.product(x + size_t(first) * p.columns, p.columns, unpacked + size_t(part / blocks) * panel * p.columns,
                      y + size_t(first) * p.rows + row, p.rows, std::min(BLOCK, count - first), p.columns,
                      std::min(panel, p.rows - row));
    });
  }
}

class PackedMatmul : public UnaryPrimitive {
 public:
  PackedMatmul(Stream stream, int group, int bits) : UnaryPrimitive(stream), group_(group), bits_(bits) {}

  void eval_cpu(const std::vector<array>& inputs, array& out) override {
    out.set_data(allocator::malloc(out.nbytes()));
    if (out.size() == 0) {
      return;
    }
    const array &x = inputs[0], &w = inputs[1];
    const int columns = x.shape(-1), count = int(x.size() / columns);
    Packed p{w.data<uint8_t>(), inputs[2].data<float>(), inputs[3].data<float>(), w.shape(0), columns, group_, bits_};
    // The task holds no array: MLX keeps inputs and outputs alive until the stream is past it.
    auto& encoder = cpu::get_command_encoder(stream());
    if (x.flags().row_contiguous) {
      encoder.dispatch([p, from = x.data<float>(), to = out.data<float>(), count] { multiply(p, from, to, count); });
    } else {
      encoder.dispatch([p, from = x.data<float>(), to = out.data<float>(), count, lie = Layout(x)] {
        multiply(p, lie.gathered(from).data(), to, count);
      });
    }
  }

  void eval_gpu(const std::vector<array>&, array&) override {
    throw std::runtime_error("[hbar_quantized_matmul] is for a CPU");
  }

  const char* name() const override { return "HbarPackedMatmul"; }

  bool is_equivalent(const Primitive& other) const override {
    auto& same = static_cast<const PackedMatmul&>(other);
    return group_ == same.group_ && bits_ == same.bits_;
  }

 private:
  static void multiply(const Packed& p, const float* x, float* y, int count) {
    const Kernels& kernels = *Kernels::chosen();
    count <= FEW ? few(kernels, p, x, y, count) : many(kernels, p, x, y, count);
  }

  int group_, bits_;
};

/** A weight that lies in order is taken as it is: one more operation for each would cost as much as a small product. */
array in_order(const array& weight, Stream s) {
  return weight.is_available() && weight.flags().row_contiguous ? weight : contiguous(weight, false, s);
}

bool are_ours(const array& x, const array& w, const array& scales, const Stream& s) {
  return x.dtype() == float32 && scales.dtype() == float32 && w.dtype() == uint32 && w.ndim() == 2 && x.ndim() > 0 &&
         s.device == Device::cpu;
}

array product(const array& x, const array& w, const array& scales, const array& biases, int group, int bits, Stream s) {
  const int columns = w.shape(1) * 32 / bits, rows = w.shape(0);
  if (x.shape(-1) != columns || biases.dtype() != float32 || scales.shape() != Shape{rows, columns / group} || biases.shape() != scales.shape()) {
    throw std::invalid_argument("[hbar_quantized_matmul] x, weight, scales and biases do not fit each other");
  }
  Shape shape = x.shape();
  shape.back() = rows;
  std::vector<array> inputs{x, in_order(w, s), in_order(scales, s), in_order(biases, s)};
  return array(std::move(shape), float32, std::make_shared<PackedMatmul>(s, group, bits), std::move(inputs));
}

}  // namespace
}  // namespace hbar
#endif

extern "C" bool hbar_quantized_matmul_fits(int group_size, int bits) {
#if defined(__x86_64__) && defined(__linux__)
  return hbar::Kernels::chosen() != nullptr && (bits == 4 || bits == 8) && group_size >= 32 && group_size % 32 == 0;
#else
  return false;
#endif
}

extern "C" int hbar_quantized_matmul(mlx_array* res, const mlx_array x, const mlx_array w, const mlx_array scales,
                                     const mlx_array biases, bool transpose, mlx_optional_int group_size,
                                     mlx_optional_int bits, const char* mode, const mlx_stream s) {
#if defined(__x86_64__) && defined(__linux__)
  try {
    if (transpose && biases.ctx && strcmp(mode, "affine") == 0 && hbar_quantized_matmul_fits(group_size.value, bits.value) &&
        hbar::are_ours(mlx_array_get_(x), mlx_array_get_(w), mlx_array_get_(scales), mlx_stream_get_(s))) {
      mlx_array_set_(*res, hbar::product(mlx_array_get_(x), mlx_array_get_(w), mlx_array_get_(scales),
                                         mlx_array_get_(biases), group_size.value, bits.value, mlx_stream_get_(s)));
      return 0;
    }
  } catch (std::exception& e) {
    mlx_error(e.what());
    return 1;
  }
#endif
  return mlx_quantized_matmul(res, x, w, scales, biases, transpose, group_size, bits, mode, s);
}
