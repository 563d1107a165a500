/* Membrane integration over one step. For the template half of a file (REAL,
   FN): no include guard. */

/* tc dv/dt = -(v - rest) + R I with I constant in the step, exactly:
   v' = rest + (v - rest) decay + R I (1 - decay), decay = exp(-dt / tc);
   `gain` is R (1 - decay). */
static inline REAL FN(integrate_linear)(REAL v, REAL current, REAL rest,
                                        REAL decay, REAL gain)
{
    return rest + ((v - rest) * decay + current * gain);
}
