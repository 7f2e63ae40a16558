/* GELU in GPT-2's form. With u = sqrt(2 / pi) (x + 0.044715 x^3), (1 + tanh u) / 2 is the logistic
   function of 2 u: no cancellation where x is far below 0, and one power of e instead of a tanh. */

#define ROOT 0.7978845608028654f
#define CUBIC 0.044715f

INLINE float gate(float x, const power_numbers *e) {
  return e->one / (e->one + power_of_e(-2.0f * ROOT * x * (e->one + CUBIC * x * x), e));
}

void EXPORT(gelu)(idx n, const float *restrict x, float *restrict out) {
  const power_numbers *e = &POWER;
  UNKNOWN(e);
  for (idx i = 0; i < n; i++) out[i] = x[i] * gate(x[i], e);
}

/* d/dx x s(2u) = s + x s (1 - s) 2 du/dx. */
void EXPORT(gelu_backward)(idx n, const float *restrict x, const float *restrict grad,
                           float *restrict to_x) {
  const power_numbers *e = &POWER;
  UNKNOWN(e);
  for (idx i = 0; i < n; i++) {
    float s = gate(x[i], e);
    float slope = 2.0f * ROOT * (1.0f + 3.0f * CUBIC * x[i] * x[i]);
    /* subtle: far out the slope may be inf where s (1 - s) is 0; their product counts as 0. */
    float bend = s * (1.0f - s);
    to_x[i] = grad[i] * (s + (bend == 0.0f ? 0.0f : x[i] * bend * slope));
  }
}
