/* Real numbers as text: with a point, whatever the process's locale writes, and
   with the fewest decimal digits that read back as the same number, so at most
   17 of a double and 9 of a float. Errors, tostring and files take their
   numbers from here; no other file has a conversion of printf's for reals. */
#ifndef SNN_UTIL_NUMBER_H
#define SNN_UTIL_NUMBER_H

#include <stdbool.h>

/* A finite number, digit[0].digit[1]digit[2]... * 10^exponent: no zeros at the
   end, but one digit "0" for zero. */
typedef struct snn_decimal {
    char digit[20];
    int count, exponent;
    bool is_negative; /* the sign's bit: of -0 too */
} snn_decimal;

/* The digits of `v`, as a float's where `is_single`. Of all that are as short,
   the nearest to `v`. */
void snn_decimal_of(double v, bool is_single, snn_decimal *out);

/* Text as a value: `snn_real(v).text` lives as long as the call that it is an
   argument of. */
typedef struct snn_number {
    char text[48];
} snn_number;

/* "0.1", "-65", "1e-05", "nan", "inf": a double's, a float's. */
snn_number snn_real(double v);
snn_number snn_single(float v);
/* Rounded to that many digits, at most 17. */
snn_number snn_rounded(double v, int digits);
/* With that many decimals, at most 15; as snn_real from 1e15 on. */
snn_number snn_fixed(double v, int decimals);

#endif
