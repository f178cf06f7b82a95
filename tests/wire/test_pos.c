// SPDX-License-Identifier: Apache-2.0
// Each call of the ABI across the socket, from the host's structs to the agent's and back.
#include "plugin/wire/pos.h"

#include "tests/wire/pos_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct atl_frame frame;
static struct atl_pos_ask ask;
static struct atl_error err;
static struct sample sample;
static _Alignas(16) uint8_t memory[ATL_POS_ARENA_BYTES];
static struct atl_pos_arena arena;

static int reset(void **state)
{
    (void)state;
    memset(&sample, 0, sizeof sample);
    sample.elements = 2;
    sample.next_value = 1;
    arena = (struct atl_pos_arena){.bytes = memory, .size = sizeof memory};
    memset(&ask, 0, sizeof ask);
    memset(&err, 0, sizeof err);
    return 0;
}

// What the parts of a question look like in the host.
struct question {
    uint8_t structs[ATL_POS_PARTS_MAX][ATL_POS_STRUCT_MAX_BYTES];
    const void *parts[ATL_POS_PARTS_MAX];
};

static const struct atl_pos_table *part_table(uint8_t part)
{
    return atl_pos_part_find(part & ~(unsigned)ATL_POS_OPTIONAL)->table;
}

static void fill_question(const struct atl_pos_call *call, struct question *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < ATL_POS_PARTS_MAX && call->asks[i]; i++) {
        out->parts[i] = "a text";
        if (part_table(call->asks[i])) {
            sample_fill(&sample, part_table(call->asks[i]), out->structs[i]);
            out->parts[i] = out->structs[i];
        }
    }
}

static void each_question_comes_through_with_each_of_its_fields(void **state)
{
    size_t calls = 0, parts = 0;

    (void)state;
    for (uint16_t kind = 0; kind < ATL_FRAME_KIND_COUNT; kind++) {
        const struct atl_pos_call *call = atl_pos_call_find(kind);
        struct question question;

        if (!call)
            continue;
        reset(NULL);
        fill_question(call, &question);
        assert_int_equal(atl_pos_put_ask(&frame, kind, 77, question.parts, &err), ATL_OK);
        assert_int_equal(atl_pos_get_ask(&frame, &arena, &ask, &err), ATL_OK);
        assert_int_equal(ask.kind, kind);
        assert_int_equal(ask.number, 77);
        for (size_t i = 0; i < ATL_POS_PARTS_MAX && call->asks[i]; i++, parts++) {
            const unsigned part = call->asks[i] & ~(unsigned)ATL_POS_OPTIONAL;
            const void *got = (const char *)&ask + atl_pos_part_find(part)->ask_at;

            assert_true(ask.present & 1u << part);
            if (part_table(call->asks[i]))
                assert_null(sample_difference(part_table(call->asks[i]), question.parts[i], got));
            else
                assert_string_equal(*(const char *const *)got, "a text");
        }
        calls++;
    }
    assert_int_equal(calls, ATL_FRAME_KIND_COUNT - 2); // but for NONE and NOTICE
    assert_true(parts > 40);
}

// Fills the reply, sends it, and reads it into `outs`, whose struct sizes are set.
static atl_code through(uint16_t kind, const struct atl_pos_reply *reply,
                        void *const outs[ATL_POS_REPLIES_MAX])
{
    struct atl_frame_head head;
    int file_fd;
    atl_code rc;

    ask = (struct atl_pos_ask){.version = ATL_FRAME_VERSION, .kind = kind, .number = 5};
    rc = atl_pos_put_reply(&frame, &ask, reply, &file_fd, &err);
    assert_int_equal(file_fd, -1);
    if (rc)
        return rc;
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(head.kind, kind);
    assert_int_equal(head.number, 5);
    assert_int_equal(head.code, 0);
    return atl_pos_get_reply(&frame, kind, NULL, &arena, outs, &err);
}

static void each_answer_comes_through_with_each_of_its_fields(void **state)
{
    size_t parts = 0;

    (void)state;
    for (uint16_t kind = 0; kind < ATL_FRAME_KIND_COUNT; kind++) {
        const struct atl_pos_call *call = atl_pos_call_find(kind);
        uint8_t structs[ATL_POS_REPLIES_MAX][ATL_POS_STRUCT_MAX_BYTES] = {{0}};
        void *outs[ATL_POS_REPLIES_MAX] = {structs[0], structs[1]};
        struct atl_pos_reply reply = {0};

        reset(NULL);
        for (size_t i = 0; call && i < ATL_POS_REPLIES_MAX && call->replies[i]; i++) {
            const struct atl_pos_part_row *part = atl_pos_part_find(call->replies[i]);
            const uint32_t size = part->table->size;

            sample_fill(&sample, part->table, (char *)&reply + part->reply_at);
            memcpy(structs[i], &size, sizeof size);
        }
        if (!call)
            continue;
        assert_int_equal(through(kind, &reply, outs), ATL_OK);
        for (size_t i = 0; i < ATL_POS_REPLIES_MAX && call->replies[i]; i++, parts++) {
            const struct atl_pos_part_row *part = atl_pos_part_find(call->replies[i]);

            assert_null(
                sample_difference(part->table, outs[i], (const char *)&reply + part->reply_at));
        }
    }
    assert_int_equal(parts, 18);
}

static void a_notice_comes_through(void **state)
{
    const struct atl_pos_table *table = atl_pos_part_find(ATL_POS_PART_NOTICE)->table;
    struct atl_pos_notice notice, got;
    struct atl_frame_head head;

    (void)state;
    sample_fill(&sample, table, &notice);
    assert_int_equal(atl_pos_put_notice(&frame, &notice, &err), ATL_OK);
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(head.kind, ATL_FRAME_NOTICE);
    assert_int_equal(head.number, 0);
    assert_int_equal(atl_pos_get_notice(&frame, &arena, &got, &err), ATL_OK);
    assert_null(sample_difference(table, &notice, &got));
}

static void the_key_is_found_wherever_the_call_has_it(void **state)
{
    static const uint16_t kinds[] = {ATL_FRAME_SIGN,     ATL_FRAME_CAPTURE,  ATL_FRAME_LINE_VOIDED,
                                     ATL_FRAME_TENDERED, ATL_FRAME_RETURNED, ATL_FRAME_COLLECT,
                                     ATL_FRAME_REPRINT,  ATL_FRAME_VOIDED,   ATL_FRAME_SUSPENDED};
    struct question question;

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        reset(NULL);
        fill_question(atl_pos_call_find(kinds[i]), &question);
        assert_int_equal(atl_pos_put_ask(&frame, kinds[i], 1, question.parts, &err), ATL_OK);
        assert_int_equal(atl_pos_get_ask(&frame, &arena, &ask, &err), ATL_OK);
        assert_non_null(ask.key);
    }
}

static struct atl_pos_transaction sale = {.size = sizeof sale, .uuid = "S-1", .currency = "EUR"};
static struct atl_pos_event event = {.size = sizeof event, .key = "k-1"};

static atl_code put(uint16_t kind, const void *one, const void *two, const void *three)
{
    const void *const parts[ATL_POS_PARTS_MAX] = {one, two, three};

    return atl_pos_put_ask(&frame, kind, 1, parts, &err);
}

static void a_state_may_be_absent_and_a_transaction_may_not(void **state)
{
    (void)state;
    assert_int_equal(put(ATL_FRAME_RESUMED, &sale, &event, NULL), ATL_OK);
    assert_int_equal(atl_pos_get_ask(&frame, &arena, &ask, &err), ATL_OK);
    assert_false(ask.present & 1u << ATL_POS_PART_STATE);
    assert_int_equal(put(ATL_FRAME_RESUMED, NULL, &event, NULL), ATL_E_INVALID);
    assert_string_equal(err.text, "transaction is NULL");
}

static void what_the_host_may_get_wrong_is_refused_by_name(void **state)
{
    static char long_text[10 * 1024 * 1024];
    static const struct {
        const char *uuid, *store, *want;
    } rows[] = {
        {NULL,      NULL,               "transaction.uuid is missing"             },
        {"",        NULL,               "transaction.uuid is missing"             },
        {"S-1",     "\xff",             "transaction.store is not UTF-8"          },
        {"S-1",     "a\xc3",            "transaction.store is not UTF-8"          },
        {"S-1",     "\xc0\xaf",         "transaction.store is not UTF-8"          },
        {"S-1",     "\xed\xa0\x80",     "transaction.store is not UTF-8"          },
        {"S-1",     "\xf4\x90\x80\x80", "transaction.store is not UTF-8"          },
        {long_text, NULL,               "transaction.uuid is longer than 64 bytes"},
    };

    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_pos_transaction txn = sale;

        txn.uuid = rows[i].uuid;
        txn.store = rows[i].store;
        assert_int_equal(put(ATL_FRAME_STATUS, &txn, NULL, NULL), ATL_E_INVALID);
        assert_string_equal(err.text, rows[i].want);
    }
}

static void an_array_is_looked_at_before_it_is_stepped_through(void **state)
{
    struct atl_pos_line line = {.size = sizeof line, .line_ref = "L"};
    const struct {
        struct atl_pos_tender tender;
        const char *want;
    } rows[] = {
        {{.size = sizeof rows[0].tender, .line_size = sizeof line, .line_count = 1},
         "tender.lines has 1 of at most 256, or is NULL"                                                                                    },
        {{.size = sizeof rows[0].tender,
          .lines = &line,
          .line_size = sizeof line,
          .line_count = 257},
         "tender.lines has 257 of at most 256, or is NULL"                                                                                  },
        {{.size = sizeof rows[0].tender, .lines = &line, .line_size = 8, .line_count = 1},
         "tender.lines has elements of 8 bytes"                                                                                             },
        {{.size = sizeof rows[0].tender, .lines = &line, .line_size = 1u << 20, .line_count = 1},
         "tender.lines has elements of 1048576 bytes"                                                                                       },
        {{.size = 8},                                                                             "tender: a struct of 8 bytes is too small"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(put(ATL_FRAME_TENDERED, &sale, &rows[i].tender, NULL), ATL_E_INVALID);
        assert_string_equal(err.text, rows[i].want);
    }
}

static void a_newer_hosts_structs_are_read_as_far_as_we_know_them(void **state)
{
    struct newer_line {
        struct atl_pos_line line;
        int64_t more;
    } lines[2] = {
        {{.size = sizeof lines[0], .line_ref = "L-1", .sku = "tote"}, -1},
        {{.size = sizeof lines[0], .line_ref = "L-2", .sku = "cap"},  -1}
    };
    struct {
        struct atl_pos_tender tender;
        int64_t more[8];
    } newer = {
        {.size = sizeof newer,
         .line_size = sizeof lines[0],
         .line_count = 2,
         .lines = &lines[0].line,
         .key = "k"},
        {-1     }
    };

    (void)state;
    assert_int_equal(put(ATL_FRAME_TENDERED, &sale, &newer, NULL), ATL_OK);
    assert_int_equal(atl_pos_get_ask(&frame, &arena, &ask, &err), ATL_OK);
    assert_int_equal(ask.tender.line_count, 2);
    assert_string_equal(ask.tender.lines[1].sku, "cap");
    assert_int_equal(ask.tender.lines[1].size, sizeof(struct atl_pos_line));
}

// The answer of an agent of another version, field by field.
static atl_code verdict_of_version(size_t fields, const char *more, struct atl_pos_verdict *out)
{
    const struct atl_frame_head head = {.version = ATL_FRAME_VERSION, .number = 1};
    static const char *const texts[] = {"unsigned", "Not signed.", "", "text", "L-2"};
    void *const outs[ATL_POS_REPLIES_MAX] = {out};
    struct atl_frame_head got;
    size_t opened;

    atl_frame_begin(&frame, &head);
    opened = atl_frame_open_group(&frame);
    atl_frame_put_i32(&frame, 1);
    for (size_t i = 0; i < 5 && i + 1 < fields; i++)
        atl_frame_put_text(&frame, texts[i]);
    if (more) {
        atl_frame_put_i32(&frame, 3);
        atl_frame_put_text(&frame, "");
        atl_frame_put_text(&frame, more);
    }
    atl_frame_close_group(&frame, opened);
    atl_frame_begin_read(&frame, &got);
    return atl_pos_get_reply(&frame, ATL_FRAME_BEFORE_TENDER, NULL, &arena, outs, &err);
}

static void an_older_agents_answer_ends_early_and_a_newer_ones_late(void **state)
{
    struct atl_pos_verdict verdict = {.size = sizeof verdict, .reason = "old"};

    (void)state;
    assert_int_equal(verdict_of_version(2, NULL, &verdict), ATL_OK);
    assert_int_equal(verdict.is_allowed, 1);
    assert_string_equal(verdict.code, "unsigned");
    assert_null(verdict.reason);
    assert_int_equal(verdict_of_version(6, "of the future", &verdict), ATL_OK);
    assert_string_equal(verdict.line_ref, "L-2");
    assert_int_equal(verdict.unit_index, 3);
    assert_null(verdict.warning);
}

static void an_older_host_gets_only_what_it_knows_and_a_short_one_nothing(void **state)
{
    struct {
        struct atl_pos_verdict verdict;
        char more[8];
    } newer = {{.size = sizeof newer}, "mine"};
    struct atl_pos_verdict shorter = {.size = offsetof(struct atl_pos_verdict, warning)};
    void *outs[ATL_POS_REPLIES_MAX] = {&shorter};

    (void)state;
    assert_int_equal(atl_pos_check_outs(ATL_FRAME_BEFORE_TENDER, outs, &err), ATL_E_INVALID);
    outs[0] = NULL;
    assert_int_equal(atl_pos_check_outs(ATL_FRAME_BEFORE_TENDER, outs, &err), ATL_E_INVALID);
    assert_int_equal(verdict_of_version(6, "x", &newer.verdict), ATL_OK);
    assert_int_equal(newer.verdict.size, sizeof newer);
    assert_string_equal(newer.more, "mine");
    shorter.line_ref = "mine";
    shorter.size = offsetof(struct atl_pos_verdict, line_ref); // as a host of 0.9 would have it
    assert_int_equal(verdict_of_version(6, "x", &shorter), ATL_OK);
    assert_string_equal(shorter.field, "text");
    assert_string_equal(shorter.line_ref, "mine");
}

static void a_question_cut_short_anywhere_is_refused(void **state)
{
    struct question question;
    size_t whole;

    (void)state;
    fill_question(atl_pos_call_find(ATL_FRAME_TENDERED), &question);
    assert_int_equal(put(ATL_FRAME_TENDERED, question.parts[0], question.parts[1], NULL), ATL_OK);
    whole = frame.len;
    for (size_t len = 0; len < whole; len++) {
        frame.len = len;
        arena.used = 0;
        assert_int_not_equal(atl_pos_get_ask(&frame, &arena, &ask, &err), ATL_OK);
    }
}

static void a_failed_answer_leaves_the_hosts_structs_alone(void **state)
{
    struct atl_pos_receipt receipt = {.size = sizeof receipt, .url = "mine", .qr_width = 7};
    void *const outs[ATL_POS_REPLIES_MAX] = {&receipt};
    struct atl_pos_reply reply = {0};
    struct atl_frame_head head;
    size_t whole;

    (void)state;
    sample_fill(&sample, atl_pos_part_find(ATL_POS_PART_RECEIPT)->table, &reply.receipt);
    assert_int_equal(through(ATL_FRAME_TENDERED, &reply, outs), ATL_OK);
    receipt = (struct atl_pos_receipt){.size = sizeof receipt, .url = "mine", .qr_width = 7};
    whole = frame.len;
    for (size_t len = ATL_FRAME_HEAD_BYTES; len < whole; len++) {
        frame.len = len;
        arena.used = 0;
        atl_frame_begin_read(&frame, &head);
        assert_int_not_equal(
            atl_pos_get_reply(&frame, ATL_FRAME_TENDERED, NULL, &arena, outs, &err), ATL_OK);
        assert_string_equal(receipt.url, "mine");
        assert_int_equal(receipt.qr_width, 7);
    }
}

static void a_version_or_call_of_the_future_is_unsupported_and_can_be_refused(void **state)
{
    struct atl_frame_head head = {
        .version = ATL_FRAME_VERSION + 1, .kind = ATL_FRAME_OFFER, .number = 9};

    (void)state;
    atl_frame_begin(&frame, &head);
    assert_int_equal(atl_pos_get_ask(&frame, &arena, &ask, &err), ATL_E_UNSUPPORTED);
    atl_pos_put_refusal(&frame, &ask, ATL_E_UNSUPPORTED, err.text);
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(head.version, ATL_FRAME_VERSION);
    assert_int_equal(head.number, 9);
    assert_int_equal(atl_pos_get_refusal(&frame, &head, &err), ATL_E_UNSUPPORTED);

    head = (struct atl_frame_head){.version = ATL_FRAME_VERSION, .kind = 999, .number = 10};
    atl_frame_begin(&frame, &head);
    assert_int_equal(atl_pos_get_ask(&frame, &arena, &ask, &err), ATL_E_UNSUPPORTED);
    assert_int_equal(ask.number, 10);
}

static void a_refusal_is_cut_between_two_letters(void **state)
{
    char sentence[400];
    struct atl_frame_head head;

    (void)state;
    for (size_t i = 0; i + 2 < sizeof sentence; i += 2)
        memcpy(sentence + i, "é", 3);
    ask = (struct atl_pos_ask){.version = 1, .kind = ATL_FRAME_SIGN, .number = 4};
    atl_pos_put_refusal(&frame, &ask, ATL_E_CONFLICT, sentence);
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(atl_pos_get_refusal(&frame, &head, &err), ATL_E_CONFLICT);
    assert_int_equal(strlen(err.text), 234);
    atl_pos_put_refusal(&frame, &ask, ATL_E_CONFLICT, NULL);
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(atl_pos_get_refusal(&frame, &head, &err), ATL_E_CONFLICT);
    assert_string_equal(err.text, "refused: conflict");
}

static void a_large_picture_goes_beside_its_frame_and_only_that_one_is_taken(void **state)
{
    static uint8_t png[ATL_POS_INLINE_MAX + 1] = {1, 2, 3};
    const struct atl_pos_reply reply = {
        .image = {.proof_state = ATL_POS_PROOF_READY, .png = png, .png_bytes = sizeof png}
    };
    const struct atl_packet_file map = {.bytes = png, .len = sizeof png};
    const struct atl_packet_file wrong = {.bytes = png, .len = sizeof png - 1};
    struct atl_pos_image image = {.size = sizeof image};
    void *const outs[ATL_POS_REPLIES_MAX] = {&image};
    struct atl_frame_head head;
    int file_fd;

    (void)state;
    ask = (struct atl_pos_ask){.version = 1, .kind = ATL_FRAME_PREVIEW, .number = 4};
    assert_int_equal(atl_pos_put_reply(&frame, &ask, &reply, &file_fd, &err), ATL_OK);
    assert_true(file_fd >= 0 && frame.len < 100);
    close(file_fd);
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(atl_pos_get_reply(&frame, ATL_FRAME_PREVIEW, &wrong, &arena, outs, &err),
                     ATL_E_INVALID);
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(atl_pos_get_reply(&frame, ATL_FRAME_PREVIEW, &map, &arena, outs, &err),
                     ATL_OK);
    assert_ptr_equal(image.png, png);
    assert_int_equal(image.png_bytes, sizeof png);
}

// What honest use can put into a frame must find room in an arena.
static void the_arena_holds_the_fullest_frames(void **state)
{
    static const uint16_t kinds[] = {ATL_FRAME_CHECK, ATL_FRAME_TENDERED, ATL_FRAME_RETURNED};
    struct question question;

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        uint32_t elements = 512;
        atl_code rc = ATL_E_NOMEM;

        for (; elements && rc == ATL_E_NOMEM; elements--) {
            reset(NULL);
            sample.elements = elements;
            fill_question(atl_pos_call_find(kinds[i]), &question);
            rc = atl_pos_put_ask(&frame, kinds[i], 1, question.parts, &err);
        }
        assert_true(elements > 100);
        assert_int_equal(atl_pos_get_ask(&frame, &arena, &ask, &err), ATL_OK);
    }
}

static void an_answer_longer_than_a_frame_is_refused_and_a_full_one_read(void **state)
{
    struct atl_pos_list list = {.size = sizeof list};
    void *const outs[ATL_POS_REPLIES_MAX] = {&list};
    struct atl_pos_reply reply;
    uint32_t elements = 50;
    atl_code rc = ATL_E_NOMEM;

    (void)state;
    for (; rc == ATL_E_NOMEM; elements--) {
        reset(NULL);
        memset(&reply, 0, sizeof reply);
        sample.elements = elements;
        sample_fill(&sample, atl_pos_part_find(ATL_POS_PART_LIST)->table, &reply.list);
        rc = through(ATL_FRAME_FIND, &reply, outs);
    }
    assert_int_equal(rc, ATL_OK);
    assert_in_range(elements, 10, 48);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_question_comes_through_with_each_of_its_fields, reset),
        cmocka_unit_test_setup(each_answer_comes_through_with_each_of_its_fields, reset),
        cmocka_unit_test_setup(a_notice_comes_through, reset),
        cmocka_unit_test_setup(the_key_is_found_wherever_the_call_has_it, reset),
        cmocka_unit_test_setup(a_state_may_be_absent_and_a_transaction_may_not, reset),
        cmocka_unit_test_setup(what_the_host_may_get_wrong_is_refused_by_name, reset),
        cmocka_unit_test_setup(an_array_is_looked_at_before_it_is_stepped_through, reset),
        cmocka_unit_test_setup(a_newer_hosts_structs_are_read_as_far_as_we_know_them, reset),
        cmocka_unit_test_setup(an_older_agents_answer_ends_early_and_a_newer_ones_late, reset),
        cmocka_unit_test_setup(an_older_host_gets_only_what_it_knows_and_a_short_one_nothing,
                               reset),
        cmocka_unit_test_setup(a_question_cut_short_anywhere_is_refused, reset),
        cmocka_unit_test_setup(a_failed_answer_leaves_the_hosts_structs_alone, reset),
        cmocka_unit_test_setup(a_version_or_call_of_the_future_is_unsupported_and_can_be_refused,
                               reset),
        cmocka_unit_test_setup(a_refusal_is_cut_between_two_letters, reset),
        cmocka_unit_test_setup(a_large_picture_goes_beside_its_frame_and_only_that_one_is_taken,
                               reset),
        cmocka_unit_test_setup(the_arena_holds_the_fullest_frames, reset),
        cmocka_unit_test_setup(an_answer_longer_than_a_frame_is_refused_and_a_full_one_read, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
