/* Each element is put together from its bytes by width and order, then
   converted to what a tensor holds. */
#include "io/elements.h"

#include <string.h>

snn_dtype snn_element_dtype(const snn_element *e)
{
    if (e->kind == 'b') return SNN_BOOL;
    if (e->kind == 'i' || e->kind == 'u') return SNN_INT64;
    return e->size == 8 ? SNN_FLOAT64 : SNN_FLOAT32;
}

bool snn_element_is_same(const snn_element *e, snn_dtype dtype)
{
    return e->kind != 'b' && e->kind != 'u' &&
           (size_t)e->size == snn_dtype_size(dtype);
}

static uint64_t load(const uint8_t *in, int size, bool big)
{
    uint64_t v = 0;
    for (int i = 0; i < size; i++)
        v = v << 8 | in[big ? i : size - 1 - i];
    return v;
}

static float float_of(uint32_t bits)
{
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* IEEE 754 binary16. */
static float from_half(uint64_t bits)
{
    uint32_t sign = (uint32_t)(bits >> 15) << 31;
    uint32_t exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent == 0) {
        float v = (float)fraction * 0x1p-24f;
        return sign ? -v : v;
    }
    uint32_t wide = exponent == 31 ? 255 : exponent + 112;
    return float_of(sign | wide << 23 | fraction << 13);
}

static int64_t from_integer(uint64_t bits, const snn_element *e)
{
    if (e->kind == 'u' || e->size == 8) return (int64_t)bits;
    uint64_t sign = (uint64_t)1 << (8 * e->size - 1);
    return (int64_t)((bits ^ sign) - sign);
}

static float from_short_float(uint64_t bits, const snn_element *e)
{
    if (e->kind == 'h') return float_of((uint32_t)bits << 16);
    return e->size == 2 ? from_half(bits) : float_of((uint32_t)bits);
}

bool snn_elements_convert(const snn_element *e, const uint8_t *in, int64_t n,
                          void *out)
{
    snn_dtype dtype = snn_element_dtype(e);
    for (int64_t i = 0; i < n; i++) {
        uint64_t bits = load(in + i * e->size, e->size, e->big);
        if (e->kind == 'u' && bits > INT64_MAX) return false;
        if (dtype == SNN_BOOL) ((uint8_t *)out)[i] = bits != 0;
        else if (dtype == SNN_INT64) ((int64_t *)out)[i] = from_integer(bits, e);
        else if (dtype == SNN_FLOAT32) ((float *)out)[i] = from_short_float(bits, e);
        else memcpy((double *)out + i, &bits, sizeof bits);
    }
    return true;
}
