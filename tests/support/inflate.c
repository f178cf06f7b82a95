// SPDX-License-Identifier: Apache-2.0
#include "tests/support/inflate.h"

#include <string.h>

enum { BITS_MAX = 15, LITERALS = 288, DISTANCES = 32, END = 256 };

struct stream {
    const uint8_t *bytes;
    size_t len, at;
    uint32_t hold;
    unsigned held; // bits in hold
    uint8_t *out;
    size_t out_len, out_at;
    const char *why; // the first fault; everything after it is nothing
};

// A canonical Huffman code: how many codes have each length, and the symbols in their order.
struct code {
    uint16_t counts[BITS_MAX + 1];
    uint16_t symbols[LITERALS];
};

static void fault(struct stream *stream, const char *why)
{
    stream->why = stream->why ? stream->why : why;
}

static uint32_t take(struct stream *stream, unsigned count)
{
    uint32_t value;

    while (stream->held < count) {
        if (stream->at == stream->len) {
            fault(stream, "it ends too early");
            return 0;
        }
        stream->hold |= (uint32_t)stream->bytes[stream->at++] << stream->held;
        stream->held += 8;
    }
    value = stream->hold & ((1u << count) - 1);
    stream->hold >>= count;
    stream->held -= count;
    return value;
}

static void build(struct code *code, const uint8_t *lengths, size_t count)
{
    uint16_t offsets[BITS_MAX + 2] = {0};

    memset(code, 0, sizeof *code);
    for (size_t i = 0; i < count; i++)
        code->counts[lengths[i]]++;
    code->counts[0] = 0;
    for (int i = 1; i <= BITS_MAX; i++)
        offsets[i + 1] = (uint16_t)(offsets[i] + code->counts[i]);
    for (size_t i = 0; i < count; i++) {
        if (lengths[i])
            code->symbols[offsets[lengths[i]]++] = (uint16_t)i;
    }
}

static unsigned decode(struct stream *stream, const struct code *code)
{
    unsigned value = 0, first = 0, index = 0;

    for (int len = 1; len <= BITS_MAX && !stream->why; len++) {
        value |= take(stream, 1);
        if (value < first + code->counts[len])
            return code->symbols[index + value - first];
        index += code->counts[len];
        first = (first + code->counts[len]) << 1;
        value <<= 1;
    }
    fault(stream, "a code that nobody defined");
    return END;
}

static void put(struct stream *stream, uint8_t byte)
{
    if (stream->out_at == stream->out_len)
        fault(stream, "more bytes than the picture has");
    else
        stream->out[stream->out_at++] = byte;
}

static void copy(struct stream *stream, unsigned symbol, const struct code *distances)
{
    static const uint16_t bases[] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                     15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                     67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const uint8_t extras[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                     2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const uint16_t from[] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                    33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                    1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    unsigned length, distance;

    if (symbol - 257 >= sizeof extras) {
        fault(stream, "a length that nobody defined");
        return;
    }
    length = bases[symbol - 257] + take(stream, extras[symbol - 257]);
    distance = decode(stream, distances);
    if (stream->why || distance >= sizeof from / sizeof from[0]) {
        fault(stream, "a distance that nobody defined");
        return;
    }
    distance = from[distance] + take(stream, distance < 4 ? 0 : distance / 2 - 1);
    if (distance > stream->out_at) {
        fault(stream, "a distance beyond its beginning");
        return;
    }
    for (; length && !stream->why; length--)
        put(stream, stream->out[stream->out_at - distance]);
}

static void codes(struct stream *stream, const struct code *literals, const struct code *distances)
{
    while (!stream->why) {
        const unsigned symbol = decode(stream, literals);

        if (symbol == END)
            return;
        if (symbol < END)
            put(stream, (uint8_t)symbol);
        else
            copy(stream, symbol, distances);
    }
}

static void stored(struct stream *stream)
{
    uint32_t len, complement;

    take(stream, stream->held % 8);
    len = take(stream, 16);
    complement = take(stream, 16);
    if (len != (~complement & 0xffff))
        fault(stream, "a stored block that contradicts itself");
    for (; len && !stream->why; len--)
        put(stream, (uint8_t)take(stream, 8));
}

static void fixed(struct stream *stream)
{
    struct code literals, distances;
    uint8_t lengths[LITERALS];

    for (int i = 0; i < LITERALS; i++)
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    build(&literals, lengths, LITERALS);
    memset(lengths, 5, DISTANCES);
    build(&distances, lengths, DISTANCES);
    codes(stream, &literals, &distances);
}

static size_t repeat(struct stream *stream, uint8_t *lengths, size_t at, size_t count,
                     unsigned symbol)
{
    const uint8_t what = symbol == 16 && at ? lengths[at - 1] : 0;
    size_t times = symbol == 16   ? 3 + take(stream, 2)
                   : symbol == 17 ? 3 + take(stream, 3)
                                  : 11 + take(stream, 7);

    if ((symbol == 16 && !at) || at + times > count) {
        fault(stream, "lengths of codes that run over");
        return count;
    }
    for (; times; times--)
        lengths[at++] = what;
    return at;
}

static void dynamic(struct stream *stream)
{
    static const uint8_t order[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                    11, 4,  12, 3, 13, 2, 14, 1, 15};
    const size_t literal_count = take(stream, 5) + 257;
    const size_t distance_count = take(stream, 5) + 1;
    const size_t order_count = take(stream, 4) + 4;
    const size_t count = literal_count + distance_count;
    uint8_t lengths[LITERALS + DISTANCES] = {0};
    struct code literals, distances;

    for (size_t i = 0; i < order_count; i++)
        lengths[order[i]] = (uint8_t)take(stream, 3);
    build(&literals, lengths, sizeof order);
    if (literal_count > LITERALS - 2 || distance_count > DISTANCES - 2)
        fault(stream, "too many codes");
    memset(lengths, 0, sizeof lengths);
    for (size_t at = 0; at < count && !stream->why;) {
        const unsigned symbol = decode(stream, &literals);

        if (symbol < 16)
            lengths[at++] = (uint8_t)symbol;
        else
            at = repeat(stream, lengths, at, count, symbol);
    }
    if (stream->why)
        return;
    build(&literals, lengths, literal_count);
    build(&distances, lengths + literal_count, distance_count);
    codes(stream, &literals, &distances);
}

static uint32_t adler(const uint8_t *bytes, size_t len)
{
    uint32_t a = 1, b = 0;

    for (size_t i = 0; i < len; i++) {
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static void checksum(struct stream *stream)
{
    uint32_t sum = 0;

    take(stream, stream->held % 8);
    for (int i = 0; i < 4; i++)
        sum = sum << 8 | take(stream, 8);
    if (stream->out_at != stream->out_len)
        fault(stream, "fewer bytes than the picture has");
    if (stream->at != stream->len || stream->held)
        fault(stream, "something stands behind it");
    if (!stream->why && sum != adler(stream->out, stream->out_len))
        fault(stream, "its checksum is wrong");
}

bool inflate_zlib(const uint8_t *bytes, size_t len, uint8_t *out, size_t out_len, const char **why)
{
    struct stream stream = {.bytes = bytes, .len = len, .at = 2, .out = out, .out_len = out_len};
    bool is_last = false;

    *why = "it is no zlib stream";
    if (len < 2 || (bytes[0] & 0x0f) != 8 || bytes[0] >> 4 > 7 || bytes[1] & 0x20 ||
        (bytes[0] << 8 | bytes[1]) % 31)
        return false;
    while (!is_last && !stream.why) {
        is_last = take(&stream, 1);
        switch (take(&stream, 2)) {
        case 0:
            stored(&stream);
            break;
        case 1:
            fixed(&stream);
            break;
        case 2:
            dynamic(&stream);
            break;
        default:
            fault(&stream, "a block of no kind");
        }
    }
    checksum(&stream);
    *why = stream.why;
    return !stream.why;
}
