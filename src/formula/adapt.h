/* Adaptation of one neuron over one step. For the template half of a file
   (REAL, FN): no include guard. */

/* Decays unless held back, and grows with each spike. */
static inline REAL FN(adapt_spike)(REAL a, REAL decay, REAL increment,
                                   int is_held, int spike)
{
    return (is_held ? a : a * decay) + (spike ? increment : 0);
}

/* tc da/dt = coupling (v - rest) - a by an Euler step, `rate` is dt / tc,
   unless held back; grows with each spike. `above` is v - rest. */
static inline REAL FN(adapt_voltage)(REAL a, REAL above, REAL rate,
                                     REAL coupling, REAL increment,
                                     int is_held, int spike)
{
    REAL next = a + rate * (coupling * above - a);
    return (is_held ? a : next) + (spike ? increment : 0);
}
