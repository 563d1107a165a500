/* The targets of each input in the order of their delays. A delay is a whole number
   of steps, its age, by which the currents of the synapse are read, or its spikes;
   a current that decays and is read between two steps is that of the older one
   times a factor; of two, the first has had a share of the second by then.

   Worked out of the delays and the synapse's settings, and anew when these change.
   Where delays lie in the order that is wanted, as those of a LinearSparse do when it
   is made, nothing is held for each of them. */
#ifndef SNN_CONNECTION_DELAY_ORDER_H
#define SNN_CONNECTION_DELAY_ORDER_H

#include "synapse/synapse.h"
#include "update/param.h"

typedef struct snn_delay_order {
    bool is_known;
    bool is_uniform;   /* one age for all; nothing else is held then but `age` and */
    int64_t age;       /* `one` */
    double one, one_drive; /* of all */
    /* ages of the elements in the order of each row: one of three */
    uint16_t *ages;    /* (count) */
    uint16_t *age_of;  /* (kinds) of the codes of delays that lie in this order */
    double *latest;    /* (most - least + 1) of delays that lie in this order: the */
    int64_t least, most; /* longest one of each age, or of the next lower that there
                            is */
    void *order;       /* (count) which of its row stands there, as uint16 or */
    bool is_short;     /* int32; NULL: they lie so in memory */
    void *factor;      /* (count) of the real type, in the order of memory; NULL: 1, or */
    bool has_shares;   /* worked out of `latest`'s delays where they arrive */
    void *drive;       /* the same of the first of two parts; NULL: 0 */
    int64_t count, size; /* elements, bytes of a factor */
    uint64_t version, settings; /* of the delays, and the synapse */
} snn_delay_order;

void snn_delay_order_clear(snn_delay_order *order);
/* Is it that of the delays as they are? */
bool snn_delay_order_is_of(const snn_delay_order *order, const snn_param *delay,
                           const snn_synapse *synapse);
/* Makes it that; RuntimeError when memory is short, and then it is empty. Of a
   history of 2^16 steps or more it is not known. */
snn_status snn_delay_order_make(snn_delay_order *order, const snn_param *delay,
                                const snn_synapse *synapse, bool of_spikes,
                                snn_fail *fail);

/* Bytes from which on factors are not held; specs set it. */
extern int64_t snn_delay_factors_kept;
int64_t snn_delay_order_bytes(const snn_delay_order *order);

/* The ages of elements in the order of their rows, to read; until the delays change. */
typedef struct snn_row_ages {
    const uint16_t *ages, *code, *age_of;
    const void *time;
    const double *latest;
    int64_t least;
    bool is_f64;
} snn_row_ages;

static inline snn_row_ages snn_delay_order_ages(const snn_delay_order *order,
                                                const snn_param *delay)
{
    return (snn_row_ages){
        .ages = order->ages,
        .code = order->age_of ? delay->codes->code : NULL,
        .age_of = order->age_of,
        .time = order->latest ? snn_param_data(delay) : NULL,
        .latest = order->latest,
        .least = order->least,
        .is_f64 = delay->value.dtype == SNN_FLOAT64,
    };
}

static inline double snn_row_time(const snn_row_ages *a, int64_t at)
{
    return a->is_f64 ? ((const double *)a->time)[at]
                     : (double)((const float *)a->time)[at];
}

/* Of element `at`, which is known to be no less than `from`. */
static inline int64_t snn_row_age(const snn_row_ages *a, int64_t at, int64_t from)
{
    if (a->ages) return a->ages[at];
    if (a->age_of) return a->age_of[a->code[at]];
    const double time = snn_row_time(a, at);
    int64_t age = from > a->least ? from : a->least;
    while (time > a->latest[age - a->least]) age++;
    return age;
}

/* Is it of an age above this one, which there is? */
static inline bool snn_row_is_older(const snn_row_ages *a, int64_t at, int64_t age)
{
    if (a->ages) return a->ages[at] > age;
    if (a->age_of) return a->age_of[a->code[at]] > age;
    return snn_row_time(a, at) > a->latest[age - a->least];
}

/* Where the targets of a row begin, and how many it has. */
static inline int64_t snn_delay_row(const snn_param *delay, int64_t row,
                                    int64_t *length)
{
    const int64_t *first = delay->pattern->first;
    *length = first ? first[row + 1] - first[row] : delay->columns;
    return first ? first[row] : row * delay->columns;
}

#endif
