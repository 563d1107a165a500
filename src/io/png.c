/* Each tensor's pictures are laid out in a grid and painted row by row into
   one buffer, which libpng writes. */
#include "io/png.h"

#ifndef SNN_HAVE_PNG

snn_status snn_png_save(const char *path, const snn_tensor *t,
                        const snn_png_options *options, snn_fail *fail)
{
    (void)t;
    (void)options;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "save_png: cannot write '%s': snnlua was built "
                        "without libpng",
                        path);
}

#else

#include <math.h>
#include <png.h>
#include <string.h>

#include "io/replace.h"
#include "tensor/copy.h"
#include "util/interrupt.h"
#include "util/mem.h"

static const char where[] = "save_png";

enum {
    LONGEST_SIDE = 1000000, /* libpng's own limit */
    BORDER = 96,            /* grey of the lines of a grid */
    MIDDLE = 128            /* grey of the one value of an empty range */
};

/* n maps of (h, w) on a picture of (height, width) */
typedef struct layout {
    int64_t n, h, w, columns;
    int64_t line; /* pixels between and around the maps */
    int64_t height, width;
} layout;

/* ---- layout ---- */

static int64_t near_square(int64_t n)
{
    int64_t columns = (int64_t)sqrt((double)n);
    while (columns * columns < n) columns++;
    return columns;
}

static snn_status lay_out(const snn_shape *shape, int64_t columns, layout *p,
                          snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    const int64_t *size = shape->size;
    if (shape->ndim != 2 && shape->ndim != 3)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: a picture has the shape {h, w}, a grid of "
                            "them {n, h, w}, got %s",
                            where, snn_shape_text(shape, text));
    if (snn_shape_count(shape) == 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: a picture needs a pixel, got the shape %s",
                            where, snn_shape_text(shape, text));
    bool grid = shape->ndim == 3;
    p->n = grid ? size[0] : 1;
    p->h = size[shape->ndim - 2];
    p->w = size[shape->ndim - 1];
    p->line = grid;
    p->columns = !grid ? 1 : columns > 0 ? columns : near_square(p->n);
    /* with a side over the limit the products below could overflow */
    bool fits = p->n <= INT32_MAX && p->columns <= LONGEST_SIDE &&
                p->h <= LONGEST_SIDE && p->w <= LONGEST_SIDE;
    if (fits) {
        int64_t rows = (p->n + p->columns - 1) / p->columns;
        p->height = rows * (p->h + p->line) + p->line;
        p->width = p->columns * (p->w + p->line) + p->line;
        fits = p->height <= LONGEST_SIDE && p->width <= LONGEST_SIDE;
    }
    if (fits) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: a picture of the shape %s has more than %d "
                        "pixels a side",
                        where, snn_shape_text(shape, text), LONGEST_SIDE);
}

/* ---- greys ---- */

typedef struct range {
    double min, max;
} range;

static range find_range(const double *v, int64_t n)
{
    range r = { INFINITY, -INFINITY };
    for (int64_t i = 0; i < n; i++) {
        if (!isfinite(v[i])) continue;
        if (v[i] < r.min) r.min = v[i];
        if (v[i] > r.max) r.max = v[i];
    }
    return r.min <= r.max ? r : (range){ 0, 0 };
}

static range choose_range(const snn_tensor *values, bool is_bool,
                          const snn_png_options *options)
{
    range r = { 0, 1 };
    if (!is_bool)
        r = find_range(snn_tensor_f64(values), snn_tensor_count(values));
    if (!isnan(options->min)) r.min = options->min;
    if (!isnan(options->max)) r.max = options->max;
    return r;
}

static png_byte grey(double v, range r)
{
    if (isnan(v) || v < r.min) return 0;
    if (v > r.max) return 255;
    /* halves, lest the width of the range overflows */
    double width = r.max / 2 - r.min / 2;
    if (width <= 0) return MIDDLE;
    return (png_byte)lrint((v / 2 - r.min / 2) / width * 255);
}

/* Ends where an interrupt is wanted. */
static void paint(const double *values, const layout *p, range r,
                  png_byte *pixels)
{
    memset(pixels, BORDER, (size_t)(p->height * p->width));
    for (int64_t i = 0; i < p->n * p->h && !snn_interrupt_wanted(); i++) {
        int64_t map = i / p->h, y = i % p->h;
        int64_t top = map / p->columns * (p->h + p->line) + p->line + y;
        int64_t left = map % p->columns * (p->w + p->line) + p->line;
        png_byte *out = pixels + top * p->width + left;
        for (int64_t x = 0; x < p->w; x++)
            out[x] = grey(values[i * p->w + x], r);
    }
}

/* ---- file ---- */

/* For fopencookie(): bytes for another file, none where an interrupt is wanted. */
static ssize_t pass_on(void *cookie, const char *data, size_t bytes)
{
    if (snn_interrupt_wanted()) return 0;
    return (ssize_t)fwrite(data, 1, bytes, cookie);
}

/* libpng asks nobody while it works, but for its file. */
static bool write_image(png_image *image, FILE *file, const png_byte *pixels)
{
    static const cookie_io_functions_t functions = { .write = pass_on };
    FILE *asked = fopencookie(file, "wb", functions);
    if (!asked) return false;
    setvbuf(asked, NULL, _IONBF, 0);
    bool is_written = png_image_write_to_stdio(image, asked, 0, pixels, 0, NULL);
    return fclose(asked) == 0 && is_written;
}

static snn_status write_file(const char *path, const layout *p,
                             const png_byte *pixels, snn_fail *fail)
{
    snn_replace r;
    png_image image = { .version = PNG_IMAGE_VERSION,
                        .width = (png_uint_32)p->width,
                        .height = (png_uint_32)p->height,
                        .format = PNG_FORMAT_GRAY };
    snn_status status = snn_replace_open(where, path, fail, &r);
    if (status) return status;
    bool is_written = write_image(&image, r.file, pixels);
    status = snn_interrupt_check(where, fail);
    if (!status && (is_written || r.error)) return snn_replace_commit(&r, fail);
    snn_replace_abandon(&r);
    if (status) return status;
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: cannot write '%s': %s", where,
                        path, image.message);
}

static snn_status save_values(const char *path, const snn_tensor *values,
                              const layout *p, range r, snn_fail *fail)
{
    size_t bytes = (size_t)(p->height * p->width);
    png_byte *pixels = snn_mem_alloc(bytes);
    if (!pixels) return snn_fail_memory(fail, where, bytes);
    paint(snn_tensor_f64(values), p, r, pixels);
    snn_status status = snn_interrupt_check(where, fail);
    if (!status) status = write_file(path, p, pixels, fail);
    snn_mem_free(pixels);
    return status;
}

snn_status snn_png_save(const char *path, const snn_tensor *t,
                        const snn_png_options *options, snn_fail *fail)
{
    layout p = { .n = 0 };
    snn_tensor values;
    snn_status status = lay_out(&t->shape, options->columns, &p, fail);
    if (status) return status;
    status = snn_tensor_to(t, SNN_FLOAT64, fail, &values);
    if (status) return status;
    range r = choose_range(&values, t->dtype == SNN_BOOL, options);
    status = save_values(path, &values, &p, r, fail);
    snn_tensor_clear(&values);
    return status;
}

#endif
