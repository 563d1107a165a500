/* Who records the steps of a group: in a layer or out of it, each step that is made
   is recorded at its end, and taken back where a layer takes the step back. */
#include "neuron/group.h"

void snn_neuron_watch(snn_neuron *neuron, snn_watch *watch)
{
    snn_watch **at = &neuron->watch;
    while (*at) at = &(*at)->next;
    watch->next = NULL;
    watch->link = at;
    *at = watch;
}

void snn_neuron_unwatch(snn_watch *watch)
{
    if (!watch->link) return;
    *watch->link = watch->next;
    if (watch->next) watch->next->link = watch->link;
    watch->link = NULL;
    watch->next = NULL;
}

snn_status snn_neuron_prepare_watch(const snn_neuron *neuron, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (snn_watch *w = neuron->watch; w && !status; w = w->next)
        status = w->prepare(w->self, neuron, fail);
    return status;
}

void snn_neuron_record_watch(snn_neuron *neuron)
{
    neuron->recorded++;
    for (snn_watch *w = neuron->watch; w; w = w->next) w->record(w->self, neuron);
}

uint64_t snn_neuron_recorded(const snn_neuron *neuron) { return neuron->recorded; }

void snn_neuron_undo_watch(snn_neuron *neuron, uint64_t recorded)
{
    for (; neuron->recorded > recorded; neuron->recorded--)
        for (snn_watch *w = neuron->watch; w; w = w->next) w->undo(w->self);
}
