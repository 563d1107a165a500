/* Events are handed on as those of one sample by a view of the list; each place
   of a delayed weight by itself, as its time is its own. */
#include "train/pairing.h"

void snn_pair_some(const snn_connection *connection, snn_pairing *pairing,
                   const snn_events *spikes, const snn_tensor *trace,
                   int64_t sample, int32_t from, int32_t to, double scale,
                   snn_delta *delta)
{
    int32_t offset[] = { 0, to - from };
    snn_events some = { .rows = 1, .columns = spikes->columns,
                        .count = to - from, .offset = offset,
                        .index = spikes->index + from };
    snn_tensor row = *trace; /* borrowed, contiguous as all records are */
    row.offset += sample * (snn_tensor_count(trace) / trace->shape.size[0]);
    row.shape.size[0] = 1;
    pairing(connection, &some, &row, scale, delta);
}

#define PLACES(REAL, name)                                                    \
    static void name(const snn_events *arrived, const double *scale,          \
                     const REAL *trace, int64_t columns, REAL *data)          \
    {                                                                         \
        for (int64_t b = 0; b < arrived->rows; b++, trace += columns)         \
            for (int32_t e = arrived->offset[b]; e < arrived->offset[b + 1];  \
                 e++) {                                                       \
                int32_t place = arrived->index[e];                            \
                data[place] += (REAL)scale[e] *                               \
                               trace[place % (int32_t)columns];               \
            }                                                                 \
    }
PLACES(double, places_f64)
PLACES(float, places_f32)

void snn_pair_each_place(const snn_events *arrived, const double *scale,
                         const snn_tensor *post_trace, snn_delta *delta)
{
    void *data = snn_delta_edit(delta);
    if (delta->dtype == SNN_FLOAT64)
        places_f64(arrived, scale, snn_tensor_f64(post_trace), delta->columns,
                   data);
    else
        places_f32(arrived, scale, snn_tensor_f32(post_trace), delta->columns,
                   data);
    for (int64_t e = 0; e < arrived->count; e++)
        snn_delta_mark_row(delta, arrived->index[e] / delta->columns);
}
