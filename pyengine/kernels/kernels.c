/* The kernels: what a training step of a GPT spends its time in, as plain C for arrays of floats.

   One source for every target. The compiler's vectors (`vec`, WIDTH floats) carry the matrix product;
   the other loops are plain, and the compiler makes vectors of them. No libc is needed: nothing here
   allocates, prints or fails. Shapes, memory layout and aliasing are checked by the caller
   (`pyengine.kernels`); arrays are row-major and float32 unless a comment says otherwise, results
   never overlap inputs, and no alignment beyond a float's is assumed.

   The op of the same name in `pyengine.ops` is the text to read; this is the same arithmetic. */

#include "common.h"
#include "matmul.h"
#include "activations.h"
#include "layernorm.h"
#include "attention.h"
#include "loss.h"
#include "update.h"
