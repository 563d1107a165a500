/* Refractory time and threshold of one neuron in one step. For the template
   half of a file (REAL, FN): no include guard.

   `hold` counts the steps until the neuron is free (0), in whole numbers. The
   comparisons are written so that loops become vectors of few instructions. */

/* A flag is -1 or 0, of a real number's size. */
#if SNN_IS_F64
typedef int64_t FN(flag);
#else
typedef int32_t FN(flag);
#endif

/* The count at the begin of a step. */
static SNN_INLINE REAL FN(hold_next)(REAL hold)
{
    hold -= 1;
    return hold < 0 ? 0 : hold;
}

/* What is for free neurons alone (input, changes of the state): 0 where the
   count is above the limit, 0 or, for all neurons, infinity. */
static SNN_INLINE REAL FN(unless_held)(REAL hold, REAL limit, REAL x)
{
    return hold > limit ? 0 : x;
}

static SNN_INLINE REAL FN(held_limit)(int is_for_all)
{
    return is_for_all ? (REAL)INFINITY : 0;
}

/* Whether a free neuron has come to its threshold; nothing comes to NaN. */
static SNN_INLINE FN(flag) FN(fires)(REAL v, REAL thresh, REAL hold)
{
    return -(FN(flag))(v >= thresh) & -(FN(flag))(hold <= 0);
}
