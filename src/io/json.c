/* A descent by hand. Only skip() goes into values of any kind, and no deeper
   than DEEPEST. */
#include "io/json.h"

#include <string.h>

enum { DEEPEST = 64, HEX = 4 };

static bool find_fault(snn_json *j, const char *what)
{
    if (!j->fault) j->fault = what;
    return false;
}

char snn_json_peek(snn_json *j)
{
    while (j->at < j->end && (*j->at == ' ' || *j->at == '\n' ||
                              *j->at == '\r' || *j->at == '\t'))
        j->at++;
    return j->fault || j->at == j->end ? '\0' : *j->at;
}

bool snn_json_take(snn_json *j, char byte)
{
    if (snn_json_peek(j) != byte)
        return find_fault(j, j->at == j->end ? "it ends too early"
                                             : "an unexpected byte");
    j->at++;
    return true;
}

bool snn_json_more(snn_json *j, char close, bool first)
{
    if (snn_json_peek(j) == close) {
        j->at++;
        return false;
    }
    return first ? !j->fault : snn_json_take(j, ',');
}

/* ---- strings ---- */

/* The bytes of the character that begins with this one; 0: none does. */
static int width_of(unsigned char c)
{
    return c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3
                                            : c < 0xf5           ? 4
                                                                 : 0;
}

/* Neither longer than needed, nor a surrogate, nor above U+10FFFF. */
static bool is_second(unsigned char first, unsigned char c)
{
    if (first == 0xe0) return c >= 0xa0;
    if (first == 0xed) return c < 0xa0;
    if (first == 0xf0) return c >= 0x90;
    return first != 0xf4 || c < 0x90;
}

/* The width of the character that `left` bytes begin with; 0: none. */
static int check_character(const char *text, size_t left)
{
    const unsigned char *c = (const unsigned char *)text;
    int width = width_of(c[0]);
    if ((size_t)width > left) return 0;
    for (int i = 1; i < width; i++)
        if ((c[i] & 0xc0) != 0x80) return 0;
    return width < 2 || is_second(c[0], c[1]) ? width : 0;
}

bool snn_utf8_check(const char *text, size_t length)
{
    while (length > 0) {
        int width = check_character(text, length);
        if (width == 0) return false;
        text += width;
        length -= (size_t)width;
    }
    return true;
}

/* The four digits of \uXXXX; -1 with a fault. */
static long read_hex(snn_json *j)
{
    long value = 0;
    for (int i = 0; i < HEX; i++, j->at++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        char c = j->at < j->end ? *j->at : '\0';
        const char *digit = c ? strchr(digits, c) : NULL;
        if (!digit) {
            find_fault(j, "an escape that is none");
            return -1;
        }
        value = value * 16 + (digit - digits) % 16;
    }
    return value;
}

/* A character by its number, at most as long as its escape. */
static char *put_character(char *out, long c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    if (c >= 0x80) *out++ = (char)(0x80 | (c & 0x3f));
    return out;
}

/* \uXXXX behind its u, or two of them that make one character. */
static char *read_unicode(snn_json *j, char *out)
{
    long c = read_hex(j), low = 0;
    bool is_high = c >= 0xd800 && c < 0xdc00;
    if (is_high && j->end - j->at > 1 && j->at[0] == '\\' && j->at[1] == 'u') {
        j->at += 2;
        low = read_hex(j);
        if (low < 0xdc00 || low > 0xdfff) low = 0;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    bool is_half = (is_high && low == 0) || (c >= 0xd800 && c < 0xe000);
    if (!j->fault && is_half) find_fault(j, "half a character (\\u)");
    if (c == 0) find_fault(j, "a zero byte (\\u0000)");
    return j->fault ? out : put_character(out, c);
}

static char *read_escape(snn_json *j, char *out)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    char c = j->at < j->end ? *j->at++ : '\0';
    if (c == 'u') return read_unicode(j, out);
    const char *name = c ? strchr(names, c) : NULL;
    if (!name) find_fault(j, "an escape that is none");
    else *out++ = bytes[name - names];
    return out;
}

const char *snn_json_string(snn_json *j)
{
    if (!snn_json_take(j, '"')) return NULL;
    char *begin = j->at, *out = begin;
    while (!j->fault && j->at < j->end && *j->at != '"') {
        int width = check_character(j->at, (size_t)(j->end - j->at));
        if (*j->at == '\\') {
            j->at++;
            out = read_escape(j, out);
        } else if (width == 0 || (unsigned char)*j->at < ' ') {
            find_fault(j, width ? "a control byte in a string"
                                : "bytes that are no UTF-8");
        } else {
            memmove(out, j->at, (size_t)width);
            out += width;
            j->at += width;
        }
    }
    if (!j->fault && j->at == j->end) find_fault(j, "a string without an end");
    if (j->fault) return NULL;
    j->at++;
    *out = '\0'; /* at the latest where the quote was */
    return begin;
}

const char *snn_json_key(snn_json *j)
{
    const char *key = snn_json_string(j);
    return key && snn_json_take(j, ':') ? key : NULL;
}

/* ---- numbers ---- */

static bool is_digit(const snn_json *j)
{
    return j->at < j->end && *j->at >= '0' && *j->at <= '9';
}

static bool read_digits(snn_json *j)
{
    if (!is_digit(j)) return find_fault(j, "a number without digits");
    while (is_digit(j)) j->at++;
    return true;
}

static bool is_next(const snn_json *j, char c)
{
    return j->at < j->end && *j->at == c;
}

/* ".5", "e-3" or both; true where there is one. */
static bool read_fraction(snn_json *j)
{
    bool there = is_next(j, '.');
    if (there) {
        j->at++;
        read_digits(j);
    }
    if (!is_next(j, 'e') && !is_next(j, 'E')) return there;
    j->at++;
    if (is_next(j, '+') || is_next(j, '-')) j->at++;
    read_digits(j);
    return true;
}

bool snn_json_number(snn_json *j, int64_t *out, bool *whole)
{
    uint64_t value = 0;
    snn_json_peek(j);
    bool negative = is_next(j, '-'), fits = true;
    j->at += negative;
    const char *begin = j->at;
    if (!read_digits(j)) return false;
    if (*begin == '0' && j->at - begin > 1)
        return find_fault(j, "a number that begins with 0");
    for (const char *c = begin; c < j->at; c++) {
        uint64_t digit = (uint64_t)(*c - '0');
        fits = fits && value <= ((uint64_t)INT64_MAX - digit) / 10;
        if (fits) value = value * 10 + digit;
    }
    *whole = !read_fraction(j) && fits;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return !j->fault;
}

/* ---- any value ---- */

static bool skip_word(snn_json *j, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(j->end - j->at) < length ||
        memcmp(j->at, word, length) != 0)
        return find_fault(j, "an unexpected byte");
    j->at += length;
    return true;
}

static bool skip(snn_json *j, int depth)
{
    int64_t number;
    bool whole, first = true;
    char c = snn_json_peek(j);
    if (c == '"') return snn_json_string(j);
    if (c == 't') return skip_word(j, "true");
    if (c == 'f') return skip_word(j, "false");
    if (c == 'n') return skip_word(j, "null");
    if (c == '\0') return snn_json_take(j, '"'); /* finds the fault */
    if (c != '{' && c != '[') return snn_json_number(j, &number, &whole);
    if (depth == DEEPEST) return find_fault(j, "values nested too deeply");
    j->at++;
    for (; snn_json_more(j, c == '{' ? '}' : ']', first); first = false) {
        if (c == '{' && !snn_json_key(j)) break;
        if (!skip(j, depth + 1)) break;
    }
    return !j->fault;
}

bool snn_json_skip(snn_json *j) { return skip(j, 0); }
