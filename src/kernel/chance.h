/* Logarithms of probabilities, of single elements: right where the probability
   itself is 0 or 1 in double. */
#ifndef SNN_KERNEL_CHANCE_H
#define SNN_KERNEL_CHANCE_H

/* exp(t^2) erfc(t), t >= 0 */
double snn_erfcx(double t);

/* log P(Z <= z) of the standard normal distribution. */
double snn_log_ndtr(double z);

/* log(rate^k exp(-rate) / Gamma(k + 1)), the Poisson distribution's for a
   whole k: -infinity for k below 0 or where rate is 0 and k is not, NaN for a
   rate below 0. */
double snn_log_poisson(double k, double rate);

#endif
