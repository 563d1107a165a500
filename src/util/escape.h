/* Text for a terminal. Names, keys and what files hold come into errors,
   warnings and tostring: there a control byte would be obeyed, not shown. */
#ifndef SNN_UTIL_ESCAPE_H
#define SNN_UTIL_ESCAPE_H

#include <stddef.h>

/* Writes `text` with every control character (C0, DEL, C1) and every byte that
   is no UTF-8 as Lua writes it, "\n" or "\x1B", as far as `size` bytes go and
   without a zero at the end; returns the length of the whole. It is `length`
   when there is nothing to escape, and what is escaped stays as it is. `out`
   may be NULL when size is 0. */
size_t snn_escape(const char *text, size_t length, char *out, size_t size);

#endif
