/* Bytes pass through as they are until one is a control character or no
   UTF-8; that one is written as \x1B or \n. */
#include "util/escape.h"

#include <stdio.h>

/* What follows the first byte of a character of UTF-8. */
static size_t tail_of(unsigned char first)
{
    if (first < 0x80) return 0;
    if (first >= 0xC2 && first <= 0xDF) return 1;
    if (first >= 0xE0 && first <= 0xEF) return 2;
    if (first >= 0xF0 && first <= 0xF4) return 3;
    return (size_t)-1;
}

/* Bytes of the character at `text`; 0 when it is a control character or no
   UTF-8. Overlong forms, surrogates and C1 are told by the second byte. */
static size_t plain(const unsigned char *text, size_t length)
{
    size_t tail = tail_of(text[0]);
    if (tail == 0) return text[0] >= 0x20 && text[0] != 0x7F;
    if (tail >= length) return 0;
    for (size_t i = 1; i <= tail; i++)
        if ((text[i] & 0xC0) != 0x80) return 0;
    switch (text[0]) {
    case 0xC2: return text[1] >= 0xA0 ? 2 : 0;
    case 0xE0: return text[1] >= 0xA0 ? 3 : 0;
    case 0xED: return text[1] < 0xA0 ? 3 : 0;
    case 0xF0: return text[1] >= 0x90 ? 4 : 0;
    case 0xF4: return text[1] < 0x90 ? 4 : 0;
    default: return tail + 1;
    }
}

static size_t write_byte(unsigned char byte, char text[8])
{
    static const char named[] = "abtnvfr"; /* from 7 on */
    if (byte >= 7 && byte <= 13)
        return (size_t)snprintf(text, 8, "\\%c", named[byte - 7]);
    return (size_t)snprintf(text, 8, "\\x%02X", byte);
}

size_t snn_escape(const char *text, size_t length, char *out, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        char escaped[8];
        size_t n = plain(bytes + i, length - i), written = n;
        const char *from = text + i;
        if (n == 0) {
            n = 1;
            written = write_byte(bytes[i], escaped);
            from = escaped;
        }
        for (size_t k = 0; k < written && used + k < size; k++)
            out[used + k] = from[k];
        used += written;
        i += n;
    }
    return used;
}
