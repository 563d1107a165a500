/* Blocks of SNN_PAIRS_LANES elements as vectors of the compiler's, which it cuts
   to what the processor has. For the template half of a file (REAL, FN): no
   include guard. */
typedef REAL FN(lanes) __attribute__((
    vector_size(SNN_PAIRS_LANES * sizeof(REAL))));
#if SNN_IS_F64
typedef int64_t FN(lanes_mask) __attribute__((
    vector_size(SNN_PAIRS_LANES * sizeof(REAL))));
#else
typedef int32_t FN(lanes_mask) __attribute__((
    vector_size(SNN_PAIRS_LANES * sizeof(REAL))));
#endif

/* A matrix with fewer columns has one block, with zeros behind it. */
static SNN_INLINE void FN(lanes_load)(const REAL *from, int64_t columns,
                                      FN(lanes) *out)
{
    if (columns >= SNN_PAIRS_LANES) {
        memcpy(out, from, sizeof *out);
        return;
    }
    *out = (FN(lanes)){ 0 };
    memcpy(out, from, (size_t)columns * sizeof(REAL));
}

static SNN_INLINE void FN(lanes_store)(const FN(lanes) *from, int64_t columns,
                                       REAL *out)
{
    if (columns >= SNN_PAIRS_LANES)
        memcpy(out, from, sizeof *from);
    else
        memcpy(out, from, (size_t)columns * sizeof(REAL));
}

static SNN_INLINE bool FN(lanes_any)(const FN(lanes_mask) *mask)
{
    uint64_t word[sizeof *mask / sizeof(uint64_t)], any = 0;
    memcpy(word, mask, sizeof word);
    for (size_t i = 0; i < sizeof word / sizeof *word; i++) any |= word[i];
    return any != 0;
}
