/* Adaptation of one neuron over one step. For the template half of a file
   (REAL, FN): no include guard. */

/* The change of adaptation a in a step of one sample, or the mean or sum of the
   changes in several. It follows drive - a unless it is held back, and grows
   with each spike. `free` and `spikes` count the samples, `drive` is of the
   free ones alone; all three over their number for the mean. */
static SNN_INLINE REAL FN(adapt_change)(REAL a, REAL rate, REAL drive,
                                        REAL increment, REAL free, REAL spikes)
{
    return increment * spikes - rate * (a * free - drive);
}
