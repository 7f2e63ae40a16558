/* Causal self-attention for all sequences and heads: softmax(q k^T / sqrt(d)) v.

   q, k and v are read where a linear layer left them, side by side in rows of 3 c numbers, and the
   heads' results are written side by side in rows of c: nothing is moved in between. Rows are taken
   BAND at a time, and of the weights only those a band may look at are computed. */

#define BAND 16

/* The bits of a float as an integer that is larger where the float is. */
INLINE int in_order(int bits) { return bits ^ (bits >> 31 & 0x7FFFFFFF); }

/* The largest of a row. As integers: of floats, compilers keep the order for the sake of nan. */
INLINE float row_max(idx n, const float *x) {
  const float_bits *bits = (const float_bits *)x;
  int top = in_order(bits[0]);
  for (idx j = 1; j < n; j++) {
    int next = in_order(bits[j]);
    top = next > top ? next : top;
  }
  union { int i; float f; } back = {in_order(top)};
  return back.f;
}

/* x[j] = e^(scale (x[j] - top)); returns their sum. */
INLINE float row_powers(idx n, float *restrict x, float top, float scale) {
  IN_ANY_ORDER
  const power_numbers *e = &POWER;
  UNKNOWN(e);
  float sum = 0.0f;
  for (idx j = 0; j < n; j++) {
    x[j] = power_of_e((x[j] - top) * scale, e);
    sum += x[j];
  }
  return sum;
}

/* Softmax of the first `seen` scores of a row; the other `n` - `seen` become 0. The last vector is
   filled up with scores whose powers are 0: one by one its numbers would take longer. */
INLINE void causal_softmax(idx seen, idx n, float *row, float scale) {
  idx filled = smaller(n, (seen + WIDTH - 1) / WIDTH * WIDTH);
  for (idx j = seen; j < filled; j++) row[j] = -__builtin_inff();
  float total = row_powers(filled, row, row_max(seen, row), scale);
  float share = 1.0f / total;
  for (idx j = 0; j < filled; j++) row[j] *= share;
  for (idx j = seen; j < n; j++) row[j] = 0.0f;
}

/* qkv (batch, t, 3 heads d) -> out (batch, t, heads d); p (batch, heads, t, t) keeps the weights. */
void EXPORT(attention)(idx batch, idx t, idx heads, idx d, const float *qkv, float *p, float *out) {
  idx c = heads * d, wide = 3 * c;
  float scale = 1.0f / square_root((float)d);
  for (idx each = 0; each < batch * heads; each++, p += t * t) {
    const float *q = qkv + each / heads * t * wide + each % heads * d, *k = q + c, *v = k + c;
    float *y = out + each / heads * t * c + each % heads * d;
    for (idx i = 0; i < t; i += BAND) {
      idx rows = smaller(BAND, t - i), seen = i + rows;
      product(rows, seen, d, plain(q + i * wide, wide), transposed(k, wide), p + i * t, t, 0, 0);
      for (idx r = i; r < seen; r++) causal_softmax(r + 1, t, p + r * t, scale);
      product(rows, d, seen, plain(p + i * t, t), plain(v, wide), y + i * c, c, 0, 0);
    }
  }
}

INLINE float row_dot(idx n, const float *a, const float *b) {
  IN_ANY_ORDER
  float sum = 0.0f;
  for (idx j = 0; j < n; j++) sum += a[j] * b[j];
  return sum;
}

/* Back through softmax: `slope` becomes scale p (slope - sum of slope p). */
INLINE void softmax_backward(idx seen, idx n, const float *p, float *slope, float scale) {
  float average = row_dot(seen, p, slope);
  for (idx j = 0; j < seen; j++) slope[j] = p[j] * (slope[j] - average) * scale;
  for (idx j = seen; j < n; j++) slope[j] = 0.0f;
}

/* Gradient of qkv from that of out (batch, t, heads d); `work` holds t * t floats. */
void EXPORT(attention_backward)(idx batch, idx t, idx heads, idx d, const float *qkv,
                                const float *p, const float *grad, float *work, float *to_qkv) {
  idx c = heads * d, wide = 3 * c;
  float scale = 1.0f / square_root((float)d);
  for (idx each = 0; each < batch * heads; each++, p += t * t) {
    idx place = each / heads * t * wide + each % heads * d;
    const float *q = qkv + place, *k = q + c, *v = k + c;
    const float *g = grad + each / heads * t * c + each % heads * d;
    float *to_q = to_qkv + place, *to_k = to_q + c, *to_v = to_k + c;
    for (idx i = 0; i < t; i += BAND) {
      idx rows = smaller(BAND, t - i), seen = i + rows;
      float *slope = work + i * t;
      product(rows, seen, d, plain(g + i * c, c), transposed(v, wide), slope, t, 0, 0);
      for (idx r = 0; r < rows; r++)
        softmax_backward(i + r + 1, t, p + (i + r) * t, slope + r * t, scale);
      product(rows, d, seen, plain(slope, t), plain(k, wide), to_q + i * wide, wide, 0, 0);
    }
    for (idx j = 0; j < t; j += BAND) { /* columns j are looked at by rows from j on */
      idx rows = smaller(BAND, t - j), later = t - j;
      const float *of_p = p + j * t + j, *of_slope = work + j * t + j;
      product(rows, d, later, transposed(of_slope, t), plain(q + j * wide, wide),
              to_k + j * wide, wide, 0, 0);
      product(rows, d, later, transposed(of_p, t), plain(g + j * c, c), to_v + j * wide, wide, 0,
              0);
    }
  }
}
