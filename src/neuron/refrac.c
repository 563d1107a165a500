/* These loops run when a script reads or sets refractory times, not in a
   plain step. */
#ifdef REAL
static inline double FN(refrac_of)(const snn_refrac *r, int64_t i)
{
    return r->each ? r->each[i % r->period] : r->refrac_t;
}

void FN(refrac_read)(const snn_refrac *r, const void *hold_, const void *from_,
                     void *out_)
{
    const REAL *hold = hold_, *from = from_;
    REAL *out = out_;
    const double whole = snn_refrac_count(r->refrac_t, r->step_time);
    for (int64_t i = 0; i < r->n; i++) {
        double f = FN(refrac_of)(r, i);
        double count = r->each ? snn_refrac_count(f, r->step_time) : whole;
        if (from && from[i] != (REAL)f) {
            f = (double)from[i];
            count = snn_refrac_count(f, r->step_time);
        }
        double left = f - (count - (double)hold[i]) * r->step_time;
        out[i] = hold[i] > 0 && left > 0 ? (REAL)left : 0;
    }
}

/* The hold with which a neuron that counts from refrac_t reads `time`;
   negative when there is none. */
static double FN(refrac_find)(const snn_refrac *r, double refrac_t, REAL time)
{
    if (time == 0) return 0;
    double whole = snn_refrac_count(refrac_t, r->step_time);
    double k = rint((refrac_t - (double)time) / r->step_time);
    if (!(k >= 0 && k < whole)) return -1;
    return (REAL)(refrac_t - k * r->step_time) == time ? whole - k : -1;
}

bool FN(refrac_write)(const snn_refrac *r, const void *times_, void *hold_,
                      void *from_)
{
    const REAL *times = times_;
    REAL *hold = hold_, *from = from_;
    bool needed = false;
    for (int64_t i = 0; i < r->n; i++) {
        double refrac_t = FN(refrac_of)(r, i);
        double count = FN(refrac_find)(r, refrac_t, times[i]);
        from[i] = count < 0 ? times[i] : (REAL)refrac_t;
        needed = needed || count < 0;
        if (count < 0)
            count = snn_refrac_count((double)times[i], r->step_time);
        hold[i] = (REAL)count;
    }
    return needed;
}

bool FN(refrac_follow)(const snn_refrac *r, const uint8_t *spike,
                       const void *hold_, void *from_)
{
    const REAL *hold = hold_;
    REAL *from = from_;
    bool needed = false;
    for (int64_t i = 0; i < r->n; i++) {
        REAL refrac_t = (REAL)FN(refrac_of)(r, i);
        from[i] = spike[i] || hold[i] == 0 ? refrac_t : from[i];
        needed = needed || from[i] != refrac_t;
    }
    return needed;
}

/* The first time that cannot be, or n. */
int64_t FN(refrac_find_bad)(const snn_refrac *r, const void *times_)
{
    const REAL *times = times_;
    double most = SNN_REFRAC_MOST * r->step_time;
    for (int64_t i = 0; i < r->n; i++)
        if (!(times[i] >= 0 && (double)times[i] <= most)) return i;
    return r->n;
}

#else
#include "neuron/refrac.h"

#include <inttypes.h>
#include <math.h>

#include "util/isa.h"
#include "util/number.h"

typedef void read_fn(const snn_refrac *, const void *, const void *, void *);
typedef bool write_fn(const snn_refrac *, const void *, void *, void *);
typedef bool follow_fn(const snn_refrac *, const uint8_t *, const void *,
                       void *);
typedef int64_t find_bad_fn(const snn_refrac *, const void *);
SNN_DECLARE_EACH(read_fn, refrac_read);
SNN_DECLARE_EACH(write_fn, refrac_write);
SNN_DECLARE_EACH(follow_fn, refrac_follow);
SNN_DECLARE_EACH(find_bad_fn, refrac_find_bad);
#define SNN_EACH_REAL_FILE "neuron/refrac.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
static read_fn *const reads[SNN_ISAS][2] = SNN_EACH(refrac_read);
static write_fn *const writes[SNN_ISAS][2] = SNN_EACH(refrac_write);
static follow_fn *const follows[SNN_ISAS][2] = SNN_EACH(refrac_follow);
static find_bad_fn *const finds_bad[SNN_ISAS][2] = SNN_EACH(refrac_find_bad);

double snn_refrac_count(double time, double step_time)
{
    double count = ceil(time / step_time - 0.001);
    return count > 0 ? count : 0;
}

void snn_refrac_read(const snn_refrac *r, const void *hold, const void *from,
                     void *out)
{
    reads[snn_isa()][r->dtype == SNN_FLOAT64](r, hold, from, out);
}

bool snn_refrac_write(const snn_refrac *r, const void *times, void *hold,
                      void *from)
{
    return writes[snn_isa()][r->dtype == SNN_FLOAT64](r, times, hold, from);
}

bool snn_refrac_follow(const snn_refrac *r, const uint8_t *spike,
                       const void *hold, void *from)
{
    return follows[snn_isa()][r->dtype == SNN_FLOAT64](r, spike, hold, from);
}

snn_status snn_refrac_check(const snn_refrac *r, const void *times,
                            const char *where, snn_fail *fail)
{
    int64_t i = finds_bad[snn_isa()][r->dtype == SNN_FLOAT64](r, times);
    if (i == r->n) return SNN_OK;
    snn_number t = r->dtype == SNN_FLOAT64
                       ? snn_real(((const double *)times)[i])
                       : snn_single(((const float *)times)[i]);
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: 'refrac' must be from 0 to %d steps of %s ms, "
                        "element %" PRId64 " is %s ms",
                        where, SNN_REFRAC_MOST, snn_real(r->step_time).text,
                        i + 1, t.text);
}
#endif
#endif
