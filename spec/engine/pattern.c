/* Patterns of parameters: compressed rows of pairs, their index by output, the
   order within rows. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "model.h"
#include "update/pattern.h"
#include "util/mem.h"

static bool same32(const int32_t *a, const int32_t *b, int64_t n)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static bool same64(const int64_t *a, const int64_t *b, int64_t n)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

/* 4 inputs, 3 outputs; input 2 reaches output 0 twice, input 1 nobody. */
static const int32_t PRE[] = { 2, 0, 3, 2, 0, 2 };
static const int32_t POST[] = { 0, 2, 1, 2, 1, 0 };
enum { PAIRS = 6 };

void test_pattern_sorts_pairs_by_hand(void)
{
    snn_pattern *p;
    NEED(snn_pattern_of_pairs(4, 3, PAIRS, PRE, POST, fail, &p));
    CHECK(p->kind == SNN_PATTERN_ROWS && p->count == PAIRS && p->holders == 1);
    CHECK(same64(p->first, (int64_t[]){ 0, 2, 2, 5, 6 }, 5));
    CHECK(same32(p->post, (int32_t[]){ 1, 2, 0, 0, 2, 1 }, PAIRS));
    NEED(snn_pattern_columns(p, fail));
    CHECK(same64(p->column_first, (int64_t[]){ 0, 2, 4, 6 }, 4));
    CHECK(same32(p->pre, (int32_t[]){ 2, 2, 0, 3, 0, 2 }, PAIRS));
    CHECK(same32(p->place, (int32_t[]){ 2, 3, 0, 5, 1, 4 }, PAIRS));
    int32_t pre[PAIRS];
    snn_pattern_inputs(p, pre);
    CHECK(same32(pre, (int32_t[]){ 0, 0, 2, 2, 2, 3 }, PAIRS));
    CHECK(snn_pattern_bytes(p) ==
          (int64_t)sizeof *p + (5 + 4) * 8 + 3 * PAIRS * 4);
    snn_pattern_free(p);
    NEED(snn_pattern_of_pairs(2, 0, 0, NULL, NULL, fail, &p));
    CHECK(p->count == 0 && p->first[2] == 0);
    NEED(snn_pattern_columns(p, fail));
    snn_pattern_free(snn_pattern_share(p));
    CHECK(p->holders == 1);
    snn_pattern_free(p);
}

enum { INPUTS = 70, OUTPUTS = 90, MANY = 5000 };

/* Rows ascend and have each of the pairs; columns say the same. */
static void check_many(const snn_pattern *p, const int *how_often)
{
    int rows[INPUTS * OUTPUTS] = { 0 };
    int64_t k = 0;
    for (int64_t i = 0; i < INPUTS; i++)
        for (; k < p->first[i + 1]; k++) {
            CHECK(k == p->first[i] || p->post[k - 1] <= p->post[k]);
            rows[i * OUTPUTS + p->post[k]]++;
        }
    CHECK(k == MANY && memcmp(rows, how_often, sizeof rows) == 0);
    int32_t pre[MANY];
    snn_pattern_inputs(p, pre);
    k = 0;
    for (int64_t j = 0; j < OUTPUTS; j++)
        for (; k < p->column_first[j + 1]; k++) {
            CHECK(p->post[p->place[k]] == j && pre[p->place[k]] == p->pre[k]);
            CHECK(k == p->column_first[j] || p->place[k - 1] < p->place[k]);
        }
    CHECK(k == MANY);
}

void test_pattern_sorts_many_pairs(void)
{
    int32_t pre[MANY], post[MANY];
    int how_often[INPUTS * OUTPUTS] = { 0 };
    uint32_t state = 7;
    for (int k = 0; k < MANY; k++) {
        pre[k] = (int32_t)(next_number(&state) * INPUTS);
        post[k] = (int32_t)(next_number(&state) * OUTPUTS);
        how_often[pre[k] * OUTPUTS + post[k]]++;
    }
    snn_pattern *p, *again;
    NEED(snn_pattern_of_pairs(INPUTS, OUTPUTS, MANY, pre, post, fail, &p));
    NEED(snn_pattern_columns(p, fail));
    check_many(p, how_often);
    /* what is in order is taken as it is */
    snn_pattern_inputs(p, pre);
    NEED(snn_pattern_of_pairs(INPUTS, OUTPUTS, MANY, pre, p->post, fail,
                              &again));
    CHECK(same64(p->first, again->first, INPUTS + 1));
    CHECK(same32(p->post, again->post, MANY));
    snn_pattern_free(p);
    snn_pattern_free(again);
}

void test_pattern_refuses_a_pair_outside(void)
{
    snn_pattern *p;
    FAILS(SNN_VALUE_ERROR, "pair 3 is from input 4 to output 2",
          snn_pattern_of_pairs(3, 3, PAIRS, PRE, POST, fail, &p));
    CHECK(p == NULL);
    FAILS(SNN_VALUE_ERROR, "pair 2 is from input 1 to output 3",
          snn_pattern_of_pairs(4, 2, PAIRS, PRE, POST, fail, &p));
    FAILS(SNN_VALUE_ERROR, "less than 2^31",
          snn_pattern_of_pairs(4, 3, (int64_t)1 << 31, PRE, POST, fail, &p));
    FAILS(SNN_VALUE_ERROR, "do not fit",
          snn_pattern_whole(SNN_PATTERN_DENSE, INT64_MAX, 2, fail, &p));
}

void test_pattern_sorts_rows_by_a_key(void)
{
    snn_pattern *p;
    int32_t order[PAIRS];
    float key[] = { 3, 1, 2, 1, 1, 0 }; /* of post 1 2 | 0 0 2 | 1 */
    uint16_t code[] = { 2, 1, 2, 2, 1, 0 };
    NEED(snn_pattern_of_pairs(4, 3, PAIRS, PRE, POST, fail, &p));
    NEED(snn_pattern_columns(p, fail));
    NEED(snn_pattern_sort_rows(p, key, false, order, fail));
    CHECK(same32(order, (int32_t[]){ 1, 0, 3, 4, 2, 5 }, PAIRS));
    CHECK(same32(p->post, (int32_t[]){ 2, 1, 0, 2, 0, 1 }, PAIRS));
    CHECK(p->column_first == NULL);
    CHECK(key[0] == 1 && key[1] == 3 && key[4] == 2);
    NEED(snn_pattern_columns(p, fail));
    CHECK(same32(p->pre, (int32_t[]){ 2, 2, 0, 3, 0, 2 }, PAIRS));
    CHECK(same32(p->place, (int32_t[]){ 2, 4, 1, 5, 0, 3 }, PAIRS));
    double same[PAIRS] = { 0 };
    NEED(snn_pattern_sort_rows(p, same, true, NULL, fail));
    CHECK(same32(p->post, (int32_t[]){ 2, 1, 0, 2, 0, 1 }, PAIRS));
    NEED(snn_pattern_sort_codes(p, code, 3, order, fail));
    CHECK(same32(order, (int32_t[]){ 1, 0, 4, 2, 3, 5 }, PAIRS));
    CHECK(same32(p->post, (int32_t[]){ 1, 2, 0, 0, 2, 1 }, PAIRS));
    CHECK(code[0] == 1 && code[2] == 1 && code[4] == 2);
    snn_pattern_free(p);
}

static snn_status make_all(snn_pattern **p)
{
    double key[PAIRS] = { 1, 0, 2, 1, 0, 0 };
    snn_status status = snn_pattern_of_pairs(4, 3, PAIRS, PRE, POST, fail, p);
    if (!status) status = snn_pattern_sort_rows(*p, key, true, NULL, fail);
    if (!status) status = snn_pattern_columns(*p, fail);
    return status;
}

void test_pattern_survives_each_refusal(void)
{
    size_t before = snn_mem_live();
    bool is_made = false;
    for (size_t k = 1; !is_made; k++) {
        snn_pattern *p;
        snn_mem_fail_at(k, SIZE_MAX);
        is_made = make_all(&p) == SNN_OK;
        snn_mem_fail_at(0, 0);
        snn_pattern_free(p);
        CHECK(snn_mem_live() == before);
        CHECK(k < 20);
    }
}
