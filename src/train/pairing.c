/* Events are handed on as those of one sample by a view of the list; each place
   of a delayed weight by itself, as its time is its own. */
#include "train/pairing.h"

#include "connection/sparse.h"

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

/* Of compressed rows: the output of a place is listed. */
#define PLACES(REAL, name)                                                    \
    static void name(const snn_events *arrived, int64_t sample,               \
                     const double *scale, const REAL *trace, int64_t columns, \
                     const int32_t *post, REAL *data)                         \
    {                                                                         \
        const int32_t *index = arrived->index;                                \
        int32_t end = arrived->offset[sample + 1];                            \
        trace += sample * columns;                                            \
        for (int32_t e = arrived->offset[sample]; e < end; e++)               \
            data[index[e]] += (REAL)scale[e] * trace[post[index[e]]];         \
    }
PLACES(double, places_f64)
PLACES(float, places_f32)

static void pair_rows(const snn_connection *connection,
                      const snn_events *arrived, int64_t sample,
                      const double *scale, const snn_tensor *post_trace,
                      snn_delta *delta)
{
    const snn_pattern *rows = connection->weight.pattern;
    void *data = snn_delta_edit(delta);
    if (delta->dtype == SNN_FLOAT64)
        places_f64(arrived, sample, scale, snn_tensor_f64(post_trace),
                   rows->outputs, rows->post, data);
    else
        places_f32(arrived, sample, scale, snn_tensor_f32(post_trace),
                   rows->outputs, rows->post, data);
    snn_connection_mark_places(connection, arrived, sample, delta);
}

void snn_pair_weighted_places(const snn_connection *connection,
                              const snn_events *arrived, int64_t sample,
                              const double *scale, const snn_tensor *post_trace,
                              snn_delta *delta)
{
    if (snn_connection_rows_of(connection)) {
        pair_rows(connection, arrived, sample, scale, post_trace, delta);
        return;
    }
    int32_t from = arrived->offset[sample];
    int32_t offset[] = { 0, arrived->offset[sample + 1] - from };
    const snn_pair p = {
        .batch = 1, .rows = delta->rows, .columns = delta->columns,
        .offset = offset, .index = arrived->index + from,
        .trace = (const char *)snn_tensor_data(post_trace) +
                 (size_t)(sample * delta->columns) * snn_dtype_size(delta->dtype),
        .delta = delta->data,
    };
    snn_delta_pair_places(delta, &p, scale + from);
}
