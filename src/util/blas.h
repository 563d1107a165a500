/* OpenBLAS, loaded when the first dense product asks for it: resolving its
   14,000 symbols is 40 % of the program's start, and most networks are driven
   by events. It is told to start no threads of its own.

   Each thread in a product needs a buffer of OpenBLAS's, which asks the system
   for it without end where memory is short. So all are taken before. */
#ifndef SNN_UTIL_BLAS_H
#define SNN_UTIL_BLAS_H

#include <cblas.h>
#include <stdbool.h>

#include "util/fail.h"

/* The functions of cblas.h by the same names, without cblas_. */
typedef struct snn_blas {
    __typeof__(cblas_sgemm) *sgemm;
    __typeof__(cblas_dgemm) *dgemm;
    __typeof__(cblas_sgemv) *sgemv;
    __typeof__(cblas_dgemv) *dgemv;
    __typeof__(cblas_sdot) *sdot;
    __typeof__(cblas_ddot) *ddot;
} snn_blas;

/* Main thread: before a product. RuntimeError when there is no OpenBLAS, or no
   memory for as many buffers as there are threads. */
snn_status snn_blas_load(const char *where, snn_fail *fail);

/* Once that has succeeded. */
const snn_blas *snn_blas_get(void);

/* The library and the kernel that it has chosen for this processor: "OpenBLAS
   0.3.21 SkylakeX". NULL: it is not loaded (with `loads`: it cannot be), so no
   product was computed by it. */
const char *snn_blas_kernel(bool loads);

#endif
