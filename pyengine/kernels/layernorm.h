/* Layer normalization: rows to mean 0 and variance 1, then scaled and shifted. */

INLINE float row_sum(idx n, const float *x) {
  IN_ANY_ORDER
  float sum = 0.0f;
  for (idx i = 0; i < n; i++) sum += x[i];
  return sum;
}

INLINE float row_squares(idx n, const float *x, float mean) {
  IN_ANY_ORDER
  float sum = 0.0f;
  for (idx i = 0; i < n; i++) sum += (x[i] - mean) * (x[i] - mean);
  return sum;
}

/* x (rows, n) -> out; `stats` (rows, 2) keeps each row's mean and 1 / standard deviation. */
void EXPORT(layer_norm)(idx rows, idx n, float eps, const float *restrict x,
                        const float *restrict weight, const float *restrict bias,
                        float *restrict out, float *restrict stats) {
  for (idx i = 0; i < rows; i++, x += n, out += n, stats += 2) {
    float mean = row_sum(n, x) / (float)n;
    float scale = 1.0f / square_root(row_squares(n, x, mean) / (float)n + eps);
    if (bias)
      for (idx j = 0; j < n; j++) out[j] = (x[j] - mean) * scale * weight[j] + bias[j];
    else
      for (idx j = 0; j < n; j++) out[j] = (x[j] - mean) * scale * weight[j];
    stats[0] = mean;
    stats[1] = scale;
  }
}

/* Sums of g w and of g w (x - mean) over a row. */
INLINE void row_products(idx n, const float *x, float mean, const float *weight, const float *grad,
                         float *ones, float *row) {
  IN_ANY_ORDER
  float a = 0.0f, b = 0.0f;
  for (idx j = 0; j < n; j++) {
    float g = grad[j] * weight[j];
    a += g;
    b += g * (x[j] - mean);
  }
  *ones = a;
  *row = b;
}

/* Gradients for x, weight and (if given) bias. With `add`, that of x is added to what is there. */
void EXPORT(layer_norm_backward)(idx rows, idx n, const float *restrict x,
                                 const float *restrict weight, const float *restrict stats,
                                 const float *restrict grad, idx add, float *restrict to_x,
                                 float *restrict to_weight, float *restrict to_bias) {
  for (idx j = 0; j < n; j++) to_weight[j] = 0.0f;
  if (to_bias)
    for (idx j = 0; j < n; j++) to_bias[j] = 0.0f;
  for (idx i = 0; i < rows; i++, x += n, grad += n, to_x += n, stats += 2) {
    float mean = stats[0], scale = stats[1], ones, row;
    row_products(n, x, mean, weight, grad, &ones, &row);
    ones /= (float)n;
    row *= scale / (float)n;
    for (idx j = 0; j < n; j++) {
      float normal = (x[j] - mean) * scale;
      float back = scale * (grad[j] * weight[j] - ones - normal * row);
      to_x[j] = add ? to_x[j] + back : back;
      to_weight[j] += grad[j] * normal;
    }
    if (to_bias)
      for (idx j = 0; j < n; j++) to_bias[j] += grad[j];
  }
}
