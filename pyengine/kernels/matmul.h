/* Matrix product, register-blocked: ROWS x (VECS vectors) of the result stay in registers while
   both factors stream past. The right factor is copied into narrow panels first, once, so that its
   columns are read side by side whatever the layout; then LINES rows of the left factor, which stay
   in the nearest cache, meet all panels.

   Source: Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008). */

#if WIDTH == 16
#define ROWS 8 /* 8 x 3 sums of AVX-512's 32 registers */
#define VECS 3
#elif WIDTH == 8
#define ROWS 4 /* 4 x 3 of AVX2's 16 */
#define VECS 3
#elif defined(__aarch64__)
#define ROWS 8 /* 8 x 2 of NEON's 32 */
#define VECS 2
#else
#define ROWS 4 /* 4 x 2 of the 16 that x86 gives WebAssembly */
#define VECS 2
#endif
#define PANEL (VECS * WIDTH)
#define DEPTH 256 /* how much of the sum one panel holds */
#define PACKED (128 * DEPTH) /* floats in all panels: they must stay in the second cache */
#define LINES 32 /* rows of the left factor at once: they and a panel must stay in the first */
#define SHORT 16 /* rows that are copied at once: their cache lines are read once, not per panel */

/* A factor: element (i, k) stands at p[i * row + k * column]; one of the two steps is 1. */
typedef struct {
  const float *p;
  idx row, column;
} factor;

/* rows x columns of the result, `vecs` vectors wide, from `depth` terms. `from_c`: add to what is
   there; else begin with the bias, if there is one. All but the pointers are constants where this is
   inlined. */
INLINE void tile(int rows, int vecs, int turned, idx depth, factor a, const float *panel,
                 idx columns, float *c, idx ldc, int from_c, const float *bias) {
  vec sum[ROWS][VECS];
  float edge[PANEL];
  idx width = vecs * WIDTH;
  UNROLLED for (int r = 0; r < rows; r++) {
    const float *first = from_c ? c + r * ldc : bias;
    if (first && columns < width) {
      for (idx j = 0; j < width; j++) edge[j] = j < columns ? first[j] : 0.0f;
      first = edge;
    }
    UNROLLED for (int v = 0; v < vecs; v++) sum[r][v] = first ? load(first + v * WIDTH) : splat(0.0f);
  }
  const float *line[ROWS];
  UNROLLED for (int r = 0; r < rows; r++) line[r] = a.p + r * a.row;
  for (idx k = 0; k < depth; k++) {
    vec b[VECS];
    UNROLLED for (int v = 0; v < vecs; v++) b[v] = load(panel + k * PANEL + v * WIDTH);
    UNROLLED for (int r = 0; r < rows; r++) {
      vec x = splat(turned ? a.p[k * a.column + r] : line[r][k]);
      UNROLLED for (int v = 0; v < vecs; v++) sum[r][v] = multiply_add(x, b[v], sum[r][v]);
    }
  }
  UNROLLED for (int r = 0; r < rows; r++) {
    float *out = columns < width ? edge : c + r * ldc;
    UNROLLED for (int v = 0; v < vecs; v++) store(out + v * WIDTH, sum[r][v]);
    if (columns < width)
      for (idx j = 0; j < columns; j++) c[r * ldc + j] = edge[j];
  }
}

/* All rows of one panel's columns. */
INLINE void strip(int vecs, int turned, idx m, idx depth, factor a, const float *panel,
                  idx columns, float *c, idx ldc, int from_c, const float *bias) {
  idx i = 0;
  for (; i + ROWS <= m; i += ROWS) {
    factor part = {a.p + i * a.row, a.row, a.column};
    tile(ROWS, vecs, turned, depth, part, panel, columns, c + i * ldc, ldc, from_c, bias);
  }
  for (; i + 2 <= m; i += 2) {
    factor part = {a.p + i * a.row, a.row, a.column};
    tile(2, vecs, turned, depth, part, panel, columns, c + i * ldc, ldc, from_c, bias);
  }
  if (i < m) {
    factor part = {a.p + i * a.row, a.row, a.column};
    tile(1, vecs, turned, depth, part, panel, columns, c + i * ldc, ldc, from_c, bias);
  }
}

/* Copy depth x columns of a factor to rows of `width`, with zeros up to a whole vector. */
INLINE void pack(idx width, idx depth, idx columns, factor b, float *panel) {
  for (idx k = 0; k < depth; k++)
    for (idx j = columns; j % WIDTH; j++) panel[k * width + j] = 0.0f;
  if (b.column == 1) {
    for (idx k = 0; k < depth; k++)
      for (idx j = 0; j < columns; j++) panel[k * width + j] = b.p[k * b.row + j];
    return;
  }
  idx j = 0;
  for (; j + 4 <= columns; j += 4) { /* four columns at once: their cache lines are written once */
    const float *p = b.p + j * b.column;
    for (idx k = 0; k < depth; k++)
      for (int x = 0; x < 4; x++) panel[k * width + j + x] = p[x * b.column + k];
  }
  for (; j < columns; j++)
    for (idx k = 0; k < depth; k++) panel[k * width + j] = b.p[j * b.column + k];
}

/* The same where there are mostly as many as `width`: a constant makes copying twice as fast. */
INLINE void pack_most(idx width, idx depth, idx columns, factor b, float *panel) {
  if (columns == width)
    pack(width, depth, width, b, panel);
  else
    pack(width, depth, columns, b, panel);
}

/* depth x n of the right factor as panels, one after the other; each is PANEL columns wide. */
INLINE void pack_all(idx depth, idx n, factor b, float *panels) {
  for (idx k = 0; k < depth; k += SHORT)
    for (idx j = 0; j < n; j += PANEL) {
      factor part = {b.p + k * b.row + j * b.column, b.row, b.column};
      float *panel = panels + j * depth + k * PANEL;
      pack_most(PANEL, smaller(SHORT, depth - k), smaller(PANEL, n - j), part, panel);
    }
}

/* All columns of the result, panel by panel, for rows whose part of the left factor is in cache. */
INLINE void across(int turned, idx m, idx n, idx depth, factor a, const float *panels, float *c,
                   idx ldc, int from_c, const float *bias) {
  for (idx j = 0; j < n; j += PANEL) {
    idx columns = smaller(PANEL, n - j);
    const float *panel = panels + j * depth, *start = bias ? bias + j : 0;
    if (columns > PANEL - WIDTH)
      strip(VECS, turned, m, depth, a, panel, columns, c + j, ldc, from_c, start);
    else if (columns <= WIDTH)
      strip(1, turned, m, depth, a, panel, columns, c + j, ldc, from_c, start);
    else
      strip(2, turned, m, depth, a, panel, columns, c + j, ldc, from_c, start);
  }
}

/* c (m, n) = a b + bias for a depth and n whose panels fit. */
INLINE void block(idx m, idx n, idx depth, factor a, factor b, float *c, idx ldc, int from_c,
                  const float *bias) {
  float panels[PACKED], lines[DEPTH * LINES];
  pack_all(depth, n, b, panels);
  for (idx i = 0; i < m; i += LINES) {
    idx rows = smaller(LINES, m - i);
    factor part = {a.p + i * a.row, a.row, a.column};
    if (a.column == 1) {
      across(0, rows, n, depth, part, panels, c + i * ldc, ldc, from_c, bias);
      continue;
    }
    if (WIDTH == 4) { /* with wider vectors copying takes longer than it saves */
      pack_most(LINES, depth, rows, (factor){part.p, a.column, 1}, lines);
      part = (factor){lines, 1, LINES};
    }
    across(1, rows, n, depth, part, panels, c + i * ldc, ldc, from_c, bias);
  }
}

/* c (m, n) = a (m, k) b (k, n) + bias (n), or with `from_c` c += a b. */
static void product(idx m, idx n, idx k, factor a, factor b, float *c, idx ldc, int from_c,
                    const float *bias) {
  for (idx start = 0; start < k; start += DEPTH) {
    idx depth = smaller(DEPTH, k - start), wide = PACKED / depth / PANEL * PANEL;
    for (idx j = 0; j < n; j += wide) {
      factor left = {a.p + start * a.column, a.row, a.column};
      factor right = {b.p + start * b.row + j * b.column, b.row, b.column};
      const float *first = bias && !start ? bias + j : 0;
      block(m, smaller(wide, n - j), depth, left, right, c + j, ldc, from_c || start, first);
    }
  }
}

/* A factor as it stands in memory, and its transpose. */
INLINE factor plain(const float *p, idx ld) { return (factor){p, ld, 1}; }
INLINE factor transposed(const float *p, idx ld) { return (factor){p, 1, ld}; }

/* c (m, n) = a b + bias. `a_turned`: a stands in memory as (k, m); `b_turned`: b as (n, k). */
void EXPORT(matmul)(idx m, idx n, idx k, const float *a, idx lda, idx a_turned, const float *b,
                    idx ldb, idx b_turned, float *c, idx ldc, const float *bias) {
  product(m, n, k, a_turned ? transposed(a, lda) : plain(a, lda),
          b_turned ? transposed(b, ldb) : plain(b, ldb), c, ldc, 0, bias);
}

/* out[j] = sum of column j of x (rows, n): the gradient of a bias. */
INLINE void column_sums(idx rows, idx n, const float *x, float *out) {
  for (idx j = 0; j < n; j++) out[j] = 0.0f;
  for (idx i = 0; i < rows; i++)
    for (idx j = 0; j < n; j++) out[j] += x[i * n + j];
}

/* x (m, k), weight (n, k), bias (n) or 0: out (m, n) = x weight^T + bias. */
void EXPORT(linear)(idx m, idx n, idx k, const float *x, const float *weight, const float *bias,
                    float *out) {
  product(m, n, k, plain(x, k), transposed(weight, k), out, n, 0, bias);
}

/* The three gradients of a linear layer; that of the bias only where `to_bias` is given. */
void EXPORT(linear_backward)(idx m, idx n, idx k, const float *x, const float *weight,
                             const float *grad, float *to_x, float *to_weight, float *to_bias) {
  product(m, k, n, plain(grad, n), plain(weight, k), to_x, k, 0, 0);
  product(n, k, m, transposed(grad, n), plain(x, k), to_weight, k, 0, 0);
  if (to_bias) column_sums(m, n, grad, to_bias);
}
