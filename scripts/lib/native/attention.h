// Attention a block of keys at a time: scores are never kept, only their greatest, the sum of the shares and the sum of
// the values so far (Dao and others, FlashAttention, 2022). Included once for each instruction set.

constexpr int KEYS = PANEL;  // of a block

/** One block of queries on its way along the keys; a row is a query of a head. */
struct Rows {
  int count, size, valueSize;  // valueSize in whole vectors
  std::vector<float> queries, scores, sums, greatest, shares;

  void open(int rows, int querySize, int sizeOfValues) {
    count = rows;
    size = querySize;
    valueSize = (sizeOfValues + LANES - 1) / LANES * LANES;
    queries.resize(size_t(rows) * size);
    scores.resize(size_t(rows) * KEYS);
    sums.assign(size_t(rows) * valueSize, 0);
    greatest.assign(rows, -std::numeric_limits<float>::infinity());
    shares.assign(rows, 0);
  }
};

constexpr int FEW_ROWS = 8;  // up to so many, turning the keys costs more than it saves

/**
 * Scores of every row for `count` keys that lie in whole vectors, LANES at a time; a last one that is short repeats a key.
 * A query alone waits for memory more than it computes, so the values of these keys and the keys of the next block are
 * asked for on the way, a line with each product.
 */
inline void dots(Rows& rows, const float* keys, int64_t stride, const float* values, int64_t valueStride, int count) {
  for (int j = 0; j < count; j += LANES) {
    const float *key[LANES], *soon[LANES];
    for (int i = 0; i < LANES; i++) key[i] = keys + std::min(j + i, count - 1) * stride;
    for (int r = 0; r < rows.count; r++) {
      for (int i = 0; i < LANES; i++) soon[i] = r == 0 ? key[i] + KEYS * stride : values + (j + i) * valueStride;
      const float* query = rows.queries.data() + size_t(r) * rows.size;
      V sums[LANES];
      for (int i = 0; i < LANES; i++) sums[i] = zero();
      for (int d = 0; d < rows.size; d += LANES) {
        const V part = load(query + d);
#pragma GCC unroll 16
        for (int i = 0; i < LANES; i++) {
          sums[i] = fma(part, load(key[i] + d), sums[i]);
          if (r < 2) __builtin_prefetch(soon[i] + d);
        }
      }
      store(rows.scores.data() + size_t(r) * KEYS + j, totals(sums));
    }
  }
}

/** Scores of a row, its first `count` keys, to shares; what was summed before is scaled to the new greatest. */
inline void shareOut(Rows& rows, int r, int count) {
  float* scores = rows.scores.data() + size_t(r) * KEYS;
  for (int i = count; i < KEYS; i++) scores[i] = -std::numeric_limits<float>::infinity();
  V top = load(scores);
  for (int i = LANES; i < KEYS; i += LANES) top = most(top, load(scores + i));
  const float before = rows.greatest[r], now = std::max(before, largest(top));
  if (now == -std::numeric_limits<float>::infinity()) {
    // Nothing to see up to here.
    memset(scores, 0, KEYS * sizeof(float));
    return;
  }
  V sum = zero();
  for (int i = 0; i < KEYS; i += LANES) {
    const V share = exponential(load(scores + i) - fill(now));
    store(scores + i, share);
    sum = sum + share;
  }
  float scale = 1;
  if (before != now) {
    scale = std::exp(before - now);
    float* sums = rows.sums.data() + size_t(r) * rows.valueSize;
    for (int i = 0; i < rows.valueSize; i += LANES) store(sums + i, load(sums + i) * fill(scale));
  }
  rows.greatest[r] = now;
  rows.shares[r] = rows.shares[r] * scale + total(sum);
}

inline void attend(const Attention& a, int batch, int kvHead, int from, int to, int firstKey, int endKey, float* partial) {
  thread_local Rows rows;
  thread_local std::vector<float> turned, padded;
  const int perHead = a.heads / a.kvHeads, queries = to - from, late = a.keys - a.length;
  rows.open(perHead * queries, a.size, a.valueSize);
  turned.resize(size_t(a.size) * KEYS);
  padded.resize(size_t(KEYS) * rows.valueSize);
  for (int r = 0; r < rows.count; r++) {
    const float* q = a.q + batch * a.qStrides[0] + (kvHead * perHead + r / queries) * a.qStrides[1] + (from + r % queries) * a.qStrides[2];
    for (int d = 0; d < a.size; d++) rows.queries[size_t(r) * a.size + d] = q[d * a.qStrides[3]] * a.scale;
  }
  const float* k = a.k + batch * a.kStrides[0] + kvHead * a.kStrides[1];
  const float* v = a.v + batch * a.vStrides[0] + kvHead * a.vStrides[1];
  const bool lie = a.vStrides[3] == 1 && a.valueSize == rows.valueSize;
  const bool few = rows.count <= FEW_ROWS && a.kStrides[3] == 1 && a.size % LANES == 0;
  const int end = a.causal ? std::min(endKey, to + late) : endKey;
  for (int key = firstKey; key < end; key += KEYS) {
    const int count = std::min(KEYS, end - key);
    if (few) {
      dots(rows, k + key * a.kStrides[2], a.kStrides[2], v + key * a.vStrides[2], a.vStrides[2], count);
    } else {
      for (int j = 0; j < count; j++) {
        const float* one = k + (key + j) * a.kStrides[2];
        for (int d = 0; d < a.size; d++) turned[size_t(d) * KEYS + j] = one[d * a.kStrides[3]];
      }
      for (int j = count; j < KEYS; j++) {
        for (int d = 0; d < a.size; d++) turned[size_t(d) * KEYS + j] = 0;
      }
      gemm(rows.queries.data(), a.size, turned.data(), KEYS, rows.scores.data(), KEYS, rows.count, a.size, KEYS, false);
    }
    for (int r = 0; r < rows.count; r++) {
      const int query = from + r % queries;
      if (a.mask) {
        const float* mask = a.mask + batch * a.maskStrides[0] + (kvHead * perHead + r / queries) * a.maskStrides[1] +
                            query * a.maskStrides[2] + key * a.maskStrides[3];
        float* scores = rows.scores.data() + size_t(r) * KEYS;
        for (int j = 0; j < count; j++) scores[j] += mask[j * a.maskStrides[3]];
      }
      shareOut(rows, r, a.causal ? std::clamp(query + late + 1 - key, 0, count) : count);
    }
    const float* values = v + key * a.vStrides[2];
    size_t stride = a.vStrides[2];
    if (!lie) {
      for (int j = 0; j < count; j++) {
        for (int d = 0; d < a.valueSize; d++) padded[size_t(j) * rows.valueSize + d] = values[j * a.vStrides[2] + d * a.vStrides[3]];
      }
      values = padded.data();
      stride = rows.valueSize;
    }
    gemm(rows.scores.data(), KEYS, values, stride, rows.sums.data(), rows.valueSize, rows.count, count, rows.valueSize, true);
  }
  for (int r = 0; r < rows.count; r++) {
    const float* sums = rows.sums.data() + size_t(r) * rows.valueSize;
    if (partial) {
      float* part = partial + size_t(r) * (a.valueSize + 2);
      memcpy(part, sums, a.valueSize * sizeof(float));
      part[a.valueSize] = rows.greatest[r];
      part[a.valueSize + 1] = rows.shares[r];
      continue;
    }
    const int head = kvHead * perHead + r / queries, query = from + r % queries;
    float* out = a.out + ((size_t(batch) * a.heads + head) * a.length + query) * a.valueSize;
    // A query that sees no key gets 0/0, as from MLX's softmax.
    for (int d = 0; d < a.valueSize; d++) out[d] = sums[d] / rows.shares[r];
  }
}
