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

/* tc dv/dt = affinity (v - rest) (v - crit) + R I by an Euler step; `rate` is
   dt / tc. */
static inline REAL FN(integrate_quadratic)(REAL v, REAL current, REAL rest,
                                           REAL crit, REAL affinity, REAL rate,
                                           REAL resistance)
{
    REAL drift = affinity * (v - rest) * (v - crit);
    return v + rate * (drift + resistance * current);
}

/* tc dv/dt = -(v - rest) + sharpness exp((v - rheobase) / sharpness) + R I by
   an Euler step; `growth` is the exponential (without sharpness), `rate` is
   dt / tc. */
static inline REAL FN(integrate_exponential)(REAL v, REAL current, REAL rest,
                                             REAL growth, REAL sharpness,
                                             REAL rate, REAL resistance)
{
    REAL drift = rest - v + sharpness * growth;
    return v + rate * (drift + resistance * current);
}
