// What is done to each number, or to the numbers of one row. Included once for each instruction set.

/** e^x within 2 units in the last place; 0 below -104, where float32 has nothing smaller; NaN stays. */
inline V exponential(V x) {
  // Cephes' expf: x = n ln 2 + r with |r| <= ln 2 / 2, and a polynomial for e^r.
  const V bounded = most(fill(-104.0f), least(fill(89.0f), x));
  const V n = rounded(bounded * fill(1.44269504088896341f));
  const V r = fma(n, fill(2.12194440e-4f), fma(n, fill(-0.693359375f), bounded));
  V y = fma(fill(1.9875691500e-4f), r, fill(1.3981999507e-3f));
  y = fma(y, r, fill(8.3334519073e-3f));
  y = fma(y, r, fill(4.1665795894e-2f));
  y = fma(y, r, fill(1.6666665459e-1f));
  y = fma(y, r, fill(5.0000001201e-1f));
  return scaled(fma(y, r * r, r + fill(1.0f)), n);
}

inline V sigmoid(V x) { return fill(1.0f) / (fill(1.0f) + exponential(zero() - x)); }

template <Gate GATE>
inline V opened(V x, V up) {
  if constexpr (GATE == Gate::SILU) {
    return x * sigmoid(x) * up;
  } else {
    // x Phi(x) as its approximation has it: x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3))
    const V inner = x * fma(x * x, fill(0.0713548162726f), fill(1.59576912161f));
    return x * sigmoid(inner) * up;
  }
}

template <Gate GATE>
inline void gatedBy(const float* x, const float* up, float* y, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) store(y + i, opened<GATE>(load(x + i), load(up + i)));
  if (i == n) return;
  float tail[3][LANES] = {};
  memcpy(tail[0], x + i, (n - i) * sizeof(float));
  memcpy(tail[1], up + i, (n - i) * sizeof(float));
  store(tail[2], opened<GATE>(load(tail[0]), load(tail[1])));
  memcpy(y + i, tail[2], (n - i) * sizeof(float));
}

inline void gated(Gate gate, const float* x, const float* up, float* y, size_t n) {
  gate == Gate::SILU ? gatedBy<Gate::SILU>(x, up, y, n) : gatedBy<Gate::GELU_TANH>(x, up, y, n);
}

inline void rmsNorm(const float* x, const float* weight, float* y, int n, float eps) {
  V sums[4] = {zero(), zero(), zero(), zero()};
  int i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) {
    for (int j = 0; j < 4; j++) {
      const V some = load(x + i + j * LANES);
      sums[j] = fma(some, some, sums[j]);
    }
  }
  float sum = total((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < n; i++) sum += x[i] * x[i];
  const float factor = 1 / std::sqrt(sum / n + eps);
  i = 0;
  for (; i + LANES <= n; i += LANES) store(y + i, load(x + i) * fill(factor) * load(weight + i));
  for (; i < n; i++) y[i] = x[i] * factor * weight[i];
}

inline float greatest(const float* x, size_t n) {
  float best = x[0];
  size_t i = 0;
  if (n >= LANES) {
    V some = load(x);
    for (i = LANES; i + LANES <= n; i += LANES) some = most(some, load(x + i));
    best = largest(some);
  }
  for (; i < n; i++) best = std::max(best, x[i]);
  return best;
}

/** In double from 16 vectors to the next: in float32 alone the tail of a distribution would be lost in a sum that is large already. */
inline void softmaxSums(const float* x, size_t n, float greatest, double* sums) {
  size_t i = 0;
  while (i + LANES <= n) {
    V part[6] = {zero(), zero(), zero(), zero(), zero(), zero()};
    for (int j = 0; j < 16 && i + LANES <= n; j++, i += LANES) {
      const V d = load(x + i) - fill(greatest), e = exponential(d), quarter = exponential(d * fill(0.25f));
      part[0] = part[0] + e;
      part[1] = fma(e, e, part[1]);
      part[2] = fma(e, d, part[2]);
      part[3] = part[3] + quarter;
      part[4] = fma(quarter, quarter, part[4]);
      part[5] = part[5] + d;
    }
    for (int sum = 0; sum < 6; sum++) sums[sum] += total(part[sum]);
  }
  for (; i < n; i++) {
    const double d = double(x[i]) - greatest, e = std::exp(d), quarter = std::exp(d / 4);
    const double each[6] = {e, e * e, e * d, quarter, quarter * quarter, d};
    for (int sum = 0; sum < 6; sum++) sums[sum] += each[sum];
  }
}
