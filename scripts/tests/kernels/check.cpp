// Both instruction sets of scripts/lib/native/kernels.cpp against sums in double: a machine runs only the better one.
#include "kernels.cpp"

#include <cstdio>
#include <functional>
#include <random>

namespace {

using namespace hbar;

std::mt19937 draw(1);
int faults = 0;

std::vector<float> normal(size_t n) {
  std::normal_distribution<float> of;
  std::vector<float> all(n);
  for (float& x : all) x = of(draw);
  return all;
}

/** Every got[i] within 4e-6 of want(i), relative to 1 + |want|. */
void require(const char* set, const char* what, const std::vector<float>& got, const std::function<double(size_t)>& want) {
  double worst = 0;
  size_t at = 0;
  for (size_t i = 0; i < got.size(); i++) {
    const double wanted = want(i), error = std::abs(wanted - got[i]) / (1 + std::abs(wanted));
    if (!(error <= worst)) worst = error, at = i;
  }
  if (!(worst < 4e-6)) {
    printf("%s, %s: off by %g at %zu\n", set, what, worst, at);
    faults++;
  }
}

void products(const char* set, const Kernels& k, int bits, int rows, int columns) {
  const int group = 32, groups = columns / group, panels = (rows + k.panelRows - 1) / k.panelRows;
  std::vector<uint8_t> codes(size_t(rows) * columns * bits / 8);
  for (auto& code : codes) code = uint8_t(draw());
  std::vector<float> scales = normal(rows * groups), biases = normal(rows * groups);
  for (float& scale : scales) scale /= 128;
  const Packed p{codes.data(), scales.data(), biases.data(), rows, columns, group, bits};
  const auto number = [&](int row, int column) {
    const size_t i = size_t(row) * columns + column;
    const int code = bits == 8 ? codes[i] : codes[i / 2] >> (i % 2 * 4) & 15;
    return double(code) * scales[row * groups + column / group] + biases[row * groups + column / group];
  };
  std::vector<float> panel(size_t(panels) * k.panelRows * columns);
  for (int i = 0; i < panels; i++) k.unpack(p, i * k.panelRows, panel.data() + size_t(i) * k.panelRows * columns);
  require(set, "unpack", panel, [&](size_t i) {
    const int within = i / k.panelRows % columns, row = i / k.panelRows / columns * k.panelRows + i % k.panelRows;
    return row < rows ? number(row, within) : 0;
  });
  for (int count : {1, 2, 5, 6, 13}) {
    const std::vector<float> x = normal(count * columns);
    std::vector<float> y(count * rows), few(count * rows), arranged(count * columns), sums(count * groups);
    for (int t = 0; t < count; t++) k.arrange(x.data() + t * columns, p, arranged.data() + t * columns, sums.data() + t * groups);
    k.multiply(p, 0, rows, arranged.data(), sums.data(), few.data(), count);
    for (int i = 0; i < panels; i++) {
      const int row = i * k.panelRows;
      k.product(x.data(), columns, panel.data() + size_t(row) * columns, y.data() + row, rows, count, columns, std::min(k.panelRows, rows - row));
    }
    const auto sum = [&](size_t i) {
      double all = 0;
      for (int c = 0; c < columns; c++) all += number(i % rows, c) * x[i / rows * columns + c];
      return all;
    };
    // Sums of some hundred terms about 1: their error is relative to the terms, not to the sum.
    for (auto* each : {&y, &few}) {
      for (float& value : *each) value /= 16;
      require(set, each == &y ? "product" : "multiply", *each, [&](size_t i) { return sum(i) / 16; });
    }
  }
}

void attention(const char* set, const Kernels& k, int heads, int kvHeads, int length, int keys, int size, bool causal) {
  const std::vector<float> q = normal(heads * length * size), key = normal(kvHeads * keys * size), value = normal(kvHeads * keys * size);
  std::vector<float> out(heads * length * size);
  Attention a{q.data(), key.data(), value.data(), nullptr, out.data(), heads, kvHeads, length, keys, size, size,
              {0, length * size, size, 1}, {0, keys * size, size, 1}, {0, keys * size, size, 1}, {}, 0.25f, causal};
  for (int head = 0; head < kvHeads; head++) {
    for (int from = 0; from < length; from += 7) k.attend(a, 0, head, from, std::min(length, from + 7), 0, keys, nullptr);
  }
  require(set, "attend", out, [&](size_t i) {
    const int head = i / size / length, query = i / size % length, from = head / (heads / kvHeads) * keys;
    double shares = 0, sum = 0;
    for (int j = 0; j < (causal ? query + keys - length + 1 : keys); j++) {
      double score = 0;
      for (int d = 0; d < size; d++) score += double(q[i / size * size + d]) * key[(from + j) * size + d];
      shares += std::exp(score / 4);
      sum += std::exp(score / 4) * value[(from + j) * size + i % size];
    }
    return sum / shares;
  });
}

void elements(const char* set, const Kernels& k, int n) {
  std::vector<float> x = normal(n), up = normal(n), y(n);
  for (float& each : x) each *= 6;
  k.gated(Gate::SILU, x.data(), up.data(), y.data(), n);
  require(set, "silu", y, [&](size_t i) { return x[i] / (1 + std::exp(-double(x[i]))) * up[i]; });
  k.rmsNorm(x.data(), up.data(), y.data(), n, 1e-5f);
  double squares = 0;
  for (float each : x) squares += double(each) * each;
  require(set, "rmsNorm", y, [&](size_t i) { return x[i] / std::sqrt(squares / n + 1e-5) * up[i]; });
}

/** Behind sums that hold something already, and with one number far above the others. */
void softmax(const char* set, const Kernels& k, int n) {
  std::vector<float> x = normal(n);
  for (float& each : x) each *= 5;
  x[n / 2] = 40;
  const float greatest = k.greatest(x.data(), n);
  require(set, "greatest", {greatest, k.greatest(x.data() + n - 1, 1)}, [&](size_t i) { return i == 0 ? 40 : x[n - 1]; });
  double sums[6] = {1, 2, 3, 4, 5, 6};
  k.softmaxSums(x.data(), n, greatest, sums);
  require(set, "softmaxSums", {sums, sums + 6}, [&](size_t i) {
    double sum = i + 1;
    for (float each : x) {
      const double d = double(each) - greatest, e = std::exp(d);
      sum += i == 0 ? e : i == 1 ? e * e : i == 2 ? e * d : i == 3 ? std::exp(d / 4) : i == 4 ? std::exp(d / 2) : d;
    }
    return sum;
  });
}

void all(const char* set, const Kernels& k) {
  for (int bits : {4, 8}) {
    products(set, k, bits, 64, 256);
    products(set, k, bits, 70, 320);
    products(set, k, bits, 3, 32);
  }
  for (int size : {64, 24, 20}) {
    attention(set, k, 6, 2, 1, 130, size, false);
    attention(set, k, 6, 2, 20, 150, size, true);
    attention(set, k, 2, 2, 9, 9, size, true);
  }
  for (int n : {1, 7, 16, 33, 576}) elements(set, k, n);
  for (int n : {1, 7, 16, 33, 300, 50'000}) softmax(set, k, n);
}

}  // namespace

int main() {
  const bool both = hbar::Kernels::chosen() == &hbar::avx512::kernels;
  if (both) all("avx512", hbar::avx512::kernels);
  all("avx2", hbar::avx2::kernels);
  printf("%s: %d faults\n", both ? "avx512 and avx2" : "avx2", faults);
  return faults > 0;
}
