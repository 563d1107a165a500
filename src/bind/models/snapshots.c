/* Each table: the engine's functions under one type (bind/object/object.h). */
#include "bind/models/snapshots.h"

#include "connection/snapshot.h"
#include "neuron/snapshot.h"
#include "observe/snapshot.h"
#include "readout/max_rate.h"
#include "synapse/synapse.h"

static snn_status take_neuron(void *self, void *out, snn_fail *fail)
{
    return snn_neuron_snapshot_take(self, out, fail);
}

static void restore_neuron(void *self, void *snapshot)
{
    snn_neuron_snapshot_restore(self, snapshot);
}

static void drop_neuron(void *self, void *snapshot)
{
    snn_neuron_snapshot_drop(self, snapshot);
}

const snn_snapshots snn_neuron_snapshots = {
    sizeof(snn_neuron_snapshot), take_neuron, restore_neuron, drop_neuron
};

static snn_status take_synapse(void *self, void *out, snn_fail *fail)
{
    return snn_synapse_snapshot_take(self, out, fail);
}

static void restore_synapse(void *self, void *snapshot)
{
    snn_synapse_snapshot_restore(self, snapshot);
}

static void drop_synapse(void *self, void *snapshot)
{
    (void)self;
    snn_synapse_snapshot_drop(snapshot);
}

const snn_snapshots snn_synapse_snapshots = {
    sizeof(snn_synapse_snapshot), take_synapse, restore_synapse, drop_synapse
};

static snn_status take_connection(void *self, void *out, snn_fail *fail)
{
    return snn_connection_snapshot_take(self, out, fail);
}

static void restore_connection(void *self, void *snapshot)
{
    snn_connection_snapshot_restore(self, snapshot);
}

static void drop_connection(void *self, void *snapshot)
{
    (void)self;
    snn_connection_snapshot_drop(snapshot);
}

const snn_snapshots snn_connection_snapshots = {
    sizeof(snn_connection_snapshot), take_connection, restore_connection, drop_connection
};

static snn_status take_reducer(void *self, void *out, snn_fail *fail)
{
    return snn_reducer_snapshot_take(self, out, fail);
}

static void restore_reducer(void *self, void *snapshot)
{
    snn_reducer_snapshot_restore(self, snapshot);
}

static void drop_reducer(void *self, void *snapshot)
{
    (void)self;
    snn_reducer_snapshot_drop(snapshot);
}

const snn_snapshots snn_reducer_snapshots = {
    sizeof(snn_reducer_snapshot), take_reducer, restore_reducer, drop_reducer
};

static snn_status take_classifier(void *self, void *out, snn_fail *fail)
{
    return snn_max_rate_save(self, out, fail);
}

static void restore_classifier(void *self, void *snapshot)
{
    snn_max_rate_restore(self, snapshot);
}

static void drop_classifier(void *self, void *snapshot)
{
    (void)self;
    snn_max_rate_drop(snapshot);
}

const snn_snapshots snn_classifier_snapshots = {
    sizeof(snn_max_rate_state), take_classifier, restore_classifier, drop_classifier
};
