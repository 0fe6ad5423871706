// Products of matrices whose numbers lie unpacked. Included once for each instruction set.

constexpr int WIDE = LANES == 16 ? 4 : 2;  // vectors of a tile's row
constexpr int TALL = 6;                    // rows of a tile: TALL * WIDE sums, WIDE of b and one of a fit the registers
constexpr int PANEL = 64;                  // columns that lie together
constexpr int DEPTH = 256;                 // of a panel at a time, so that it stays in the cache

/** c [T, W * LANES] (+)= a [T, k] b [k, W * LANES]. */
template <int T, int W>
inline void tile(const float* a, size_t strideA, const float* b, size_t strideB, float* c, size_t strideC, int k, bool adds) {
  V sum[T][W];
  for (int t = 0; t < T; t++) {
    for (int w = 0; w < W; w++) sum[t][w] = adds ? load(c + t * strideC + w * LANES) : zero();
  }
  for (int i = 0; i < k; i++) {
    V row[W];
#pragma GCC unroll 8
    for (int w = 0; w < W; w++) row[w] = load(b + i * strideB + w * LANES);
#pragma GCC unroll 8
    for (int t = 0; t < T; t++) {
      const V one = fill(a[t * strideA + i]);
#pragma GCC unroll 8
      for (int w = 0; w < W; w++) sum[t][w] = fma(one, row[w], sum[t][w]);
    }
  }
  for (int t = 0; t < T; t++) {
    for (int w = 0; w < W; w++) store(c + t * strideC + w * LANES, sum[t][w]);
  }
}

template <int W>
inline void column(const float* a, size_t strideA, const float* b, size_t strideB, float* c, size_t strideC, int m, int k, bool adds) {
  int t = 0;
  for (; t + TALL <= m; t += TALL) tile<TALL, W>(a + t * strideA, strideA, b, strideB, c + t * strideC, strideC, k, adds);
  a += t * strideA;
  c += t * strideC;
  switch (m - t) {
    case 5: return tile<5, W>(a, strideA, b, strideB, c, strideC, k, adds);
    case 4: return tile<4, W>(a, strideA, b, strideB, c, strideC, k, adds);
    case 3: return tile<3, W>(a, strideA, b, strideB, c, strideC, k, adds);
    case 2: return tile<2, W>(a, strideA, b, strideB, c, strideC, k, adds);
    case 1: return tile<1, W>(a, strideA, b, strideB, c, strideC, k, adds);
  }
}

/** c [m, n] (+)= a [m, k] b [k, n], for whole vectors of columns: n is a multiple of LANES. */
inline void gemm(const float* a, size_t strideA, const float* b, size_t strideB, float* c, size_t strideC, int m, int k, int n, bool adds) {
  int at = 0;
  for (; at + WIDE * LANES <= n; at += WIDE * LANES) column<WIDE>(a, strideA, b + at, strideB, c + at, strideC, m, k, adds);
  for (; at < n; at += LANES) column<1>(a, strideA, b + at, strideB, c + at, strideC, m, k, adds);
}

inline void product(const float* a, size_t strideA, const float* panel, float* c, size_t strideC, int m, int k, int n) {
  if (n == PANEL) {
    for (int i = 0; i < k; i += DEPTH) {
      gemm(a + i, strideA, panel + size_t(i) * PANEL, PANEL, c, strideC, m, std::min(DEPTH, k - i), PANEL, i > 0);
    }
    return;
  }
  // The last panel is padded with zeros; what they give has no place in c.
  for (int from = 0; from < m; from += TALL) {
    float whole[TALL * PANEL];
    const int rows = std::min(TALL, m - from);
    product(a + from * strideA, strideA, panel, whole, PANEL, rows, k, PANEL);
    for (int r = 0; r < rows; r++) memcpy(c + (from + r) * strideC, whole + r * PANEL, n * sizeof(float));
  }
}
