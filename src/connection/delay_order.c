/* Rows are sorted by counting, stably: targets of one delay keep their order. */
#include "connection/delay_order.h"

#include <math.h>
#include <string.h>

#include "util/interrupt.h"
#include "util/mem.h"

enum { MOST_AGES = 1 << 16, SHORT_ROW = 1 << 16 };

/* To work a factor out where it arrives takes 0.1 us, to read it 0.01. */
int64_t snn_delay_factors_kept = 16 << 20;

void snn_delay_order_clear(snn_delay_order *order)
{
    snn_mem_free(order->ages);
    snn_mem_free(order->age_of);
    snn_mem_free(order->latest);
    snn_mem_free(order->order);
    snn_mem_free(order->factor);
    snn_mem_free(order->drive);
    *order = (snn_delay_order){ .is_known = false };
}

bool snn_delay_order_is_of(const snn_delay_order *order, const snn_param *delay,
                           const snn_synapse *synapse)
{
    /* codes that were spread are the same delays */
    const bool is_there = order->age_of   ? delay->codes != NULL
                          : order->latest ? snn_param_is_laid(delay)
                                          : true;
    return order->is_known && is_there && order->version == delay->version &&
           order->settings == snn_synapse_settings(synapse);
}

int64_t snn_delay_order_bytes(const snn_delay_order *order)
{
    const int64_t n = order->is_known && !order->is_uniform ? order->count : 0;
    int64_t bytes = 0;
    if (order->ages) bytes += n * (int64_t)sizeof *order->ages;
    if (order->order) bytes += n * (order->is_short ? 2 : 4);
    if (order->factor) bytes += n * order->size;
    if (order->drive) bytes += n * order->size;
    return bytes;
}

/* What is needed while one is made. */
typedef struct maker {
    snn_delay_order *order;
    const snn_param *delay;
    const snn_synapse *synapse;
    bool of_spikes, is_f64;
    int64_t longest;   /* row */
    int64_t least, most; /* ages that there are */
    bool is_sorted, has_factors;
    bool is_number;    /* no delay is NaN */
    double *earliest, *latest; /* (ages) delays of each age */
    int32_t *age;      /* (longest) of a row */
    void *kinds;       /* of codes, of the real type */
    int32_t *age_of;   /* (kinds) */
    void *factor_of, *drive_of; /* (kinds) */
    int64_t *bin;      /* (most - least + 2) */
} maker;

static const void *times_of(const maker *m, int64_t first)
{
    const char *data = snn_param_data(m->delay);
    return data + first * (int64_t)snn_dtype_size(m->delay->value.dtype);
}

/* Numbers of the elements' kinds, into their place unless that is NULL. */
static void look_up(const maker *m, void *to, const void *of_kinds,
                    int64_t first, int64_t length)
{
    const uint16_t *code = m->delay->codes->code + first;
    const size_t size = snn_dtype_size(m->delay->value.dtype);
    for (int64_t k = 0; k < length && to; k++)
        memcpy((char *)to + (size_t)(first + k) * size,
               (const char *)of_kinds + code[k] * size, size);
}

/* The same of codes, whose kinds were looked up. */
static void read_codes(const maker *m, int64_t first, int64_t length)
{
    const uint16_t *code = m->delay->codes->code + first;
    for (int64_t k = 0; k < length; k++) m->age[k] = m->age_of[code[k]];
    look_up(m, m->order->factor, m->factor_of, first, length);
    look_up(m, m->order->drive, m->drive_of, first, length);
}

/* The ages of a row, and its factors, unless NULL, into their place. */
static void read_row(const maker *m, int64_t first, int64_t length)
{
    char *factor = m->order->factor, *drive = m->order->drive;
    size_t at = (size_t)first * snn_dtype_size(m->delay->value.dtype);
    if (m->delay->codes)
        read_codes(m, first, length);
    else
        snn_synapse_ages(m->synapse, m->of_spikes, times_of(m, first), length,
                         m->age, factor ? factor + at : NULL,
                         drive ? drive + at : NULL);
}

/* Are all factors of the row 1? */
static bool is_plain(const maker *m, int64_t first, int64_t length)
{
    const float *f = m->order->factor;
    const double *d = m->order->factor;
    bool is = true;
    for (int64_t k = first; k < first + length; k++)
        is = is && (m->is_f64 ? d[k] == 1 : f[k] == 1);
    return is;
}

static snn_status look(int64_t row, snn_fail *fail)
{
    return row % 64 ? SNN_OK : snn_interrupt_check("delay", fail);
}

/* The delays of each age, as far as they say it by themselves. */
static void note_times(maker *m, int64_t first, int64_t length)
{
    const snn_row_ages times = { .time = snn_param_data(m->delay),
                                 .is_f64 = m->is_f64 };
    for (int64_t k = 0; k < length && m->latest; k++) {
        const double t = snn_row_time(&times, first + k);
        const int32_t age = m->age[k];
        if (t != t) m->is_number = false;
        m->latest[age] = fmax(m->latest[age], t);
        m->earliest[age] = fmin(m->earliest[age], t);
    }
}

/* What ages there are, and whether rows are sorted already. */
static snn_status survey(maker *m, snn_fail *fail)
{
    snn_status status = SNN_OK;
    m->least = INT64_MAX;
    m->is_sorted = m->is_number = true;
    for (int64_t r = 0; r < m->delay->pattern->inputs && !status; r++) {
        int64_t length, first = snn_delay_row(m->delay, r, &length);
        read_row(m, first, length);
        for (int64_t k = 0; k < length; k++) {
            if (m->age[k] < m->least) m->least = m->age[k];
            if (m->age[k] > m->most) m->most = m->age[k];
            if (k > 0 && m->age[k] < m->age[k - 1]) m->is_sorted = false;
        }
        note_times(m, first, length);
        if (m->order->factor && !is_plain(m, first, length))
            m->has_factors = true;
        status = look(r, fail);
    }
    return status;
}

static void put_order(const snn_delay_order *o, int64_t at, int64_t k)
{
    if (o->is_short)
        ((uint16_t *)o->order)[at] = (uint16_t)k;
    else
        ((int32_t *)o->order)[at] = (int32_t)k;
}

static void sort_row(const maker *m, int64_t first, int64_t length)
{
    const snn_delay_order *o = m->order;
    int64_t bins = m->most - m->least + 2;
    memset(m->bin, 0, (size_t)bins * sizeof *m->bin);
    for (int64_t k = 0; k < length; k++) m->bin[m->age[k] - m->least + 1]++;
    for (int64_t i = 1; i < bins; i++) m->bin[i] += m->bin[i - 1];
    for (int64_t k = 0; k < length; k++) {
        int64_t at = first + m->bin[m->age[k] - m->least]++;
        o->ages[at] = (uint16_t)m->age[k];
        if (o->order) put_order(o, at, k);
    }
}

static snn_status sort(maker *m, snn_fail *fail)
{
    snn_status status = SNN_OK;
    snn_delay_order *o = m->order;
    size_t count = (size_t)snn_param_count(m->delay);
    o->is_short = m->longest <= SHORT_ROW;
    o->ages = snn_mem_alloc(count * sizeof *o->ages);
    if (!m->is_sorted)
        o->order = snn_mem_alloc(count * (o->is_short ? 2 : sizeof(int32_t)));
    m->bin = snn_mem_alloc((size_t)(m->most - m->least + 2) * sizeof *m->bin);
    if (!o->ages || !m->bin || (!m->is_sorted && !o->order))
        return snn_fail_memory(fail, "delay", count * sizeof *o->ages);
    for (int64_t r = 0; r < m->delay->pattern->inputs && !status; r++) {
        int64_t length, first = snn_delay_row(m->delay, r, &length);
        read_row(m, first, length);
        sort_row(m, first, length);
        status = look(r, fail);
    }
    return status;
}

static void be_uniform(snn_delay_order *o, int64_t age, double one, double drive)
{
    o->is_uniform = true;
    o->age = age;
    o->one = one;
    o->one_drive = drive;
}

/* A number that all share. */
static void make_one(maker *m)
{
    int32_t age = 0;
    double wide = 1, wide_drive = 0;
    float narrow = 1, narrow_drive = 0;
    snn_synapse_ages(m->synapse, m->of_spikes, snn_param_data(m->delay), 1, &age,
                     m->is_f64 ? (void *)&wide : &narrow,
                     m->is_f64 ? (void *)&wide_drive : &narrow_drive);
    be_uniform(m->order, age, m->is_f64 ? wide : (double)narrow,
               m->is_f64 ? wide_drive : (double)narrow_drive);
}

/* Ages that are read of delays where they lie: of codes, or by the latest of each. */
static snn_status by_kinds(const maker *m, snn_fail *fail)
{
    const int64_t n = m->delay->codes->kinds;
    m->order->age_of = snn_mem_alloc((size_t)n * sizeof *m->order->age_of);
    if (!m->order->age_of) return snn_fail_memory(fail, "delay", (size_t)n * 2);
    for (int64_t k = 0; k < n; k++) m->order->age_of[k] = (uint16_t)m->age_of[k];
    return SNN_OK;
}

/* False where delays do not say their ages: some have moved out of the history. */
static bool may_say(const maker *m)
{
    double before = -INFINITY;
    for (int64_t age = m->least; age <= m->most && m->latest; age++) {
        if (m->latest[age] < m->earliest[age]) continue; /* there is none */
        if (!(m->earliest[age] > before)) return false;
        before = m->latest[age];
    }
    return m->latest && m->is_number;
}

/* Nothing is held for each element then, but for factors of two parts, and few ones. */
static snn_status by_times(const maker *m, snn_fail *fail)
{
    snn_delay_order *o = m->order;
    const size_t n = (size_t)(m->most - m->least + 1);
    double before = -INFINITY;
    o->latest = snn_mem_alloc(n * sizeof *o->latest);
    if (!o->latest) return snn_fail_memory(fail, "delay", n * sizeof *o->latest);
    o->least = m->least;
    o->most = m->most;
    for (int64_t age = m->least; age <= m->most; age++) {
        before = fmax(before, m->latest[age]);
        o->latest[age - m->least] = before;
    }
    if (o->drive || o->count * o->size < snn_delay_factors_kept) return SNN_OK;
    o->has_shares = o->factor != NULL;
    snn_mem_free(o->factor);
    o->factor = NULL;
    return SNN_OK;
}

static int64_t longest_row(const snn_param *delay)
{
    int64_t most = 1;
    for (int64_t r = 0; r < delay->pattern->inputs; r++) {
        int64_t length;
        snn_delay_row(delay, r, &length);
        if (length > most) most = length;
    }
    return most;
}

/* For a row, and for the delays of each age where these may say it. */
static snn_status make_room(maker *m, snn_fail *fail)
{
    const size_t ages = (size_t)snn_synapse_steps(m->synapse) + 1;
    const size_t bytes = 2 * ages * sizeof *m->latest;
    m->longest = longest_row(m->delay);
    m->age = snn_mem_alloc((size_t)m->longest * sizeof *m->age);
    if (!m->age) return snn_fail_memory(fail, "delay", (size_t)m->longest * 4);
    if (m->delay->codes || !m->delay->pattern->first) return SNN_OK;
    m->latest = snn_mem_alloc(bytes);
    if (!m->latest) return snn_fail_memory(fail, "delay", bytes);
    m->earliest = m->latest + ages;
    for (size_t i = 0; i < ages; i++) {
        m->latest[i] = -INFINITY;
        m->earliest[i] = INFINITY;
    }
    return SNN_OK;
}

/* The ages of the kinds of codes. */
static snn_status read_kinds(maker *m, snn_fail *fail)
{
    const snn_codes *c = m->delay->codes;
    const size_t n = (size_t)c->kinds, size = snn_dtype_size(m->delay->value.dtype);
    m->kinds = snn_mem_alloc(3 * n * size);
    m->age_of = snn_mem_alloc(n * sizeof *m->age_of);
    if (!m->kinds || !m->age_of) return snn_fail_memory(fail, "delay", n * size);
    m->factor_of = (char *)m->kinds + n * size;
    m->drive_of = (char *)m->kinds + 2 * n * size;
    for (size_t k = 0; k < n; k++) {
        if (m->is_f64)
            ((double *)m->kinds)[k] = c->kind[k];
        else
            ((float *)m->kinds)[k] = (float)c->kind[k];
    }
    snn_synapse_ages(m->synapse, m->of_spikes, m->kinds, c->kinds, m->age_of,
                     m->of_spikes ? NULL : m->factor_of,
                     m->order->drive ? m->drive_of : NULL);
    return SNN_OK;
}

static snn_status make_all(maker *m, snn_fail *fail)
{
    snn_delay_order *o = m->order;
    size_t size = snn_dtype_size(m->delay->value.dtype);
    size_t bytes = (size_t)snn_param_count(m->delay) * size;
    snn_status status = make_room(m, fail);
    if (status) return status;
    o->count = snn_param_count(m->delay);
    o->size = (int64_t)size;
    if (!m->of_spikes) {
        const bool is_driven = snn_synapse_stored(m->synapse) > 1;
        o->factor = snn_mem_alloc(bytes);
        if (o->factor && is_driven) o->drive = snn_mem_alloc(bytes);
        if (!o->factor || (is_driven && !o->drive))
            return snn_fail_memory(fail, "delay", bytes);
    }
    if (m->delay->codes) status = read_kinds(m, fail);
    if (!status) status = survey(m, fail);
    if (status) return status;
    if (!m->has_factors) {
        snn_mem_free(o->factor);
        snn_mem_free(o->drive);
        o->factor = o->drive = NULL;
    }
    bool is_uniform = m->least >= m->most && !m->has_factors;
    if (is_uniform)
        be_uniform(o, m->most, 1, 0);
    else if (m->is_sorted && m->delay->codes)
        status = by_kinds(m, fail);
    else if (m->is_sorted && may_say(m))
        status = by_times(m, fail);
    else
        status = sort(m, fail);
    return status;
}

snn_status snn_delay_order_make(snn_delay_order *order, const snn_param *delay,
                                const snn_synapse *synapse, bool of_spikes,
                                snn_fail *fail)
{
    snn_status status = SNN_OK;
    snn_delay_order_clear(order);
    if (snn_synapse_steps(synapse) > MOST_AGES) return SNN_OK;
    maker m = { .order = order, .delay = delay, .synapse = synapse,
                .of_spikes = of_spikes || !snn_synapse_decays(synapse),
                .is_f64 = delay->value.dtype == SNN_FLOAT64 };
    if (snn_param_is_shared(delay))
        make_one(&m);
    else if (snn_param_count(delay) > 0)
        status = make_all(&m, fail);
    else
        be_uniform(order, 0, 1, 0);
    snn_mem_free(m.age);
    snn_mem_free(m.bin);
    snn_mem_free(m.latest);
    snn_mem_free(m.kinds);
    snn_mem_free(m.age_of);
    if (status) {
        snn_delay_order_clear(order);
        return status;
    }
    order->is_known = true;
    order->version = delay->version;
    order->settings = snn_synapse_settings(synapse);
    return SNN_OK;
}
