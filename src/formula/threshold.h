/* Refractory time and threshold of one neuron in one step. For the template
   half of a file (REAL, FN): no include guard.

   `hold` counts the steps until the neuron is free (0), in whole numbers. */

/* The count at the begin of a step. */
static inline REAL FN(hold_next)(REAL hold)
{
    hold -= 1;
    return hold < 0 ? 0 : hold;
}

/* What the voltage must reach: nothing reaches NaN, so a held neuron does not
   spike. (Written so, and not with a logical and, loops become vectors.) */
static inline REAL FN(thresh_when)(REAL hold, REAL thresh)
{
    return hold > 0 ? (REAL)NAN : thresh;
}

/* With the lock a held neuron keeps its voltage: where the count is above
   this limit. */
static inline REAL FN(lock_limit)(int refrac_lock)
{
    return refrac_lock ? 0 : (REAL)INFINITY;
}
