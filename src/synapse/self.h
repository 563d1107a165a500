/* The struct of a synapse, for the files of the generic part. */
#ifndef SNN_SYNAPSE_SELF_H
#define SNN_SYNAPSE_SELF_H

#include "kernel/delay_index.h"
#include "synapse/current.h"
#include "synapse/synapse.h"
#include "util/warn.h"

/* What a synapse is told of, once. */
enum { SNN_SYNAPSE_GRADED_INPUT, SNN_SYNAPSE_OLD_STEPS, SNN_SYNAPSE_CURRENTS };

struct snn_synapse {
    const snn_synapse_model *model;
    void *args;                    /* the model's struct */
    int stored;                    /* parts that are stored */
    bool has_worth;                /* what inputs count as is held beside */
    bool has_fine;                 /* their newest steps are held in double
                                      beside */
    int rings;
    snn_ring ring[SNN_MOST_RINGS]; /* (B, shape...): spikes, bool; the stored
                                      parts; their newest steps in double; what
                                      inputs counted as, empty where 1 each; the
                                      model's own states, double */
    snn_synapse_law law[SNN_MOST_PARTS];
    double driven[64];             /* what so many steps drive; 0: not known yet */
    uint64_t settings;             /* number of the arguments, of all there ever
                                      were */
    snn_trail trail;               /* the parts by events */
    uint64_t flow, flow_before;    /* see snn_synapse_flow; before the newest step */
    int64_t plain;                 /* see snn_synapse_plain; -1: not known */
    uint64_t ticks;
    uint64_t epoch;                /* see snn_synapse_epoch */
    bool can_undo;                 /* the newest change was a step */
    int noted;                     /* see snn_synapse_note */
    snn_told told;                 /* see SNN_SYNAPSE_GRADED_INPUT */
    bool knows_jump;               /* the next step was told */
};

/* A time as a step of the history, `age` back (-1: outside), and `since` ms
   after it: 0, but for what decays between two steps. */
typedef struct snn_delay_index {
    int64_t age;
    double since;
} snn_delay_index;
snn_delay_index snn_delay_index_of(const snn_synapse *synapse, double time, bool is_clamped,
                   bool decays);
/* The same of many clamped times where nothing decays (kernel/delay_index.h), but for
   `time` and `age`. */
snn_delay_times snn_delay_times_of(const snn_synapse *synapse);
/* `since` ms after a step the current is that of the step times the first factor
   and that of the part that drives it times the second. */
void snn_delay_factors(const snn_synapse *synapse, double since,
                     double factor[SNN_MOST_PARTS]);

static inline snn_synapse_args *snn_synapse_common_of(const snn_synapse *s)
{
    return s->args;
}
static inline bool snn_synapse_is_f64(const snn_synapse *s)
{
    return snn_synapse_common_of(s)->dtype == SNN_FLOAT64;
}
uint64_t snn_synapse_next_epoch(void);
/* The ring of what inputs counted as, where there is one. */
static inline int snn_synapse_worth_ring(const snn_synapse *s)
{
    return 1 + s->stored * (s->has_fine ? 2 : 1);
}
/* A number that no state of a synapse has had. */
uint64_t snn_synapse_next_flow(void);
/* A change that is no step: there is nothing to be taken back. */
static inline void snn_synapse_changed(snn_synapse *s)
{
    s->ticks++;
    s->epoch = snn_synapse_next_epoch();
    s->flow = snn_synapse_next_flow();
    s->plain = -1;
    s->can_undo = false;
}
/* ValueError unless the value is of the newest step's shape. */
snn_status snn_synapse_check_step(const snn_synapse *synapse,
                                  const snn_tensor *value, const char *where,
                                  const char *name, snn_fail *fail);
/* The tensor, moved, becomes the newest step of a ring. */
void snn_synapse_replace(snn_synapse *synapse, int ring, snn_tensor *value);
/* Sets parts `first` to first + count - 1, all or none: any dtype, the right
   shape. */
snn_status snn_synapse_set_parts(snn_synapse *synapse, int first, int count,
                                 const snn_tensor *const value[],
                                 snn_fail *fail);
/* A number of the arguments that say what currents follow and where they are read. */
uint64_t snn_synapse_law_digest(const snn_synapse *synapse);
/* The newest step of a stored part, as finely as it is held. */
const double *snn_synapse_finest(const snn_synapse *synapse, int part);
/* Trails (trail.c). Before rings are written the trail is released: all currents
   are in the rings then, and they are the truth. Anything but a load that changes
   the synapse clears it, once it cannot fail any more: a trail that was loaded ends
   there too. */
snn_status snn_trail_release(snn_synapse *synapse, snn_fail *fail);
/* From rings to a trail, which changes no current. */
snn_status snn_trail_take(snn_synapse *synapse, snn_fail *fail);
/* Whether nothing has spiked in the history and no current is left, which follows
   from no spikes. */
bool snn_trail_is_silent(const snn_synapse *synapse);
/* A step by events: what those of `spike` make, each worth 1 or what `graded` has
   there, into `after`, and what those of the newest one found, into `found`; then
   that becomes the newest step, before the ring of spikes does, which cannot
   fail. */
snn_status snn_trail_step(snn_synapse *synapse, const snn_tensor *spike,
                          snn_tensor *graded, snn_fail *fail,
                          snn_tensor *after, snn_tensor *found);
void snn_trail_push(snn_synapse *synapse, snn_tensor *after, snn_tensor *found);
void snn_trail_undo(snn_trail *trail);
/* The currents of the steps before the newest that are not in the rings yet
   (trail_past.c); what it takes of trail.c: how many elements there are, values of
   a trail from element `first` on at its step, a rounded copy. */
enum { SNN_TRAIL_PORTION = SNN_TRAIL_SOME };
/* What n <= SNN_TRAIL_PORTION values of each part have become, so many steps later. */
void snn_trail_carry(const snn_synapse *synapse, const int64_t *steps, int64_t n,
                     double *const value[SNN_TRAIL_PARTS]);
/* The same of the model's own states, with the inputs that come then, 0: none; `out`
   is what they count as. */
void snn_trail_carry_own(const snn_synapse *synapse, const int64_t *steps,
                         const double *input, int64_t n,
                         double *const own[SNN_MOST_OWN], double *out);
/* Lines of a trail: of parts, and own states; what the rings have of one, newest,
   as finely as it is held; what events of the newest step made of it goes to its
   (B, inputs). */
static inline int snn_trail_lines(const snn_synapse *s)
{
    return s->stored + s->model->own;
}
const snn_tensor *snn_trail_line(const snn_synapse *synapse, int line);
snn_status snn_trail_put_events(const snn_synapse *synapse, int line,
                                snn_fail *fail, double *out);
/* What was loaded becomes `next`, where it gives what the rings have. */
snn_status snn_trail_take_offered(snn_synapse *synapse, snn_fail *fail,
                                  snn_trail *next, bool *is_taken);
snn_status snn_trail_show_past(snn_synapse *synapse, snn_fail *fail);
int64_t snn_trail_elements(const snn_synapse *synapse);
int64_t snn_trail_portion(const snn_synapse *synapse, const snn_trail *t,
                          int64_t first,
                          double v[SNN_TRAIL_PARTS][SNN_TRAIL_PORTION]);
snn_status snn_trail_round(const snn_tensor *fine, snn_fail *fail,
                           snn_tensor *out);
/* As a saved state; empty where rings are the truth. */
snn_status snn_trail_read(snn_synapse *synapse, snn_fail *fail, snn_tensor *out);
snn_status snn_trail_offer(snn_synapse *synapse, const snn_tensor *value,
                           snn_fail *fail);
/* What is kept with some arguments. */
typedef struct snn_synapse_layout {
    int stored;
    bool has_fine, has_worth;
    int rings;
} snn_synapse_layout;
snn_synapse_layout snn_synapse_layout_of(const snn_synapse_model *model,
                                         const void *args);
static inline snn_synapse_layout snn_synapse_layout_now(const snn_synapse *s)
{
    return (snn_synapse_layout){ s->stored, s->has_fine, s->has_worth, s->rings };
}
/* A ring of steps that all have one value in all places. */
snn_status snn_synapse_constant(const snn_synapse_args *args, snn_dtype dtype,
                                double value, int64_t length, snn_fail *fail,
                                snn_ring *out);
/* All that a synapse has, as it begins; none on failure. */
snn_status snn_synapse_silent(const snn_synapse_model *model, const void *args,
                              const snn_synapse_layout *layout, snn_fail *fail,
                              snn_ring ring[SNN_MOST_RINGS]);
void snn_synapse_clear_rings(snn_ring *ring);
/* What is left of laws that follow from others: of the present arguments
   (jump.c). RuntimeError for a step that was not told what it must be. */
void snn_synapse_follow_jump(snn_synapse *synapse);
snn_status snn_synapse_check_jump(const snn_synapse *synapse, const char *where,
                                  snn_fail *fail);
/* Other arguments for the same rings; other rings, and arguments unless NULL:
   cannot fail. */
void snn_synapse_adopt(snn_synapse *synapse, const void *args);
void snn_synapse_commit(snn_synapse *synapse, const void *args,
                        const snn_ring ring[SNN_MOST_RINGS]);

#endif
