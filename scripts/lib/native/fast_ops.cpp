// Norm, rope, attention and the gate of an MLP on a CPU, in the place of MLX's compositions of single operations, each of
// which is one pass over memory by one thread.
#include "own_ops.h"

#include "mlx/c/error.h"
#include "mlx/c/fast.h"
#include "mlx/c/private/mlx.h"
#include "mlx/mlx.h"

#if defined(__x86_64__) && defined(__linux__)
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "kernels.h"
#include "layout.h"
#include "mlx/backend/cpu/encoder.h"
#include "mlx/primitives.h"
#include "workers.h"

namespace hbar {
namespace {

using namespace mlx::core;

constexpr int64_t SMALL = 1 << 14;  // numbers that one thread is done with before another is awake
constexpr int QUERY_ROWS = 192;     // rows, heads times queries, of a block: measured
constexpr int SPLIT_KEYS = 512;     // from which, and into which, the keys of a single query are shared out

/** An operation on float32 arrays whose kernel is made when MLX knows where they lie. */
class OwnOp : public UnaryPrimitive {
 public:
  using Task = std::function<void()>;

  explicit OwnOp(Stream stream) : UnaryPrimitive(stream) {}

  void eval_cpu(const std::vector<array>& inputs, array& out) override {
    out.set_data(allocator::malloc(out.nbytes()));
    if (out.size() > 0) {
      // The task holds no array: MLX keeps inputs and outputs alive until the stream is past it.
      cpu::get_command_encoder(stream()).dispatch(task(inputs, out.data<float>()));
    }
  }

  void eval_gpu(const std::vector<array>&, array&) override {
    throw std::runtime_error(std::string("[") + name() + "] is for a CPU");
  }

 protected:
  virtual Task task(const std::vector<array>& inputs, float* out) const = 0;
};

/** Rows of x that a thread takes at a time. */
int64_t rowsEach(int64_t rows, int64_t width) {
  return rows * width < SMALL ? rows : std::max<int64_t>(1, SMALL / 2 / width);
}

/** work(from, to) over all rows, by several threads where it pays. */
template <class Work>
void shareRows(int64_t rows, int64_t width, const Work& work) {
  const int64_t each = rowsEach(rows, width);
  Workers::all().share(int((rows + each - 1) / each), [&](int part) {
    work(part * each, std::min(rows, (part + 1) * each));
  });
}

/** Numbers whose rows can be read: where they lie, or a copy of them in order. */
class Rows {
 public:
  Rows(const array& a) : at_(a.data<float>()), lie_(a), inOrder_(a.flags().row_contiguous) {}

  /** Called by the task: a copy is made only then. */
  void open() {
    if (!inOrder_ && !lie_.hasWholeRows()) {
      copy_ = lie_.gathered(at_);
      at_ = copy_.data();
      inOrder_ = true;
    }
  }

  const float* row(int64_t i) const { return at_ + (inOrder_ ? i * lie_.shape.back() : lie_.row(i)); }

 private:
  const float* at_;
  Layout lie_;
  bool inOrder_;
  std::vector<float> copy_;
};

class OwnRmsNorm : public OwnOp {
 public:
  OwnRmsNorm(Stream stream, float eps) : OwnOp(stream), eps_(eps) {}
  const char* name() const override { return "HbarRmsNorm"; }
  bool is_equivalent(const Primitive& other) const override { return eps_ == static_cast<const OwnRmsNorm&>(other).eps_; }

 protected:
  Task task(const std::vector<array>& inputs, float* out) const override {
    const int width = inputs[0].shape(-1);
    const int64_t rows = inputs[0].size() / width;
    return [x = Rows(inputs[0]), weight = Rows(inputs[1]), out, width, rows, eps = eps_]() mutable {
      x.open();
      weight.open();
      shareRows(rows, width, [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; i++) Kernels::chosen()->rmsNorm(x.row(i), weight.row(0), out + i * width, width, eps);
      });
    };
  }

 private:
  float eps_;
};

class OwnGated : public OwnOp {
 public:
  OwnGated(Stream stream, Gate gate) : OwnOp(stream), gate_(gate) {}
  const char* name() const override { return "HbarGated"; }
  bool is_equivalent(const Primitive& other) const override { return gate_ == static_cast<const OwnGated&>(other).gate_; }

 protected:
  Task task(const std::vector<array>& inputs, float* out) const override {
    const int width = inputs[0].shape(-1);
    const int64_t rows = inputs[0].size() / width;
    return [x = Rows(inputs[0]), up = Rows(inputs[1]), out, width, rows, gate = gate_]() mutable {
      x.open();
      up.open();
      shareRows(rows, width, [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; i++) Kernels::chosen()->gated(gate, x.row(i), up.row(i), out + i * width, width);
      });
    };
  }

 private:
  Gate gate_;
};

/** What softmax(logits) gives of each row [V] and its chosen token: see own_ops.h. */
class OwnSoftmaxSums : public OwnOp {
 public:
  static constexpr int NUMBERS = 7;

  explicit OwnSoftmaxSums(Stream stream) : OwnOp(stream) {}
  const char* name() const override { return "HbarSoftmaxSums"; }
  bool is_equivalent(const Primitive&) const override { return true; }

 protected:
  /** Inputs: logits [B, V] and tokens [B] of 32 bits. */
  Task task(const std::vector<array>& inputs, float* out) const override {
    return [z = Rows(inputs[0]), tokens = inputs[1].data<uint32_t>(), stride = inputs[1].strides()[0], out,
            rows = inputs[0].shape(0), width = inputs[0].shape(1)]() mutable {
      z.open();
      const int parts = (width + PART - 1) / PART;
      const auto length = [&](int part) { return std::min(PART, width - part * PART); };
      std::vector<float> most(rows * parts);
      each(rows * parts, [&](int i) {
        most[i] = Kernels::chosen()->greatest(z.row(i / parts) + i % parts * PART, length(i % parts));
      });
      std::vector<std::array<double, 6>> sums(rows * parts);
      each(rows * parts, [&](int i) {
        const int row = i / parts, part = i % parts;
        sums[i] = others(z.row(row) + part * PART, length(part), int64_t(tokens[row * stride]) - part * PART,
                         *std::max_element(&most[row * parts], &most[row * parts] + parts));
      });
      for (int row = 0; row < rows; row++) {
        const int64_t token = tokens[row * stride];
        const float greatest = *std::max_element(&most[row * parts], &most[row * parts] + parts);
        const float shift = token < width ? z.row(row)[token] - greatest : NAN;
        join(&sums[row * parts], parts, width, shift, out + row * NUMBERS);
      }
    };
  }

 private:
  static constexpr int PART = 8192;  // numbers that are summed up at a time, whatever the threads are
  static constexpr int FEW = 8;      // parts that one thread is done with in 40 microseconds

  template <class Work>
  static void each(int parts, const Work& work) {
    if (parts > FEW) return Workers::all().share(parts, work);
    for (int part = 0; part < parts; part++) work(part);
  }

  /** The sums over a part of a row without the chosen token, which may lie in it. */
  static std::array<double, 6> others(const float* z, int n, int64_t chosen, float greatest) {
    std::array<double, 6> sums{};
    const int64_t before = chosen < 0 || chosen >= n ? n : chosen;
    Kernels::chosen()->softmaxSums(z, before, greatest, sums.data());
    if (before < n) Kernels::chosen()->softmaxSums(z + before + 1, n - before - 1, greatest, sums.data());
    return sums;
  }

  static void join(const std::array<double, 6>* sums, int parts, int width, float shift, float* out) {
    std::array<double, 6> all{};
    for (int part = 0; part < parts; part++) {
      for (int sum = 0; sum < 6; sum++) all[sum] += sums[part][sum];
    }
    const double d = shift, e = std::exp(d), quarter = std::exp(d / 4);
    const double numbers[NUMBERS] = {d, all[0], all[1], all[2] + e * d, all[3] + quarter, all[4] + quarter * quarter, (all[5] + d) / width};
    std::copy_n(numbers, NUMBERS, out);
  }
};

/** How heads turn: x [B, H, T, D], position (offset of its row + t) * scale, inverse frequencies [dims / 2]. */
struct Turn {
  int heads, length, size, dims;
  bool neighbours;
  float scale;
  std::vector<float> inverse;

  /** One head's vector at the angles whose cosines and sines are given. */
  void apply(const float* x, int64_t stride, float* y, const float* cosines, const float* sines) const {
    const int half = dims / 2;
    for (int i = 0; i < half; i++) {
      const int first = neighbours ? 2 * i : i, second = neighbours ? 2 * i + 1 : i + half;
      const float a = x[first * stride], b = x[second * stride];
      y[first] = a * cosines[i] - b * sines[i];
      y[second] = a * sines[i] + b * cosines[i];
    }
    for (int i = dims; i < size; i++) y[i] = x[i * stride];
  }

  /** Position t of one row of the batch, all heads. */
  void position(const float* x, const Strides& s, float* y, int t, int offset) const {
    thread_local std::vector<float> angles;
    const int half = dims / 2;
    angles.resize(2 * half);
    const float position = float(t + offset) * scale;
    for (int i = 0; i < half; i++) {
      const float angle = position * inverse[i];
      angles[i] = std::cos(angle);
      angles[half + i] = std::sin(angle);
    }
    for (int h = 0; h < heads; h++) {
      apply(x + h * s[1] + t * s[2], s[3], y + (int64_t(h) * length + t) * size, angles.data(), angles.data() + half);
    }
  }
};

class OwnRope : public OwnOp {
 public:
  OwnRope(Stream stream, int dims, bool neighbours, float base, float scale)
      : OwnOp(stream), dims_(dims), neighbours_(neighbours), base_(base), scale_(scale) {}
  const char* name() const override { return "HbarRope"; }
  bool is_equivalent(const Primitive& other) const override {
    auto& same = static_cast<const OwnRope&>(other);
    return dims_ == same.dims_ && neighbours_ == same.neighbours_ && base_ == same.base_ && scale_ == same.scale_;
  }

 protected:
  /** Inputs: x, offsets int32 [B] or [1], and periods [dims / 2] where no base is given (0). */
  Task task(const std::vector<array>& inputs, float* out) const override {
    const array& x = inputs[0];
    Turn turn{x.shape(1), x.shape(2), x.shape(3), dims_, neighbours_, scale_, {}};
    const float* periods = inputs.size() > 2 ? inputs[2].data<float>() : nullptr;
    const int64_t period = periods ? inputs[2].strides()[0] : 0;
    const int64_t offset = inputs[1].ndim() == 0 || inputs[1].size() == 1 ? 0 : inputs[1].strides()[0];
    return [turn, periods, period, offset, base = base_, from = x.data<float>(), offsets = inputs[1].data<int32_t>(),
            strides = x.strides(), batch = x.shape(0), out]() mutable {
      for (int i = 0; i < turn.dims / 2; i++) {
        turn.inverse.push_back(periods ? 1 / periods[i * period] : float(std::pow(double(base), -2.0 * i / turn.dims)));
      }
      const int64_t each = int64_t(turn.heads) * turn.length * turn.size;
      shareRows(int64_t(batch) * turn.length, turn.heads * turn.size, [&](int64_t first, int64_t last) {
        for (int64_t i = first; i < last; i++) {
          const int64_t b = i / turn.length;
          turn.position(from + b * strides[0], strides, out + b * each, int(i % turn.length), offsets[b * offset]);
        }
      });
    };
  }

 private:
  int dims_;
  bool neighbours_;
  float base_, scale_;
};

void byQueries(const Attention& a, int batch) {
  const int each = std::clamp(QUERY_ROWS * a.kvHeads / a.heads, 1, a.length);
  const int blocks = (a.length + each - 1) / each, heads = batch * a.kvHeads;
  // The last queries see the most keys: they go first, so that threads end together.
  Workers::all().share(heads * blocks, [&](int part) {
    const int block = blocks - 1 - part / heads, head = part % heads;
    Kernels::chosen()->attend(a, head / a.kvHeads, head % a.kvHeads, block * each, std::min(a.length, (block + 1) * each), 0,
                              a.keys, nullptr);
  });
}

/** One query of each head: its keys are shared out, in ranges that do not depend on the number of threads. */
void byKeys(const Attention& a, int batch) {
  const int ranges = (a.keys + SPLIT_KEYS - 1) / SPLIT_KEYS, heads = batch * a.kvHeads, perHead = a.heads / a.kvHeads;
  const size_t width = a.valueSize + 2, each = perHead * width;
  std::vector<float> partial(heads * ranges * each);
  Workers::all().share(heads * ranges, [&](int part) {
    const int head = part / ranges, first = part % ranges * SPLIT_KEYS;
    Kernels::chosen()->attend(a, head / a.kvHeads, head % a.kvHeads, 0, 1, first, std::min(a.keys, first + SPLIT_KEYS),
                              partial.data() + part * each);
  });
  for (int row = 0; row < heads * perHead; row++) {
    const float* first = partial.data() + row / perHead * ranges * each + row % perHead * width;
    float greatest = first[a.valueSize];
    for (int i = 1; i < ranges; i++) greatest = std::max(greatest, first[i * each + a.valueSize]);
    float shares = 0;
    float* out = a.out + size_t(row) * a.valueSize;
    std::fill_n(out, a.valueSize, 0.0f);
    for (int i = 0; i < ranges; i++) {
      const float* some = first + i * each;
      const float scale = std::exp(some[a.valueSize] - greatest);
      shares += scale * some[a.valueSize + 1];
      for (int d = 0; d < a.valueSize; d++) out[d] += scale * some[d];
    }
    for (int d = 0; d < a.valueSize; d++) out[d] /= shares;
  }
}

class OwnAttention : public OwnOp {
 public:
  OwnAttention(Stream stream, float scale, bool causal) : OwnOp(stream), scale_(scale), causal_(causal) {}
  const char* name() const override { return "HbarAttention"; }
  bool is_equivalent(const Primitive& other) const override {
    auto& same = static_cast<const OwnAttention&>(other);
    return scale_ == same.scale_ && causal_ == same.causal_;
  }

 protected:
  Task task(const std::vector<array>& inputs, float* out) const override {
    const array &q = inputs[0], &k = inputs[1], &v = inputs[2];
    Attention a{};
    a.q = q.data<float>();
    a.k = k.data<float>();
    a.v = v.data<float>();
    a.out = out;
    a.heads = q.shape(1);
    a.kvHeads = k.shape(1);
    a.length = q.shape(2);
    a.keys = k.shape(2);
    a.size = q.shape(3);
    a.valueSize = v.shape(3);
    a.scale = scale_;
    a.causal = causal_;
    std::copy_n(q.strides().begin(), 4, a.qStrides);
    std::copy_n(k.strides().begin(), 4, a.kStrides);
    std::copy_n(v.strides().begin(), 4, a.vStrides);
    if (inputs.size() > 3) {
      const array& mask = inputs[3];
      a.mask = mask.data<float>();
      for (int axis = 4 - int(mask.ndim()), i = 0; axis < 4; axis++, i++) {
        a.maskStrides[axis] = mask.shape(i) == 1 ? 0 : mask.strides()[i];
      }
    }
    return [a, batch = q.shape(0)] { a.length == 1 && a.keys > SPLIT_KEYS ? byKeys(a, batch) : byQueries(a, batch); };
  }

 private:
  float scale_;
  bool causal_;
};

bool isOurs(const array& a) { return a.dtype() == float32 && !a.is_tracer(); }

bool runsHere(const Stream& s) { return s.device == Device::cpu && Kernels::chosen(); }

/** Whether that mask can be read as one of [batch, heads, queries, keys]. */
bool spreads(const array& mask, const Shape& scores) {
  if (!isOurs(mask) || mask.ndim() > 4) return false;
  for (int i = 1; i <= int(mask.ndim()); i++) {
    if (mask.shape(-i) != 1 && mask.shape(-i) != scores[4 - i]) return false;
  }
  return true;
}

bool attends(const array& q, const array& k, const array& v) {
  return isOurs(q) && isOurs(k) && isOurs(v) && q.ndim() == 4 && k.ndim() == 4 && v.ndim() == 4 &&
         k.shape(0) == q.shape(0) && v.shape(0) == q.shape(0) && k.shape(1) == v.shape(1) && k.shape(1) > 0 &&
         q.shape(1) % k.shape(1) == 0 && k.shape(2) == v.shape(2) && k.shape(3) == q.shape(3) && k.shape(2) > 0;
}

template <class Op, class... Arguments>
array made(Shape shape, std::vector<array> inputs, Arguments... arguments) {
  return array(std::move(shape), float32, std::make_shared<Op>(arguments...), std::move(inputs));
}

/** What make returns into res, or 1 after mlx_error. */
template <class Make>
int answered(mlx_array* res, const Make& make) {
  try {
    mlx_array_set_(*res, make());
    return 0;
  } catch (std::exception& e) {
    mlx_error(e.what());
    return 1;
  }
}

bool turns(const array& x, int dims, const Stream& s) {
  return runsHere(s) && isOurs(x) && x.ndim() == 4 && dims > 0 && dims % 2 == 0 && dims <= x.shape(3);
}

bool arePeriods(const array& freqs, int dims) {
  return isOurs(freqs) && freqs.ndim() == 1 && freqs.shape(0) == dims / 2;
}

array turned(const array& x, const array& offsets, int dims, bool traditional, mlx_optional_float base, float scale,
             const mlx_array& freqs, Stream s) {
  std::vector<array> inputs{x, offsets};
  if (freqs.ctx) inputs.push_back(mlx_array_get_(freqs));
  return made<OwnRope>(x.shape(), std::move(inputs), s, dims, traditional, base.has_value ? base.value : 0.0f, scale);
}

}  // namespace
}  // namespace hbar
#endif

extern "C" bool hbar_fast_fits(void) {
#if defined(__x86_64__) && defined(__linux__)
  return hbar::Kernels::chosen() != nullptr;
#else
  return false;
#endif
}

extern "C" int hbar_fast_rms_norm(mlx_array* res, const mlx_array x, const mlx_array weight, float eps, const mlx_stream s) {
#if defined(__x86_64__) && defined(__linux__)
  if (weight.ctx && hbar::runsHere(mlx_stream_get_(s))) {
    const auto &in = mlx_array_get_(x), &factors = mlx_array_get_(weight);
    if (hbar::isOurs(in) && hbar::isOurs(factors) && in.ndim() > 0 && factors.ndim() == 1 && factors.shape(0) == in.shape(-1)) {
      return hbar::answered(res, [&] { return hbar::made<hbar::OwnRmsNorm>(in.shape(), {in, factors}, mlx_stream_get_(s), eps); });
    }
  }
#endif
  return mlx_fast_rms_norm(res, x, weight, eps, s);
}

extern "C" int hbar_fast_rope(mlx_array* res, const mlx_array x, int dims, bool traditional, mlx_optional_float base,
                              float scale, int offset, const mlx_array freqs, const mlx_stream s) {
#if defined(__x86_64__) && defined(__linux__)
  const auto& in = mlx_array_get_(x);
  if (hbar::turns(in, dims, mlx_stream_get_(s)) && base.has_value == !freqs.ctx &&
      (base.has_value || hbar::arePeriods(mlx_array_get_(freqs), dims))) {
    return hbar::answered(res, [&] {
      return hbar::turned(in, mlx::core::array(offset), dims, traditional, base, scale, freqs, mlx_stream_get_(s));
    });
  }
#endif
  return mlx_fast_rope(res, x, dims, traditional, base, scale, offset, freqs, s);
}

extern "C" int hbar_fast_rope_dynamic(mlx_array* res, const mlx_array x, int dims, bool traditional,
                                      mlx_optional_float base, float scale, const mlx_array offset, const mlx_array freqs,
                                      const mlx_stream s) {
#if defined(__x86_64__) && defined(__linux__)
  const auto &in = mlx_array_get_(x), &first = mlx_array_get_(offset);
  if (hbar::turns(in, dims, mlx_stream_get_(s)) && first.dtype() == mlx::core::int32 && !first.is_tracer() && first.ndim() < 2 &&
      (first.size() == 1 || first.size() == size_t(in.shape(0))) && base.has_value == !freqs.ctx &&
      (base.has_value || hbar::arePeriods(mlx_array_get_(freqs), dims))) {
    return hbar::answered(res, [&] { return hbar::turned(in, first, dims, traditional, base, scale, freqs, mlx_stream_get_(s)); });
  }
#endif
  return mlx_fast_rope_dynamic(res, x, dims, traditional, base, scale, offset, freqs, s);
}

extern "C" int hbar_fast_scaled_dot_product_attention(mlx_array* res, const mlx_array queries, const mlx_array keys,
                                                      const mlx_array values, float scale, const char* mask_mode,
                                                      const mlx_array mask_arr, const mlx_array sinks, bool force_fused,
                                                      const mlx_stream s) {
#if defined(__x86_64__) && defined(__linux__)
  const auto &q = mlx_array_get_(queries), &k = mlx_array_get_(keys), &v = mlx_array_get_(values);
  const bool causal = strcmp(mask_mode, "causal") == 0;
  if (hbar::runsHere(mlx_stream_get_(s)) && !sinks.ctx && hbar::attends(q, k, v) && !(causal && mask_arr.ctx) &&
      !(causal && q.shape(2) > k.shape(2)) &&
      (!mask_arr.ctx || hbar::spreads(mlx_array_get_(mask_arr), {q.shape(0), q.shape(1), q.shape(2), k.shape(2)}))) {
    return hbar::answered(res, [&] {
      std::vector<mlx::core::array> inputs{q, k, v};
      if (mask_arr.ctx) inputs.push_back(mlx_array_get_(mask_arr));
      return hbar::made<hbar::OwnAttention>({q.shape(0), q.shape(1), q.shape(2), v.shape(3)}, std::move(inputs),
                                            mlx_stream_get_(s), scale, causal);
    });
  }
#endif
  return mlx_fast_scaled_dot_product_attention(res, queries, keys, values, scale, mask_mode, mask_arr, sinks, force_fused, s);
}

extern "C" int hbar_fast_gated(mlx_array* res, const mlx_array x, const mlx_array up, int kind, const mlx_stream s) {
  using namespace mlx::core;
  try {
    const auto &in = mlx_array_get_(x), &wide = mlx_array_get_(up);
    const Stream stream = mlx_stream_get_(s);
#if defined(__x86_64__) && defined(__linux__)
    if (hbar::runsHere(stream) && hbar::isOurs(in) && hbar::isOurs(wide) && in.shape() == wide.shape() && in.ndim() > 0) {
      mlx_array_set_(*res, hbar::made<hbar::OwnGated>(in.shape(), {in, wide}, stream, hbar::Gate(kind)));
      return 0;
    }
#endif
    // x Phi(x) as its approximation has it: x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3))
    const array inner = kind == 0 ? in
                                  : multiply(in, add(multiply(square(in, stream), array(0.0713548162726f, in.dtype()), stream),
                                                     array(1.59576912161f, in.dtype()), stream), stream);
    mlx_array_set_(*res, multiply(multiply(in, sigmoid(inner, stream), stream), wide, stream));
    return 0;
  } catch (std::exception& e) {
    mlx_error(e.what());
    return 1;
  }
}

extern "C" int hbar_softmax_sums(mlx_array* res, const mlx_array logits, const mlx_array tokens, const mlx_stream s) {
#if defined(__x86_64__) && defined(__linux__)
  const auto &z = mlx_array_get_(logits), &chosen = mlx_array_get_(tokens);
  if (hbar::runsHere(mlx_stream_get_(s)) && hbar::isOurs(z) && z.ndim() == 2 && z.shape(1) > 0 && chosen.ndim() == 1 &&
      chosen.shape(0) == z.shape(0) && (chosen.dtype() == mlx::core::int32 || chosen.dtype() == mlx::core::uint32) &&
      !chosen.is_tracer()) {
    return hbar::answered(res, [&] {
      return hbar::made<hbar::OwnSoftmaxSums>({z.shape(0), hbar::OwnSoftmaxSums::NUMBERS}, {z, chosen}, mlx_stream_get_(s));
    });
  }
#endif
  mlx_error("[hbar_softmax_sums] takes float32 logits [B, V] and 32-bit tokens [B] on a CPU that has the kernels");
  return 1;
}
