/* Refractory time and threshold of one neuron in one step. For the template
   half of a file (REAL, FN): no include guard.

   `hold` counts the steps until the neuron is free (0), in whole numbers. */

/* The count at the begin of a step. */
static inline REAL FN(hold_next)(REAL hold)
{
    return hold > 1 ? hold - 1 : 0;
}

/* With the lock a held neuron keeps its voltage: where the count is above
   this limit. */
static inline REAL FN(lock_limit)(int refrac_lock)
{
    return refrac_lock ? 0 : (REAL)INFINITY;
}
