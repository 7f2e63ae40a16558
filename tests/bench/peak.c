/* The limit that 128-bit SIMD sets: multiply and add in registers, with no memory behind it. */

typedef float vec __attribute__((vector_size(16)));

__attribute__((visibility("default"))) float peak(int turns, float start) {
  vec sum[12], x = {start, start, start, start};
  for (int i = 0; i < 12; i++) sum[i] = x + (float)i;
  for (int turn = 0; turn < turns; turn++)
    _Pragma("GCC unroll 12") for (int i = 0; i < 12; i++)
#ifdef __wasm_relaxed_simd__
      sum[i] = __builtin_wasm_relaxed_madd_f32x4(sum[i], x, x);
#else
      sum[i] = sum[i] * x + x;
#endif
  for (int i = 1; i < 12; i++) sum[0] += sum[i];
  return sum[0][0] + sum[0][1] + sum[0][2] + sum[0][3];
}
