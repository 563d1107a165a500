/* Where delays may change, the input's records are kept as they were sent, and
   each place of the weight is looked up at its delay; else as they arrived. */
#include "train/records.h"

const snn_tensor *snn_record_line_up(const snn_unit *unit, bool is_post,
                                     const snn_tensor *t, snn_calc *calc)
{
    const snn_connection *c = unit->cell->connection;
    snn_receptive *line_up =
        is_post ? c->model->post_receptive : c->model->pre_receptive;
    const snn_tensor *real =
        snn_calc_to(calc, t, snn_connection_common(c)->dtype);
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return t;
    return snn_calc_made(calc, line_up(c, real, calc->fail, out), out);
}

static const snn_tensor *at(const snn_recorder *recorder, double ago,
                            snn_calc *calc)
{
    if (ago == 0) return snn_reducer_latest(&recorder->reducer);
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return snn_reducer_latest(&recorder->reducer);
    return snn_calc_made(
        calc, snn_reducer_view(&recorder->reducer, ago, 0, calc->fail, out),
        out);
}

const snn_tensor *snn_record_post(const snn_unit *unit, const char *name,
                                  double ago, snn_calc *calc)
{
    const snn_recorder *recorder = snn_unit_recorder(unit, name);
    return snn_record_line_up(unit, true, at(recorder, ago, calc), calc);
}

/* At the delays that are now. */
static const snn_tensor *look_up(const snn_unit *unit,
                                 const snn_recorder *recorder, double ago,
                                 snn_calc *calc)
{
    snn_tensor *selector = snn_calc_new(calc);
    const snn_tensor *times = selector;
    if (!selector) return snn_reducer_latest(&recorder->reducer);
    times = snn_calc_made(calc,
                          snn_connection_selector(unit->cell->connection,
                                                  calc->fail, selector),
                          selector);
    if (ago > 0) times = snn_calc_number(calc, SNN_OP_ADD, times, ago);
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return times;
    return snn_calc_made(
        calc,
        snn_unit_view(unit, recorder, times, NULL, calc->fail, out), out);
}

const snn_tensor *snn_record_pre(const snn_unit *unit, const char *name,
                                 double ago, snn_calc *calc)
{
    const snn_recorder *recorder = snn_unit_recorder(unit, name);
    bool is_sent = snn_unit_args(unit)->delayed && snn_unit_delay(unit) > 0 &&
                   recorder->source == SNN_PRE;
    return snn_record_line_up(unit, false,
                              is_sent ? look_up(unit, recorder, ago, calc)
                                      : at(recorder, ago, calc),
                              calc);
}
