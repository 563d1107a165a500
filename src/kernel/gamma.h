/* The incomplete gamma function, of single elements. */
#ifndef SNN_KERNEL_GAMMA_H
#define SNN_KERNEL_GAMMA_H

/* Q(a, x), the upper integral of t^(a - 1) exp(-t) from x on, over Gamma(a):
   from 1 at x = 0 down to 0, for a > 0 and x >= 0; NaN elsewhere, but 0 at
   a = 0 < x. For an integral a it is the probability that a Poisson number of
   mean x is below a. */
double snn_gamma_upper(double a, double x);
/* Its logarithm, also where Q is 0 or 1 in double. */
double snn_log_gamma_upper(double a, double x);

#endif
