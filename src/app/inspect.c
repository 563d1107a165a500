/* `snnlua inspect FILE`: what a safetensors file holds, for people and, with
   --json, for programs. The file is read whole first, so that one that is
   damaged is told before anything is printed. Both outputs are made of one
   JSON value:

     { "file":, "bytes":, "checksums": "verified" or null,
       "tensors": { name: { "dtype":, "shape":, "bytes": [, "value":] } },
       "strings", "objects" (their classes), "same", "about", "metadata": texts
       by name }

   where all but tensors and metadata come from what snn.save has written under
   "snnlua." (lua/snn/save.lua). */
#include "app/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOOD = 0, DAMAGED = 1 }; /* exit codes */

#ifndef SNN_HAVE_JANSSON

static int inspect(const char *path, bool as_json)
{
    (void)path;
    (void)as_json;
    snn_app_write("snnlua: inspect: snnlua was built without jansson");
    return DAMAGED;
}

#else

#include <jansson.h>
#include <math.h>
#include <sys/stat.h>

#include "io/safetensors.h"
#include "util/escape.h"
#include "util/number.h"

/* ---- the file as a JSON value ---- */

static const char OURS[] = "snnlua."; /* names of metadata of the library */

/* Kind of the library's metadata, as it comes behind OURS -> where it is
   shown; NULL: not at all. Others are shown in "about". */
static const struct {
    const char *kind, *group;
} kinds[] = {
    { "about.", "about" },   { "checkpoint.", "about" }, { "text.", "strings" },
    { "bytes.", "strings" }, { "class.", "objects" },    { "same.", "same" },
    { "table.", NULL },      { "fields.", NULL },        { "tensor.", NULL },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static json_t *shape_of(const snn_shape *shape)
{
    if (!shape) return json_null();
    json_t *list = json_array();
    for (int d = 0; d < shape->ndim; d++)
        json_array_append_new(list, json_integer(shape->size[d]));
    return list;
}

static json_t *value_of(const snn_tensor *t)
{
    const void *data = snn_tensor_data(t);
    double v;
    if (t->dtype == SNN_BOOL) return json_boolean(*(const uint8_t *)data);
    if (t->dtype == SNN_INT64) return json_integer(*(const int64_t *)data);
    v = t->dtype == SNN_FLOAT64 ? *(const double *)data : *(const float *)data;
    if (isfinite(v)) return json_real(v);
    return json_string(snn_real(v).text);
}

/* Text of the file, which need not be UTF-8 or fit to be shown. */
static json_t *plain(const char *text)
{
    char out[4096];
    size_t n = snn_escape(text, strlen(text), out, sizeof out);
    return json_stringn(out, n < sizeof out ? n : 0);
}

/* Reads tensor `i`, the next one, and adds what it is. */
static snn_status add_tensor(snn_safetensors *file, int64_t i, json_t *tensors,
                             snn_fail *fail)
{
    snn_tensor t = SNN_NO_TENSOR;
    snn_safetensors_entry e;
    snn_safetensors_describe(file, i, &e);
    snn_status status = snn_safetensors_next(file, fail, &t);
    if (status) return status;
    json_t *about =
        json_pack("{s:o, s:o, s:I}", "dtype", plain(e.dtype), "shape",
                  shape_of(e.shape), "bytes", (json_int_t)e.bytes);
    bool is_whole = about;
    if (is_whole && e.shape && e.shape->ndim == 0)
        is_whole = !json_object_set_new(about, "value", value_of(&t));
    if (json_object_set_new(tensors, e.name, about) != 0) is_whole = false;
    snn_tensor_clear(&t);
    return is_whole ? SNN_OK : snn_fail_memory(fail, "inspect", (size_t)e.bytes);
}

/* Adds a text to one of the groups; false when memory is short. */
static bool add_text(json_t *all, const char *group, const char *name,
                     const char *text)
{
    json_t *texts = json_object_get(all, group);
    return json_object_set_new(texts, name, json_string(text)) == 0;
}

static bool add_metadata(json_t *all, const snn_metadata *pair)
{
    const char *name = pair->key + sizeof OURS - 1, *text = pair->value;
    if (strncmp(pair->key, OURS, sizeof OURS - 1) != 0)
        return add_text(all, "metadata", pair->key, text);
    for (int i = 0; i < KINDS; i++) {
        const char *group = kinds[i].group;
        size_t n = strlen(kinds[i].kind);
        if (strncmp(name, kinds[i].kind, n) == 0)
            return !group || add_text(all, group, name + n, text);
    }
    return add_text(all, "about", name, text);
}

static json_int_t bytes_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (json_int_t)info.st_size : 0;
}

/* All of the file, to be freed; NULL with `fail`. */
static json_t *read_all(const char *path, snn_fail *fail)
{
    snn_safetensors *file;
    snn_metadata pair;
    snn_status status = snn_safetensors_open("inspect", path, fail, &file);
    if (status) return NULL;
    json_t *all = json_pack("{s:o, s:I, s:n, s:{}, s:{}, s:{}, s:{}, s:{}, s:{}}",
                            "file", plain(path), "bytes", bytes_of(path),
                            "checksums", "tensors", "strings", "objects",
                            "same", "about", "metadata");
    json_t *tensors = json_object_get(all, "tensors");
    int64_t count = snn_safetensors_count(file);
    for (int64_t i = 0; i < count && status == SNN_OK; i++)
        status = add_tensor(file, i, tensors, fail);
    for (int64_t i = 0; snn_safetensors_metadata(file, i, &pair); i++)
        if (status == SNN_OK && !add_metadata(all, &pair))
            status = snn_fail_memory(fail, "inspect", strlen(pair.value));
    if (snn_safetensors_is_sealed(file))
        json_object_set_new(all, "checksums", json_string("verified"));
    snn_safetensors_close(file);
    if (status == SNN_OK && all) return all;
    if (!all) snn_fail_memory(fail, "inspect", 0);
    json_decref(all);
    return NULL;
}

/* ---- tables ---- */

enum { COLUMNS = 6, CELL = 160 }; /* the name's cell is as long as it is */

typedef struct row {
    char *name; /* without control bytes; owned */
    const json_t *value;
} row;

/* What is beside the name. Made twice, to be measured and to be printed: a file
   may have millions of tensors. */
typedef struct cells {
    char text[COLUMNS - 1][CELL];
} cells;

typedef struct table {
    row *rows; /* owned */
    size_t count;
    size_t width[COLUMNS]; /* characters */
} table;

static char *plain_text(const char *text)
{
    size_t length = strlen(text), n = snn_escape(text, length, NULL, 0);
    char *plain = malloc(n + 1);
    if (!plain) return NULL;
    snn_escape(text, length, plain, n);
    plain[n] = '\0';
    return plain;
}

/* Characters of UTF-8. */
static size_t width_of(const char *text)
{
    size_t n = 0;
    for (; *text; text++) n += (*text & 0xC0) != 0x80;
    return n;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const row *)a)->name, ((const row *)b)->name);
}

static void free_table(table *t)
{
    for (size_t i = 0; i < t->count; i++) free(t->rows[i].name);
    free(t->rows);
}

/* A row for each name of the object, in order; false when memory is short. */
static bool make_table(json_t *object, table *t)
{
    const char *name;
    json_t *value;
    *t = (table){ .rows = calloc(json_object_size(object) + 1, sizeof(row)) };
    if (!t->rows) return false;
    json_object_foreach(object, name, value) {
        row *r = &t->rows[t->count];
        r->value = value;
        r->name = plain_text(name);
        if (!r->name) return false;
        t->count++;
    }
    qsort(t->rows, t->count, sizeof(row), by_name);
    return true;
}

static void widen(table *t, int column, const char *text)
{
    size_t width = width_of(text);
    if (width > t->width[column]) t->width[column] = width;
}

static void measure(table *t, const char *name, const cells *beside)
{
    widen(t, 0, name);
    for (int c = 1; c < COLUMNS; c++) widen(t, c, beside->text[c - 1]);
}

/* Columns that hold numbers end at the same place. */
static const bool ends_alike[COLUMNS] = { [3] = true, [4] = true };

static void print_spaces(size_t n)
{
    while (n-- > 0) putchar(' ');
}

static void print_row(const table *t, const char *name, const cells *beside)
{
    size_t spaces = 0;
    for (int c = 0; c < COLUMNS; c++) {
        const char *text = c == 0 ? name : beside->text[c - 1];
        size_t rest = t->width[c] - width_of(text);
        if (t->width[c] == 0) continue;
        if (*text) {
            print_spaces(spaces + (ends_alike[c] ? rest : 0));
            fputs(text, stdout);
            spaces = 2 + (ends_alike[c] ? 0 : rest);
        } else {
            spaces += 2 + rest;
        }
    }
    putchar('\n');
}

/* "1.2 MiB"; nothing of less than a KiB. */
static void write_size(uint64_t bytes, char *out)
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB" };
    double n = (double)bytes / 1024;
    int unit = 0;
    *out = '\0';
    for (; n >= 1024 && unit < 4; unit++) n /= 1024;
    if (bytes >= 1024)
        snprintf(out, CELL, "%s %s", snn_fixed(n, 1).text, units[unit]);
}

/* The types of the format -> the library's and NumPy's names of them. */
static const char *type_name(const char *dtype)
{
    static const char *const names[][2] = {
        { "F64", "float64" }, { "F32", "float32" },   { "F16", "float16" },
        { "I64", "int64" },   { "I32", "int32" },     { "I16", "int16" },
        { "I8", "int8" },     { "U64", "uint64" },    { "U32", "uint32" },
        { "U16", "uint16" },  { "U8", "uint8" },      { "BOOL", "bool" },
        { "BF16", "bfloat16" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(dtype, names[i][0]) == 0) return names[i][1];
    return dtype;
}

static void write_shape(const json_t *shape, char *out)
{
    size_t used = 0, n = json_array_size(shape);
    if (!json_is_array(shape)) {
        strcpy(out, "?");
        return;
    }
    out[used++] = '{';
    for (size_t d = 0; d < n; d++) {
        json_int_t size = json_integer_value(json_array_get(shape, d));
        used += (size_t)snprintf(out + used, CELL - used, "%s%lld",
                                 d > 0 ? ", " : "", (long long)size);
    }
    strcpy(out + used, "}");
}

static void write_value(const json_t *value, char *out)
{
    const char *text = json_string_value(value);
    *out = '\0';
    if (json_is_boolean(value))
        text = json_is_true(value) ? "true" : "false";
    else if (json_is_integer(value))
        snprintf(out, CELL, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(out, CELL, "%s", snn_real(json_real_value(value)).text);
    if (text) snprintf(out, CELL, "%s", text);
}

static void describe(const json_t *value, cells *out)
{
    uint64_t bytes =
        (uint64_t)json_integer_value(json_object_get(value, "bytes"));
    const char *dtype = json_string_value(json_object_get(value, "dtype"));
    snprintf(out->text[0], CELL, "%s", type_name(dtype));
    write_shape(json_object_get(value, "shape"), out->text[1]);
    snprintf(out->text[2], CELL, "%llu", (unsigned long long)bytes);
    write_size(bytes, out->text[3]);
    write_value(json_object_get(value, "value"), out->text[4]);
}

static bool print_tensors(json_t *tensors)
{
    static const cells title = { { "type", "shape", "bytes" } };
    cells beside;
    table t;
    bool is_made = make_table(tensors, &t);
    if (is_made && t.count > 0) {
        measure(&t, "name", &title);
        for (size_t i = 0; i < t.count; i++) {
            describe(t.rows[i].value, &beside);
            measure(&t, t.rows[i].name, &beside);
        }
        putchar('\n');
        print_row(&t, "name", &title);
        for (size_t i = 0; i < t.count; i++) {
            describe(t.rows[i].value, &beside);
            print_row(&t, t.rows[i].name, &beside);
        }
    }
    free_table(&t);
    return is_made;
}

/* Texts by name below a title; nothing where there are none. */
static bool print_texts(const char *title, json_t *texts)
{
    table t;
    bool is_made = make_table(texts, &t);
    for (size_t i = 0; is_made && i < t.count; i++)
        widen(&t, 0, t.rows[i].name);
    if (is_made && t.count > 0) printf("\n%s\n", title);
    for (size_t i = 0; is_made && i < t.count; i++) {
        const row *r = &t.rows[i];
        char *text = plain_text(json_string_value(r->value));
        printf("  %s", r->name);
        print_spaces(t.width[0] - width_of(r->name) + 2);
        puts(text ? text : "?");
        free(text);
    }
    free_table(&t);
    return is_made;
}

static bool print_table(json_t *all)
{
    static const char *const groups[][2] = {
        { "strings", "strings" },        { "objects", "objects" },
        { "same", "second names" },      { "about", "written by" },
        { "metadata", "metadata" },
    };
    json_t *tensors = json_object_get(all, "tensors");
    json_int_t bytes = json_integer_value(json_object_get(all, "bytes"));
    size_t n = json_object_size(tensors);
    char size[CELL];
    write_size((uint64_t)bytes, size);
    printf("%s: %zu tensor%s, %lld bytes%s%s%s, %s\n",
           json_string_value(json_object_get(all, "file")), n, n == 1 ? "" : "s",
           (long long)bytes, *size ? " (" : "", size, *size ? ")" : "",
           json_is_null(json_object_get(all, "checksums"))
               ? "no checksums" : "checksums verified");
    bool is_whole = print_tensors(tensors);
    for (size_t i = 0; is_whole && i < sizeof groups / sizeof *groups; i++)
        is_whole = print_texts(groups[i][1], json_object_get(all, groups[i][0]));
    return is_whole;
}

static int inspect(const char *path, bool as_json)
{
    snn_fail fail;
    json_t *all = read_all(path, &fail);
    if (!all) {
        fputs("snnlua: ", stderr);
        snn_app_write(fail.text);
        return DAMAGED;
    }
    bool is_whole =
        as_json ? json_dumpf(all, stdout, JSON_INDENT(2) | JSON_SORT_KEYS) == 0
                : print_table(all);
    if (as_json) putchar('\n');
    json_decref(all);
    if (is_whole && fflush(stdout) == 0 && !ferror(stdout)) return GOOD;
    snn_app_write("snnlua: inspect: cannot print it all");
    return DAMAGED;
}

#endif

/* ---- the command line ---- */

static int refuse(const char *what, const char *word)
{
    return snn_command_refuse(snn_command_find("inspect"), what, word);
}

int snn_inspect(char **args)
{
    const char *path = NULL;
    bool as_json = false, is_option = true;
    for (; *args; args++) {
        const char *word = *args;
        if (!is_option || word[0] != '-') {
            if (path) return refuse("takes one file, got also", word);
            path = word;
        } else if (strcmp(word, "--") == 0) {
            is_option = false;
        } else if (strcmp(word, "--json") == 0) {
            as_json = true;
        } else {
            return refuse("there is no option", word);
        }
    }
    if (!path) return refuse("needs a file", NULL);
    return inspect(path, as_json);
}
