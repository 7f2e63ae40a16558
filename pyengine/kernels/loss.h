/* Both ends of a model: rows of a table for token ids, and the loss of its logits. */

/* Mean cross-entropy of logits (rows, n) in nats; p (rows, n) keeps the probabilities.
   Returns -1, or the first row whose largest logit is not a finite number. */
idx EXPORT(cross_entropy)(idx rows, idx n, const float *logits, const __INT64_TYPE__ *targets,
                          float *p, float *loss) {
  double total = 0.0;
  for (idx i = 0; i < rows; i++, logits += n, p += n) {
    float top = row_max(n, logits);
    float checked = 0.0f; /* becomes nan if a logit is nan or +inf; -inf is a probability of 0 */
    for (idx j = 0; j < n; j++) checked += logits[j] < top ? 0.0f : logits[j] - top;
    if (!(checked == 0.0f)) return i;
    for (idx j = 0; j < n; j++) p[j] = logits[j];
    float sum = row_powers(n, p, top, 1.0f), share = 1.0f / sum;
    for (idx j = 0; j < n; j++) p[j] *= share;
    total += natural_log((double)sum) - ((double)logits[targets[i]] - (double)top);
  }
  *loss = (float)(total / (double)rows);
  return -1;
}

/* (p - one-hot(target)) * grad / rows. */
void EXPORT(cross_entropy_backward)(idx rows, idx n, const float *restrict p,
                                    const __INT64_TYPE__ *restrict targets, float grad,
                                    float *restrict to_logits) {
  float share = grad / (float)rows;
  for (idx i = 0; i < rows * n; i++) to_logits[i] = p[i] * share;
  for (idx i = 0; i < rows; i++) to_logits[i * n + targets[i]] -= share;
}

/* Adds each row of grad (rows, n) to that row of `to_table` (v, n) its id names. */
void EXPORT(embedding_backward)(idx rows, idx n, idx v, const __INT64_TYPE__ *restrict ids,
                                const float *restrict grad, float *restrict to_table) {
  for (idx i = 0; i < v * n; i++) to_table[i] = 0.0f;
  for (idx i = 0; i < rows; i++)
    for (idx j = 0; j < n; j++) to_table[ids[i] * n + j] += grad[i * n + j];
}
