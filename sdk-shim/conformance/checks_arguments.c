// SPDX-License-Identifier: Apache-2.0
// Whatever a host hands in by mistake: a code comes back, and nothing else happens.
#include "sdk-shim/conformance/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LONG_TEXT_BYTES = 10 * 1024 * 1024, TAIL_BYTES = 64 };

// Bytes that end where a page begins that nobody may touch.
struct guarded {
    uint8_t *pages;
    size_t page;
};

static void guarded_make(struct guarded *out)
{
    out->page = (size_t)sysconf(_SC_PAGESIZE);
    out->pages =
        mmap(NULL, 2 * out->page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (out->pages == MAP_FAILED || mprotect(out->pages + out->page, out->page, PROT_NONE) != 0)
        fail("the check's own memory cannot be had");
}

static uint8_t *guarded_end(const struct guarded *guarded, size_t len)
{
    return guarded->pages + guarded->page - len;
}

static bool call_uses(const struct call *call, unsigned part)
{
    return call->uses >> part & 1;
}

static void check_null_pointers(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);

    for (size_t i = 0; i < call_count; i++) {
        for (unsigned part = 0; part < PART_COUNT; part++) {
            const bool may_be_null = calls[i].optional >> part & 1;
            struct kit kit;
            int32_t rc;

            if (!call_uses(&calls[i], part))
                continue;
            kit_fill(&kit);
            kit.at[part] = NULL;
            rc = calls[i].make(lab->plugin, till, kit.at);
            if (!may_be_null && rc != ATL_POS_E_INVALID)
                fail("%s() with a %s that is NULL gives code %d, not ATL_POS_E_INVALID",
                     calls[i].name, part_name(part), rc);
            if (may_be_null && rc == ATL_POS_E_INVALID)
                fail("%s() refuses a %s that is NULL, which it may be", calls[i].name,
                     part_name(part));
        }
    }
    agent_stop(lab, agent);
}

static void check_open_arguments(struct lab *lab)
{
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI};
    const struct atl_pos_host small = {.size = 4};
    atl_pos_till till = 99;
    char text[40];

    lab_load(lab);
    memset(text, '#', sizeof text);
    if (lab->plugin->open(NULL, lab->socket, &till, text, 16) != ATL_POS_E_INVALID || till)
        fail("open() without a host does not give ATL_POS_E_INVALID and till 0");
    if (!memchr(text, '\0', 16) || text[16] != '#')
        fail("open() does not keep to the size of the text");
    if (lab->plugin->open(&small, lab->socket, &till, NULL, 0) != ATL_POS_E_INVALID)
        fail("open() takes a host of 4 bytes");
    if (lab->plugin->open(&host, lab->socket, NULL, text, sizeof text) != ATL_POS_E_INVALID)
        fail("open() without a place for the till does not give ATL_POS_E_INVALID");
    if (lab->plugin->close(0) != ATL_POS_OK)
        fail("close(0) is not allowed");
}

// Each struct with each size below that of version 1.0, at the very end of memory.
static void check_short_structs(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);
    struct guarded guarded;

    guarded_make(&guarded);
    for (size_t i = 0; i < call_count; i++) {
        for (unsigned part = 0; part < PART_COUNT; part++) {
            if (!call_uses(&calls[i], part) || !part_size(part))
                continue;
            for (uint32_t size = 4; size < part_size(part); size += 4) {
                uint8_t *bytes = guarded_end(&guarded, size);
                struct kit kit;
                int32_t rc;

                kit_fill(&kit);
                memcpy(bytes, kit.bytes[part], size);
                memcpy(bytes, &size, sizeof size);
                kit.at[part] = bytes;
                rc = calls[i].make(lab->plugin, till, kit.at);
                if (rc == ATL_POS_OK)
                    fail("%s() takes a %s of %u bytes", calls[i].name, part_name(part), size);
                if (part_is_out(part) && size > 4 &&
                    memcmp(bytes + 4, kit.bytes[part] + 4, size - 4) != 0)
                    fail("%s() refuses a %s of %u bytes and writes into it", calls[i].name,
                         part_name(part), size);
            }
        }
    }
    agent_stop(lab, agent);
}

// A newer host's structs: what is past version 1.0 is neither a reason to refuse nor written to.
static void check_long_structs(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);

    for (size_t i = 0; i < call_count; i++) {
        const int32_t plain = call_plain(lab, &calls[i], till);
        struct kit kit;
        int32_t rc;

        kit_fill(&kit);
        for (unsigned part = 0; part < PART_COUNT; part++) {
            const uint32_t size = part_size(part) + TAIL_BYTES;

            if (!part_size(part))
                continue;
            memcpy(kit.bytes[part], &size, sizeof size);
            memset(kit.bytes[part] + part_size(part), 0xee, TAIL_BYTES);
        }
        rc = calls[i].make(lab->plugin, till, kit.at);
        if (rc != plain)
            fail("%s() gives code %d to a newer host and %d to one of 1.0", calls[i].name, rc,
                 plain);
        for (unsigned part = PART_FORM; part < PART_COUNT; part++) {
            for (size_t k = 0; k < TAIL_BYTES; k++) {
                if (kit.bytes[part][part_size(part) + k] != 0xee)
                    fail("%s() writes past the %s that it knows", calls[i].name, part_name(part));
            }
        }
    }
    agent_stop(lab, agent);
}

// The first text of each struct of a question, and a text that is one itself.
static const struct {
    enum part part;
    size_t at;
} text_fields[] = {
    {PART_KEY,       0},
    {              PART_TEXT,             0 },
    {       PART_TXN,        offsetof(struct atl_pos_transaction,         store)},
    {       PART_TXN,         offsetof(struct atl_pos_transaction,          uuid)},
    {      PART_LINE,          offsetof(struct atl_pos_line,           sku)},
    {      PART_LINE,     offsetof(struct atl_pos_line,      line_ref)},
    { PART_SIGNATURE,          offsetof(struct atl_pos_signature,           key)},
    {     PART_EVENT, offsetof(struct atl_pos_event,  employee_ref)},
    {    PART_TENDER,          offsetof(struct atl_pos_tender,           key)},
    {    PART_RETURN,          offsetof(struct atl_pos_return,           key)},
    {   PART_COLLECT,   offsetof(struct atl_pos_collect,    piece_code)},
    {     PART_QUERY,        offsetof(struct atl_pos_query,         words)},
    {   PART_REPRINT, offsetof(struct atl_pos_reprint,  employee_ref)},
};

static void try_text(const struct lab *lab, atl_pos_till till, const char *text, const char *what)
{
    for (size_t i = 0; i < call_count; i++) {
        for (size_t k = 0; k < sizeof text_fields / sizeof text_fields[0]; k++) {
            const enum part part = text_fields[k].part;
            struct kit kit;
            int64_t begun_ms;
            int32_t rc;

            if (!call_uses(&calls[i], part))
                continue;
            kit_fill(&kit);
            if (part_size(part))
                memcpy(kit.bytes[part] + text_fields[k].at, &text, sizeof text);
            else
                memcpy(&kit.at[part], &text, sizeof text);
            begun_ms = lab_now_ms();
            rc = calls[i].make(lab->plugin, till, kit.at);
            if (rc != ATL_POS_E_INVALID)
                fail("%s() with %s in its %s gives code %d, not ATL_POS_E_INVALID", calls[i].name,
                     what, part_name(part), rc);
            if (lab_now_ms() - begun_ms > calls[i].budget_ms + SLACK_MS)
                fail("%s() takes too long over %s", calls[i].name, what);
        }
    }
}

static void check_invalid_utf8(struct lab *lab)
{
    static const char *const bad[] = {"\xff", "caf\xe9", "\xc0\x80", "\xed\xa0\x80", "a\xe2\x82"};
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        try_text(lab, till, bad[i], "bytes that are no UTF-8");
    agent_stop(lab, agent);
}

static void check_ten_megabytes(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);
    char *text = malloc(LONG_TEXT_BYTES + 1);

    if (!text)
        fail("the check's own memory cannot be had");
    memset(text, 'x', LONG_TEXT_BYTES);
    text[LONG_TEXT_BYTES] = '\0';
    try_text(lab, till, text, "10 MB of text");
    agent_stop(lab, agent);
    free(text);
}

static void expect_invalid(const struct lab *lab, const char *name, int32_t rc, const char *what)
{
    (void)lab;
    if (rc != ATL_POS_E_INVALID && rc != ATL_POS_E_NOMEM)
        fail("%s() with %s gives code %d, not ATL_POS_E_INVALID", name, what, rc);
}

// Counts and element sizes that cannot be: nothing of the array may be read by them.
static void check_wild_counts(struct lab *lab)
{
    static const struct {
        uint32_t count, step;
        const char *what;
    } wild[] = {
        {UINT32_MAX, sizeof(struct atl_pos_answer), "4 billion elements"  },
        {100000,     sizeof(struct atl_pos_answer), "100,000 elements"    },
        {1,          0,                             "elements of no bytes"},
        {1,          4,                             "elements of 4 bytes" },
        {2,          UINT32_MAX - 7,                "elements of 4 GB"    },
    };
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);
    struct guarded guarded;

    guarded_make(&guarded);
    for (size_t i = 0; i < sizeof wild / sizeof wild[0]; i++) {
        const void *end = guarded_end(&guarded, 4); // so that reading one element is too much
        const struct atl_pos_answers answers = {.size = sizeof answers,
                                                .answers = end,
                                                .answer_count = wild[i].count,
                                                .answer_size = wild[i].step};
        const struct atl_pos_tender tender = {.size = sizeof tender,
                                              .lines = end,
                                              .line_count = wild[i].count,
                                              .line_size = wild[i].step,
                                              .key = "k"};
        const struct atl_pos_return units = {.size = sizeof units,
                                             .units = end,
                                             .unit_count = wild[i].count,
                                             .unit_size = wild[i].step,
                                             .key = "k"};
        const struct atl_pos_state state = {.size = sizeof state,
                                            .bytes = end,
                                            .byte_count =
                                                wild[i].count < 1000 ? 5000 : wild[i].count};
        const struct atl_pos_plugin *plugin = lab->plugin;
        struct kit kit;

        kit_fill(&kit);
        expect_invalid(lab, "check",
                       plugin->check(till, kit.at[PART_TXN], kit.at[PART_LINE], &answers,
                                     kit.at[PART_JUDGEMENT]),
                       wild[i].what);
        expect_invalid(lab, "tendered",
                       plugin->tendered(till, kit.at[PART_TXN], &tender, kit.at[PART_RECEIPT]),
                       wild[i].what);
        expect_invalid(lab, "returned",
                       plugin->returned(till, kit.at[PART_TXN], &units, kit.at[PART_VERDICT]),
                       wild[i].what);
        expect_invalid(lab, "resumed",
                       plugin->resumed(till, kit.at[PART_TXN], kit.at[PART_EVENT], &state),
                       "a state over its limit");
    }
    agent_stop(lab, agent);
}

static const struct check rows[] = {
    {"null_pointers",  "a pointer that is NULL is refused, unless it may be",                      check_null_pointers},
    {"open_arguments", "open() refuses bad arguments and keeps to the size of its text",
     check_open_arguments                                                                                             },
    {"short_structs",
     "a struct shorter than version 1.0 is refused, and not a byte past it is "
     "read or written",                                                                            check_short_structs},
    {"long_structs",   "a newer host's longer structs are taken, and their ends left alone",
     check_long_structs                                                                                               },
    {"invalid_utf8",   "text that is no UTF-8 is refused",                                         check_invalid_utf8 },
    {"ten_megabytes",  "10 MB of text are refused in time",                                        check_ten_megabytes},
    {"wild_counts",    "impossible counts and element sizes are refused before the array is read",
     check_wild_counts                                                                                                },
};

const struct check_group checks_arguments = {rows, sizeof rows / sizeof rows[0]};
