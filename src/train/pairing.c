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
    static void name(const snn_events *arrived, int64_t sample,               \
                     const double *scale, const REAL *trace, int64_t columns, \
                     const int32_t *post, REAL *data)                         \
    {                                                                         \
        const int32_t *index = arrived->index;                                \
        int32_t end = arrived->offset[sample + 1];                            \
        trace += sample * columns;                                            \
        for (int32_t e = arrived->offset[sample]; e < end; e++) {             \
            int32_t at = index[e];                                            \
            data[at] += (REAL)scale[e] *                                      \
                        trace[post ? post[at] : at % (int32_t)columns];       \
        }                                                                     \
    }
PLACES(double, places_f64)
PLACES(float, places_f32)

void snn_pair_weighted_places(const snn_connection *connection,
                              const snn_events *arrived, int64_t sample,
                              const double *scale, const snn_tensor *post_trace,
                              snn_delta *delta)
{
    void *data = snn_delta_edit(delta);
    const snn_pattern *rows = snn_connection_rows_of(connection);
    const int32_t *post = rows ? rows->post : NULL;
    int64_t outputs = connection->outputs;
    if (delta->dtype == SNN_FLOAT64)
        places_f64(arrived, sample, scale, snn_tensor_f64(post_trace), outputs,
                   post, data);
    else
        places_f32(arrived, sample, scale, snn_tensor_f32(post_trace), outputs,
                   post, data);
    const int32_t *index = arrived->index;
    int32_t end = arrived->offset[sample + 1];
    for (int32_t e = arrived->offset[sample]; e < end; e++)
        if (rows)
            snn_delta_mark_column(delta, index[e]);
        else
            snn_delta_mark_row(delta, index[e] / outputs);
}
