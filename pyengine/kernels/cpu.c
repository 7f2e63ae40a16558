/* Which of the x86 builds this processor can run: 0 the base, 1 AVX2 and FMA, 2 AVX-512. Asks the
   processor, and the operating system (XGETBV), which must keep the wide registers. */

static void cpuid(unsigned leaf, unsigned part, unsigned out[4]) {
  __asm__("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3]) : "a"(leaf), "c"(part));
}

__attribute__((visibility("default"))) int level(void) {
  unsigned first[4], basic[4], more[4], kept, high;
  cpuid(0, 0, first);
  if (first[0] < 7) return 0;
  cpuid(1, 0, basic);
  cpuid(7, 0, more);
  if (!(basic[2] >> 27 & 1) || !(basic[2] >> 12 & 1)) return 0; /* OSXSAVE, FMA */
  __asm__("xgetbv" : "=a"(kept), "=d"(high) : "c"(0));
  if ((kept & 6) != 6 || !(more[1] >> 5 & 1)) return 0; /* AVX2 */
  unsigned needed = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31; /* F, DQ, CD, BW, VL */
  return (kept & 0xE6) == 0xE6 && (more[1] & needed) == needed ? 2 : 1;
}
