/* Weighted sums at outputs (connection/sums.h), of which few are met in a step: what
   arrives is added where it arrives, and what was there is written down, so that the
   step can be taken back. */
#ifndef SNN_CONNECTION_SUMS_SOME_H
#define SNN_CONNECTION_SUMS_SOME_H

#include <stddef.h>

#include "connection/sums_view.h"
#include "kernel/sparse.h"
#include "util/fail.h"

/* A sum as it was before the newest step. */
typedef struct snn_sums_old {
    int64_t at; /* in (B, outputs); -1: none */
    double y;
} snn_sums_old;

typedef struct snn_sums_log {
    snn_sums_old *old;
    int64_t count, most;
    void *room;        /* (B, outputs) of the real type: zeros between steps */
    size_t room_bytes;
} snn_sums_log;

void snn_sums_log_clear(snn_sums_log *log);
/* What is written down, with no room for another step. */
snn_status snn_sums_log_copy(const snn_sums_log *log, snn_fail *fail,
                             snn_sums_log *out);
/* Puts back what was; nothing is written down then. */
void snn_sums_log_take_back(snn_sums_log *log, double *y);

/* y += growth gain . sum of the weights of what arrives; out is the view of y. */
typedef struct snn_sums_some {
    snn_csr of;
    int64_t batch;
    const int32_t *offset, *index; /* (B + 1) events, rows ascend per sample */
    const void *weight;
    double gain, growth;
    double *y;                     /* (B, C) */
    snn_sums_view view;
    void *out;                     /* (B, C); NULL: it is not written */
} snn_sums_some;

/* The elements that such events meet. */
int64_t snn_sums_some_count(const snn_sums_some *s);
/* Room in the log for a step of `count` elements. */
snn_status snn_sums_log_open(snn_sums_log *log, const snn_sums_some *s,
                             int64_t count, bool is_f64, snn_fail *fail);
/* The step. False where a sum is no finite number: then it was taken back. */
bool snn_sums_some_run(const snn_sums_some *s, int64_t count, bool is_f64,
                       snn_sums_log *log);

/* Columns [from, to) of samples [first, end). */
struct snn_sums_work;
typedef void snn_sums_some_fn(struct snn_sums_work *work, int64_t first, int64_t end,
                              int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_sums_some_fn, snn_sums_some_part);

#endif
