/* JSON text (RFC 8259) from front to back, for files whose structure is known:
   nothing is built of it, so that no text costs more memory than its own. */
#ifndef SNN_IO_JSON_H
#define SNN_IO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct snn_json {
    char *begin, *at, *end; /* the text, which strings are unescaped in */
    const char *fault;      /* what is amiss at `at`, or NULL */
} snn_json;

/* The next byte that is no white space, not taken; 0 at the end or behind a
   fault. */
char snn_json_peek(snn_json *j);
/* Takes that byte, or finds fault. */
bool snn_json_take(snn_json *j, char byte);

/* What stands between elements or behind the last one of '{' or '[', whose
   `close` is '}' or ']'; `first` before the first one. False at the end, which
   is taken, and behind a fault. */
bool snn_json_more(snn_json *j, char close, bool first);

/* A string, UTF-8 without zero bytes, that ends with one; it lies in the text.
   NULL with a fault. */
const char *snn_json_string(snn_json *j);
/* A string and the colon behind it. */
const char *snn_json_key(snn_json *j);

/* A number; *whole says whether it is an integer that int64 holds. False with a
   fault. */
bool snn_json_number(snn_json *j, int64_t *out, bool *whole);

/* Any value, passed over; false with a fault. */
bool snn_json_skip(snn_json *j);

/* Whether the bytes are UTF-8 (RFC 3629). */
bool snn_utf8_check(const char *text, size_t length);

#endif
