/* A list of which each observer is its own link: joining and leaving need no
   memory. */
#include "layer/observer.h"

#include <stddef.h>

void snn_observer_join(snn_observer *observer, snn_observer **first)
{
    while (*first) first = &(*first)->next;
    observer->next = NULL;
    observer->link = first;
    *first = observer;
}

void snn_observer_leave(snn_observer *observer)
{
    if (!observer->link) return;
    *observer->link = observer->next;
    if (observer->next) observer->next->link = observer->link;
    observer->link = NULL;
}
