/* Asks for the arrays of a span from memory while neurons before are worked on:
   models that take exponentials leave the processor's own prefetching idle
   meanwhile. For the template half of a file (REAL, FN): no include guard. */

/* SNN_PORTION neurons from `first` on, which need not exist: nothing is read.
   (Inlined by force: compilers take a call that only prefetches as useless.) */
static SNN_INLINE void FN(fetch_ahead)(const snn_neuron_span *s,
                                        int64_t first)
{
    enum { REALS = 64 / (int)sizeof(REAL) }; /* in a line of the cache */
    const uintptr_t from = (uintptr_t)first * sizeof(REAL);
    for (uintptr_t i = 0; i < SNN_PORTION; i += REALS) {
        uintptr_t at = from + i * sizeof(REAL);
        __builtin_prefetch((const void *)((uintptr_t)s->voltage + at), 1);
        if (!SNN_IS_F64)
            __builtin_prefetch((const void *)((uintptr_t)s->low + at), 1);
        __builtin_prefetch((const void *)((uintptr_t)s->hold + at), 1);
        __builtin_prefetch((const void *)((uintptr_t)s->input + at));
    }
    for (uintptr_t i = 0; i < SNN_PORTION; i += 64)
        __builtin_prefetch(
            (const void *)((uintptr_t)s->spike + (uintptr_t)first + i), 1);
}
