/* The step itself: the gradients' norm, and AdamW, over all parameters in one call.

   Parameters come as arrays of addresses, one for each of `count` tensors, with their sizes. */

/* Sum of the squares of all gradients, in 64 bits. */
INLINE double squares(idx n, const float *g) {
  IN_ANY_ORDER
  double sum = 0.0;
  for (idx i = 0; i < n; i++) sum += (double)g[i] * (double)g[i];
  return sum;
}

double EXPORT(sum_of_squares)(idx count, const idx *sizes, const float *const *grads) {
  double total = 0.0;
  for (idx i = 0; i < count; i++) total += squares(sizes[i], grads[i]);
  return total;
}

void EXPORT(scale)(idx count, const idx *sizes, float *const *grads, float factor) {
  for (idx i = 0; i < count; i++)
    for (idx j = 0; j < sizes[i]; j++) grads[i][j] *= factor;
}

/* One step of AdamW for each tensor. `keep[i]` is 1 - lr x weight decay (1 for none), `rate[i]` is
   lr / (1 - beta1^t) and `root[i]` is sqrt(1 - beta2^t): the bias corrections of that tensor. */
INLINE void adamw_one(idx n, float *restrict w, const float *restrict g, float *restrict m,
                      float *restrict v, float beta1, float beta2, float fresh1, float fresh2,
                      float eps, float keep, float rate, float root) {
  for (idx i = 0; i < n; i++) {
    m[i] = m[i] * beta1 + fresh1 * g[i];
    v[i] = v[i] * beta2 + fresh2 * g[i] * g[i];
    w[i] = w[i] * keep - rate * m[i] / (square_root(v[i]) / root + eps);
  }
}

void EXPORT(adamw)(idx count, const idx *sizes, float *const *w, const float *const *g,
                   float *const *m, float *const *v, const float *betas, float eps,
                   const float *keep, const float *rate, const float *root) {
  for (idx i = 0; i < count; i++)
    adamw_one(sizes[i], w[i], g[i], m[i], v[i], betas[0], betas[1], betas[2], betas[3], eps, keep[i],
              rate[i], root[i]);
}
