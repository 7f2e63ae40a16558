/* Types and small things that all kernels share. */

typedef __INTPTR_TYPE__ idx;

#ifndef WIDTH
#define WIDTH 4 /* floats in a vector: 4 in 128 bits (WebAssembly, NEON, SSE), 8 AVX2, 16 AVX-512 */
#endif

typedef float vec __attribute__((vector_size(4 * WIDTH)));
/* The same, wherever it stands in memory: NumPy's rows begin at any float. */
typedef float loose __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));

typedef int float_bits __attribute__((may_alias)); /* those of a float, read as an integer */

#define INLINE static inline __attribute__((always_inline))

/* On x86 the source is compiled once for each generation of processors, under its own names. */
#ifdef SUFFIX
#define JOIN_(name, suffix) name##_##suffix
#define JOIN(name, suffix) JOIN_(name, suffix)
#define EXPORT(name) __attribute__((visibility("default"))) JOIN(name, SUFFIX)
#else
#define EXPORT(name) __attribute__((visibility("default"))) name
#endif

/* Lets the compiler add up a row in several parts at once, in the function where it stands. */
#ifdef __clang__
#define IN_ANY_ORDER _Pragma("clang fp reassociate(on)")
#else
#define IN_ANY_ORDER
#endif

/* Before a short loop over registers: they are only kept in registers once it is unrolled. */
#define UNROLLED _Pragma("GCC unroll 8")

INLINE vec load(const float *p) { return *(const loose *)p; }
INLINE void store(float *p, vec v) { *(loose *)p = v; }

INLINE vec splat(float x) {
  vec v;
  for (int i = 0; i < WIDTH; i++) v[i] = x;
  return v;
}

INLINE vec multiply_add(vec a, vec b, vec c) {
#ifdef __wasm_relaxed_simd__
  return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return a * b + c; /* one instruction where there is one: -ffp-contract=fast */
#endif
}

INLINE idx smaller(idx a, idx b) { return a < b ? a : b; }

INLINE float square_root(float x) { return __builtin_sqrtf(x); }

/* Keeps the compiler from knowing the numbers at an address. Browsers make a constant anew in each
   turn of a loop, by three instructions for a vector; what was read before it they keep. */
#define UNKNOWN(pointer) __asm__("" : "+r"(pointer))

/* The numbers that `power_of_e` needs. */
typedef struct {
  float least, most, magic, log2_e, log_2, log_2_rest, terms[6], one;
} power_numbers;

static const power_numbers POWER = {
    -87.0f, 88.0f,
    12582912.0f, /* 1.5 * 2^23: what is added to it is rounded to an integer */
    1.44269504f,
    0.693359375f, -2.12194440e-4f, /* log 2 in two parts, the first exact in few bits */
    {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f,
     5.0000001201e-1f},
    1.0f};

/* e to the power of x, within 2e-7 of it (relative), for x from -87 to 88; 0 below, huge above.

   x = n log 2 + r with |r| <= log(2) / 2; then e^x = 2^n e^r. The polynomial for e^r is that of
   Cephes' expf (Moshier, 1989). 2^n is put together from its bits.

   subtle: nan stays nan since r is taken from x. Of the comparisons that clip n, WebAssembly's
   relaxed SIMD makes a minimum and a maximum in which nan may be lost. */
INLINE float power_of_e(float x, const power_numbers *e) {
  float clipped = x < e->least ? e->least : x;
  clipped = clipped > e->most ? e->most : clipped;
  union { float f; unsigned i; } one = {e->one}, shifted = {clipped * e->log2_e + e->magic}, scale;
  float n = shifted.f - e->magic;
  float r = x - n * e->log_2;
  r -= n * e->log_2_rest;
  float y = e->terms[0];
  for (int i = 1; i < 6; i++) y = y * r + e->terms[i];
  y = y * r * r + r + e->one;
  scale.i = (shifted.i << 23) + one.i; /* n, the last bits, where 1 has its exponent */
  float power = y * scale.f;
  return x < e->least ? 0.0f : power;
}

/* Natural logarithm of a number above 0, within 1e-12 of it: x = m 2^n with m near 1, and
   log m = 2 artanh((m - 1) / (m + 1)) as a series. For one number a row; there is no libc. */
INLINE double natural_log(double x) {
  union { double f; unsigned long long i; } bits = {x};
  long long n = (long long)((bits.i - 0x3FE6A09E667F3BCDull) >> 52); /* sqrt(1/2) begins 2^-1 */
  n = n > 2047 ? n - 4096 : n; /* the shift was unsigned */
  bits.i -= (unsigned long long)n << 52;
  double z = (bits.f - 1.0) / (bits.f + 1.0), square = z * z, sum = 0.0;
  for (int k = 17; k > 0; k -= 2) sum = sum * square + 1.0 / k;
  return 2.0 * z * sum + (double)n * 0.69314718055994531;
}
