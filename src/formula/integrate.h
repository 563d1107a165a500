/* Membrane integration over one step: the change of the voltage v + rest, which
   is a pair (formula/fine.h; what rounding left is called `low` here). For the
   template half of a file (REAL, FN): no include guard. */

/* tc dv/dt = -(v - rest) + R I with I constant in the step, exactly:
   v' = v + (rest - v + R I) gone, gone = 1 - exp(-dt / tc). The greater terms
   come first: near the equilibrium they cancel. */
static SNN_INLINE REAL FN(integrate_linear)(REAL v, REAL low, REAL current,
                                            REAL rest, REAL gone,
                                            REAL resistance)
{
    return ((rest - v + resistance * current) - low) * gone;
}

/* tc dv/dt = affinity (v - rest) (v - crit) + R I by an Euler step; `rate` is
   dt / tc. */
static SNN_INLINE REAL FN(integrate_quadratic)(REAL v, REAL low, REAL current,
                                               REAL rest, REAL crit,
                                               REAL affinity, REAL rate,
                                               REAL resistance)
{
    REAL drift = affinity * (v - rest + low) * (v - crit + low);
    return rate * (drift + resistance * current);
}

/* tc dv/dt = -(v - rest) + sharpness exp((v - rheobase) / sharpness) + R I by
   an Euler step; `growth` is the exponential (without sharpness), `rate` is
   dt / tc. */
static SNN_INLINE REAL FN(integrate_exponential)(REAL v, REAL low, REAL current,
                                                 REAL rest, REAL growth,
                                                 REAL sharpness, REAL rate,
                                                 REAL resistance)
{
    REAL drift = rest - v + sharpness * growth;
    return rate * (drift + resistance * current - low);
}
