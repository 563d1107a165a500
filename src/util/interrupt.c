/* One flag, set by a signal handler and read between blocks of work; who
   reads it while it checks takes the wish back. */
#include "util/interrupt.h"

#include <stdatomic.h>

static atomic_bool wanted;
static atomic_bool seen;

void snn_interrupt_set(void)
{
    atomic_store(&seen, false);
    atomic_store(&wanted, true);
}

void snn_interrupt_clear(void) { atomic_store(&wanted, false); }

bool snn_interrupt_wanted(void)
{
    return atomic_load_explicit(&wanted, memory_order_relaxed);
}

snn_status snn_interrupt_check(const char *where, snn_fail *fail)
{
    if (!snn_interrupt_wanted()) return SNN_OK;
    snn_interrupt_clear();
    return snn_fail_set(fail, SNN_INTERRUPT, "%s: interrupted", where);
}

void snn_interrupt_note_seen(void) { seen = true; }

bool snn_interrupt_take_seen(void) { return atomic_exchange(&seen, false); }
