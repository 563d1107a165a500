/* Adaptation of one neuron over one step. For the template half of a file
   (REAL, FN): no include guard. */

/* Decays unless held back, and grows with each spike. */
static inline REAL FN(adapt_spike)(REAL a, REAL decay, REAL increment,
                                   int is_held, int spike)
{
    return (is_held ? a : a * decay) + (spike ? increment : 0);
}
