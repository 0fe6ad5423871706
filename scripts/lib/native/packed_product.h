// Included once for each instruction set, which defines V, a vector of LANES floats, and what can be done with it.
//
// Codes are taken about the middle, code - half, and the bias moves by half * scale: products then are as small as the
// weights, and sums lose no more to rounding than those of unpacked numbers.

template <int BITS>
constexpr float half() {
  return BITS == 4 ? 8.0f : 128.0f;
}

/** The part of a row's answer that its biases make: (bias + half * scale) * (sum of x) of its groups, spread over lanes. */
template <int BITS>
inline V shifted(const float* scales, const float* biases, const float* sums, int groups) {
  V all = zero();
  int g = 0;
  for (; g + LANES <= groups; g += LANES) {
    all = fma(fma(load(scales + g), fill(half<BITS>()), load(biases + g)), load(sums + g), all);
  }
  if (g == groups) return all;
  const int rest = groups - g;
  return fma(fma(first(scales + g, rest), fill(half<BITS>()), first(biases + g, rest)), first(sums + g, rest), all);
}

/** R rows times T vectors. The next R rows are asked for meanwhile: rows are too short for a processor to guess them. */
template <int BITS, int R, int T>
inline void block(const Packed& p, int row, const float* x, const float* sums, float* y) {
  const int groups = p.columns / p.group;
  const size_t stride = size_t(p.columns) * BITS / 8;
  V all[R][T];
  for (int r = 0; r < R; r++) {
    for (int t = 0; t < T; t++) all[r][t] = zero();
  }
  for (int g = 0; g < groups; g++) {
    V part[R][T];
    for (int r = 0; r < R; r++) {
      for (int t = 0; t < T; t++) part[r][t] = zero();
    }
    for (int r = 0; r < R; r++) __builtin_prefetch(p.codes + size_t(row + R + r) * stride + size_t(g) * p.group * BITS / 8);
    for (int c = g * p.group; c < (g + 1) * p.group; c += 2 * LANES) {
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) {
        const uint8_t* codes = p.codes + size_t(row + r) * stride + size_t(c) * BITS / 8;
        V low, high;
        if constexpr (BITS == 4) {
          nibbles(codes, low, high);
        } else {
          low = octets(codes);
          high = octets(codes + LANES);
        }
#pragma GCC unroll 8
        for (int t = 0; t < T; t++) {
          part[r][t] = fma(low, load(x + size_t(t) * p.columns + c), part[r][t]);
          part[r][t] = fma(high, load(x + size_t(t) * p.columns + c + LANES), part[r][t]);
        }
      }
    }
    for (int r = 0; r < R; r++) {
      const V scale = fill(p.scales[size_t(row + r) * groups + g]);
      for (int t = 0; t < T; t++) all[r][t] = fma(part[r][t], scale, all[r][t]);
    }
  }
  for (int r = 0; r < R; r++) {
    const size_t at = size_t(row + r) * groups;
    for (int t = 0; t < T; t++) {
      y[size_t(t) * p.rows + row + r] =
          total(all[r][t] + shifted<BITS>(p.scales + at, p.biases + at, sums + size_t(t) * groups, groups));
    }
  }
}

template <int BITS, int T>
inline void rows(const Packed& p, int from, int to, const float* x, const float* sums, float* y) {
  int row = from;
  for (; row + 4 <= to; row += 4) block<BITS, 4, T>(p, row, x, sums, y);
  for (; row < to; row++) block<BITS, 1, T>(p, row, x, sums, y);
}

template <int BITS>
inline void vectors(const Packed& p, int from, int to, const float* x, const float* sums, float* y, int count) {
  const int groups = p.columns / p.group;
  for (int t = 0; t < count;) {
    const float *some = x + size_t(t) * p.columns, *totals = sums + size_t(t) * groups;
    float* out = y + size_t(t) * p.rows;
    if (count - t >= 4) {
      rows<BITS, 4>(p, from, to, some, totals, out);
      t += 4;
    } else if (count - t >= 2) {
      rows<BITS, 2>(p, from, to, some, totals, out);
      t += 2;
    } else {
      rows<BITS, 1>(p, from, to, some, totals, out);
      t++;
    }
  }
}

inline void multiply(const Packed& p, int from, int to, const float* x, const float* sums, float* y, int count) {
  p.bits == 4 ? vectors<4>(p, from, to, x, sums, y, count) : vectors<8>(p, from, to, x, sums, y, count);
}

inline void arrange(const float* x, const Packed& p, float* arranged, float* sums) {
  for (int g = 0; g < p.columns / p.group; g++) {
    float sum = 0;
    for (int c = g * p.group; c < (g + 1) * p.group; c++) sum += x[c];
    sums[g] = sum;
  }
  if (p.bits == 8) {
    memcpy(arranged, x, p.columns * sizeof(float));
    return;
  }
  for (int c = 0; c < p.columns; c += 2 * LANES) {
    for (int lane = 0; lane < LANES; lane++) {
      arranged[c + lane] = x[c + 2 * lane];
      arranged[c + LANES + lane] = x[c + 2 * lane + 1];
    }
  }
}

template <int BITS>
inline void panelOf(const Packed& p, int row, float* panel) {
  // Of 4-bit codes the first vector has every other one.
  constexpr int STEP = BITS == 4 ? 2 : 1, NEXT = BITS == 4 ? 1 : LANES;
  const int groups = p.columns / p.group, rows = std::min(PANEL, p.rows - row);
  const V middle = fill(half<BITS>());
  for (int c = 0; c < p.columns; c += 2 * LANES) {
    for (int r = 0; r < PANEL; r += LANES) {
      V low[LANES], high[LANES];
      for (int lane = 0; lane < LANES; lane++) {
        if (r + lane >= rows) {
          low[lane] = high[lane] = zero();
          continue;
        }
        const size_t at = size_t(row + r + lane) * groups + c / p.group;
        const V scale = fill(p.scales[at]), bias = fill(p.biases[at]);
        const uint8_t* codes = p.codes + (size_t(row + r + lane) * p.columns + c) * BITS / 8;
        if constexpr (BITS == 4) {
          nibbles(codes, low[lane], high[lane]);
        } else {
          low[lane] = octets(codes);
          high[lane] = octets(codes + LANES);
        }
        // Codes are whole numbers, so this gives them back exactly.
        low[lane] = (low[lane] + middle) * scale + bias;
        high[lane] = (high[lane] + middle) * scale + bias;
      }
      transpose(low);
      transpose(high);
      float* to = panel + size_t(c) * PANEL + r;
      for (int lane = 0; lane < LANES; lane++) {
        store(to + STEP * lane * PANEL, low[lane]);
        store(to + (STEP * lane + NEXT) * PANEL, high[lane]);
      }
    }
  }
}

inline void unpack(const Packed& p, int row, float* panel) {
  p.bits == 4 ? panelOf<4>(p, row, panel) : panelOf<8>(p, row, panel);
}
