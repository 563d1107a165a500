/* Files of tensors that are cut, flipped and rewritten, and what the reader
   makes of them: it refuses them with a reason, takes no more memory than 16
   times the file and 1 MiB, and never crashes. Half of the headers that are
   changed have their checksum put right again, so that what is behind it is
   reached; all others have to be refused.

     mutate SEED COUNT [FIRST]: mutations FIRST to FIRST + COUNT - 1, each of
       which depends on its number and SEED alone */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/checksum.h"
#include "io/safetensors.h"
#include "tensor/tensor.h"
#include "util/mem.h"
#include "util/pool.h"

enum { LENGTH = 8, ROOM = 1 << 14, BASES = 5, FACTOR = 16, FREE = 1 << 20 };

typedef struct bytes {
    unsigned char data[ROOM];
    size_t size;
} bytes;

static bytes bases[BASES];
static uint64_t state; /* of the random numbers */
static volatile uint64_t number; /* of the mutation */
static size_t peak; /* of memory */

/* The engine's allocations come by here. */
void *aligned_alloc(size_t unit, size_t size)
{
    void *block;
    if (posix_memalign(&block, unit, size) != 0) return NULL;
    if (snn_mem_bytes() + size > peak) peak = snn_mem_bytes() + size;
    return block;
}

/* SplitMix64 (Steele et al. 2014) */
static uint64_t draw(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* Below n, which is not 0. */
static size_t below(size_t n) { return (size_t)(draw() % n); }

static bool chance(unsigned of) { return below(of) == 0; }

/* ---- the files ---- */

static char path[64]; /* of a file in memory */
static int file;

static void put(const bytes *b)
{
    if (ftruncate(file, 0) != 0 ||
        pwrite(file, b->data, b->size, 0) != (ssize_t)b->size)
        exit(2);
}

static void read_base(bytes *b, const char *name)
{
    int in = open(name, O_RDONLY);
    ssize_t n = in < 0 ? -1 : read(in, b->data, ROOM);
    if (n <= 0 || n == ROOM) exit(2);
    b->size = (size_t)n;
    close(in);
    unlink(name);
}

/* A file of `n` tensors by the library's own writer. */
static void make_base(bytes *b, int n, bool with_metadata)
{
    static const snn_dtype dtypes[] = { SNN_FLOAT32, SNN_BOOL, SNN_FLOAT64,
                                        SNN_INT64 };
    static const char *const names[] = {
        "a", "layer.connections.enc.weight", "\xc3\xbc\n\"", "b",
        "layer.neurons.exc.voltage", "trainer.x", "c", "d"
    };
    snn_tensor tensors[8];
    snn_named_tensor list[8];
    snn_metadata pairs[] = { { "snnlua.version", "1" }, { "by", "h\xc3\xa4nd" },
                             { "epoch", "3" } };
    snn_safetensors_content content = { list, n, pairs, with_metadata ? 3 : 0,
                                        1 };
    char name[] = "/tmp/mutateXXXXXX";
    snn_fail fail;
    for (int i = 0; i < n; i++) {
        snn_shape shape = { .ndim = i % 4, .size = { 2, 3, 1 } };
        if (snn_tensor_new(&shape, dtypes[i % 4], "mutate", &fail, &tensors[i]))
            exit(2);
        memset(snn_tensor_edit(&tensors[i], false), i % 4 == 1,
               snn_tensor_bytes(&tensors[i]));
        list[i] = (snn_named_tensor){ names[i], &tensors[i] };
    }
    close(mkstemp(name));
    if (snn_safetensors_write("mutate", name, &content, &fail)) exit(2);
    read_base(b, name);
    for (int i = 0; i < n; i++) snn_tensor_clear(&tensors[i]);
}

/* One of another program, without checksums. */
static void make_foreign(bytes *b)
{
    static const char header[] =
        "{\"__metadata__\":{\"format\":\"pt\",\"x\":\"\\ud834\\udd1e\\n\"},"
        "\"h\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[0,8]},"
        "\"q\":{\"more\":[{\"x\":[null,true,-1.5e3]}],\"dtype\":\"F8_E4M3\","
        "\"shape\":[3],\"data_offsets\":[8,11]},"
        "\"u\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[11,19]},"
        "\"n\":{\"dtype\":\"I8\",\"shape\":[0,4],\"data_offsets\":[19,19]}}  ";
    size_t length = strlen(header);
    memset(b, 0, sizeof *b);
    b->data[0] = (unsigned char)(length & 255);
    b->data[1] = (unsigned char)(length >> 8);
    memcpy(b->data + LENGTH, header, length);
    memset(b->data + LENGTH + length, 0x3c, 19);
    b->size = LENGTH + length + 19;
}

/* ---- mutations ---- */

/* Bytes of the header, by the base. */
static size_t header_of(const bytes *b)
{
    return (size_t)b->data[0] | (size_t)b->data[1] << 8;
}

static void set_header(bytes *b, size_t length)
{
    for (int i = 0; i < LENGTH; i++)
        b->data[i] = (unsigned char)((uint64_t)length >> 8 * i);
}

/* Puts `size` bytes in place of `old` ones at `at`. */
static void rewrite(bytes *b, size_t at, size_t old, const void *with,
                    size_t size)
{
    if (b->size - old + size > ROOM) return;
    memmove(b->data + at + size, b->data + at + old, b->size - at - old);
    memcpy(b->data + at, with, size);
    b->size += size - old;
}

static void flip_bits(bytes *b, size_t from, size_t size, size_t most)
{
    for (size_t n = 1 + below(most); n > 0; n--)
        b->data[from + below(size)] ^= (unsigned char)(1 << below(8));
}

/* Another number in place of one of the header's. */
static void change_number(bytes *b, size_t header)
{
    static const char *const numbers[] = {
        "0", "1", "-1", "7", "4294967296", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "1e999", "0.5", "01",
        "99999999999999999999999999", "null", "[]", "{}", "\"\"", "", "-"
    };
    size_t at = LENGTH + below(header), end;
    while (at < LENGTH + header && (b->data[at] < '0' || b->data[at] > '9'))
        at++;
    for (end = at; end < LENGTH + header && b->data[end] >= '0' &&
                   b->data[end] <= '9';)
        end++;
    const char *with = numbers[below(sizeof numbers / sizeof *numbers)];
    rewrite(b, at, end - at, with, strlen(with));
}

/* Text that opens much and closes little. */
static void insert_junk(bytes *b, size_t header)
{
    static const char *const parts[] = {
        "[", "{", "]", "}", ",", ":", "\"", "\\", "{},", "[],", "\"a\":",
        "\"dtype\":\"F32\",", "\"shape\":[0],", "\"data_offsets\":[0,0]",
        "\\ud800", "\\u0000", "\xff", "\xed\xa0\x80", "1e5", "null", " ",
        "\"__metadata__\":{\"snnlua.x\":\"\"},", "\"x\":\"\",", "[[[[[[[["
    };
    static unsigned char junk[ROOM / 2];
    const char *part = parts[below(sizeof parts / sizeof *parts)];
    size_t n = strlen(part), times = chance(8) ? 1 + below(900) : 1 + below(3);
    if (n * times > sizeof junk) times = sizeof junk / n;
    for (size_t i = 0; i < times; i++) memcpy(junk + i * n, part, n);
    rewrite(b, LENGTH + below(header + 1), 0, junk, n * times);
}

/* A piece of the header once more, elsewhere, or away. */
static void move_piece(bytes *b, size_t header)
{
    unsigned char piece[ROOM];
    size_t from = below(header), size = 1 + below(header - from);
    memcpy(piece, b->data + LENGTH + from, size);
    if (chance(2)) rewrite(b, LENGTH + from, size, piece, 0);
    else rewrite(b, LENGTH + below(header + 1), 0, piece, size);
}

/* Changes the header, and mostly its length with it. */
static void change_header(bytes *b)
{
    size_t header = header_of(b), before = b->size;
    for (size_t n = 1 + below(3); n > 0 && header > 0; n--) {
        switch (below(5)) {
        case 0: flip_bits(b, LENGTH, header, 4); break;
        case 1: change_number(b, header); break;
        case 2: insert_junk(b, header); break;
        case 3: move_piece(b, header); break;
        default: b->data[LENGTH + below(header)] = (unsigned char)draw();
        }
        header = header + b->size - before;
        before = b->size;
    }
    if (!chance(8)) set_header(b, header);
}

/* The length of the header alone. */
static void change_length(bytes *b)
{
    uint64_t length = chance(2) ? below(2 * b->size) : draw() >> below(64);
    for (int i = 0; i < LENGTH; i++)
        b->data[i] = (unsigned char)(length >> 8 * i);
}

/* Puts the header's checksum right where it still has its place. */
static bool seal(bytes *b)
{
    char *header = (char *)b->data + LENGTH;
    size_t length = header_of(b), start = strlen(SNN_SUM_START);
    if (length > b->size - LENGTH || length < start + SNN_SUM_DIGITS ||
        memcmp(header, SNN_SUM_START, start) != 0)
        return false;
    snn_checksum_put(snn_checksum_header(header, length), header + start);
    return true;
}

/* What a mutated file may come to. */
typedef enum outcome {
    REFUSED,  /* by any reader */
    UNSEALED, /* read at most as a file without checksums */
    ANY
} outcome;

static outcome mutate(bytes *b, bool sealed)
{
    switch (below(5)) {
    case 0: b->size = below(b->size); return REFUSED;
    case 1:
        flip_bits(b, 0, b->size, 1);
        return sealed ? REFUSED : ANY;
    case 2: change_length(b); break;
    default:
        change_header(b);
        if (chance(2) && b->size > LENGTH && seal(b)) return ANY;
    }
    return sealed ? UNSEALED : ANY;
}

/* ---- judging ---- */

typedef enum answer { NO, FOREIGN, OWN } answer;

static volatile size_t seen; /* lest reading names be left out */

/* Reads the file as the library does. */
static answer load(snn_fail *fail)
{
    snn_safetensors *s;
    snn_metadata pair;
    if (snn_safetensors_open("load", path, fail, &s)) return NO;
    answer got = snn_safetensors_is_sealed(s) ? OWN : FOREIGN;
    for (int64_t i = 0; snn_safetensors_metadata(s, i, &pair); i++)
        seen += strlen(pair.key) + strlen(pair.value);
    for (int64_t i = 0; got != NO && i < snn_safetensors_count(s); i++) {
        snn_tensor t;
        seen += strlen(snn_safetensors_name(s, i));
        if (snn_safetensors_next(s, fail, &t)) got = NO;
        snn_tensor_clear(&t);
    }
    snn_safetensors_close(s);
    snn_pool_trim(); /* keeps blocks for the next tensors */
    return got;
}

static void tell(const char *what, const bytes *b)
{
    printf("mutation %" PRIu64 ": %s; the file is ./mutation\n", number, what);
    int out = open("mutation", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (out < 0 || write(out, b->data, b->size) < 0) printf("(not written)\n");
    exit(1);
}

static answer try_one(uint64_t seed)
{
    static bytes b;
    snn_fail fail = { .text = "" };
    state = seed * 0x2545f4914f6cdd1d + number;
    int base = (int)below(BASES);
    do {
        memcpy(&b, &bases[base], sizeof b);
        size_t before = snn_mem_bytes();
        outcome wanted = mutate(&b, base != BASES - 1);
        if (b.size == bases[base].size &&
            memcmp(b.data, bases[base].data, b.size) == 0)
            continue;
        put(&b);
        peak = before;
        answer got = load(&fail);
        if (peak - before > FACTOR * b.size + FREE) tell("too much memory", &b);
        if (snn_mem_bytes() != before) tell("memory is left", &b);
        if (got != NO && wanted == REFUSED) tell("it is read", &b);
        if (got == OWN && wanted == UNSEALED) tell("it is taken for ours", &b);
        if (got == NO && (fail.status != SNN_IO_ERROR ||
                          !strstr(fail.text, path)))
            tell(fail.text, &b);
        return got;
    } while (true);
}

/* ---- large headers ---- */

/* Headers of a million bytes made of one part, which may have a number in it:
   what a tree of them would cost most. */
static const struct {
    const char *begin, *part, *end;
} large[] = {
    { "{\"a\":", "[", "" },
    { "{\"a\":{\"x\":[", "{},", "0]}}" },
    { "{\"a\":{\"x\":[", "[],", "0]}}" },
    { "{\"a\":{\"shape\":[", "1,", "1]}}" },
    { "{\"a\":{", "\"\":0,", "\"x\":1}}" },
    { "{\"__metadata__\":{", "\"%x\":\"\",", "\"x\":\"\"}}" },
    { "{", "\"%x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},",
      "\"x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}" },
    { "{", "\"%x\":{\"dtype\":\"\",\"data_offsets\":[0,0]},",
      "\"x\":{\"dtype\":\"\",\"data_offsets\":[0,0]}}" },
};

static void try_large(int i)
{
    enum { MOST = 1000000, PART = 128 };
    static char text[MOST + 4 * PART];
    static bytes none;
    snn_fail fail = { .text = "" };
    size_t size = LENGTH + strlen(large[i].begin);
    memcpy(text + LENGTH, large[i].begin, size - LENGTH);
    for (unsigned n = 0; size < MOST; n++) {
        char part[PART];
        const char *mark = strstr(large[i].part, "%x");
        int head = mark ? (int)(mark - large[i].part) : 0;
        if (mark)
            snprintf(part, PART, "%.*s%x%s", head, large[i].part, n, mark + 2);
        else snprintf(part, PART, "%s", large[i].part);
        memcpy(text + size, part, strlen(part));
        size += strlen(part);
    }
    memcpy(text + size, large[i].end, strlen(large[i].end));
    size += strlen(large[i].end);
    for (int k = 0; k < LENGTH; k++)
        text[k] = (char)((uint64_t)(size - LENGTH) >> 8 * k);
    if (ftruncate(file, 0) != 0 || pwrite(file, text, size, 0) < 0) exit(2);
    size_t before = peak = snn_mem_bytes();
    answer got = load(&fail);
    printf("%s%s...: %s, %.1f times the file\n", large[i].begin, large[i].part,
           got == NO ? "refused" : "read",
           (double)(peak - before) / (double)size);
    if (peak - before > FACTOR * size + FREE) tell("too much memory", &none);
    if (snn_mem_bytes() != before) tell("memory is left", &none);
}

static void crash(int signal_number)
{
    char text[80];
    int n = snprintf(text, sizeof text, "mutation %" PRIu64 ": signal %d\n",
                     number, signal_number);
    ssize_t unused = write(STDOUT_FILENO, text, (size_t)n);
    (void)unused;
    _exit(1);
}

int main(int argc, char **argv)
{
    uint64_t counts[3] = { 0 };
    if (argc < 3) return 2;
    uint64_t seed = strtoull(argv[1], NULL, 10);
    uint64_t first = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    uint64_t end = first + strtoull(argv[2], NULL, 10);
    signal(SIGSEGV, crash);
    signal(SIGFPE, crash);
    file = memfd_create("mutation", MFD_CLOEXEC);
    if (file < 0) return 2;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    for (int i = 0; i < BASES - 1; i++) make_base(&bases[i], 1 + i * 7 / 3, i);
    make_foreign(&bases[BASES - 1]);
    snn_pool_trim();
    for (int i = 0; i < (int)(sizeof large / sizeof *large); i++) try_large(i);
    for (number = first; number < end; number++) counts[try_one(seed)]++;
    printf("%" PRIu64 " mutations: %" PRIu64 " refused, read %" PRIu64
           " as files without checksums, %" PRIu64 " with checksums put right\n",
           end - first, counts[NO], counts[FOREIGN], counts[OWN]);
    return 0;
}
