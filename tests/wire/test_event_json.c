// SPDX-License-Identifier: Apache-2.0
#include "plugin/wire/event_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

#define ORDER  "01JD0000000000000000000001"
#define PIECE  "01JD0000000000000000000002"
#define SOURCE "urn:atelier:store:hirondelle/paris-1/0123456789abcdef"
#define SHA    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct atl_arena arena;
static struct atl_buf text;

static int setup(void **state)
{
    (void)state;
    atl_arena_init(&arena, 8 * 1024 * 1024);
    atl_buf_init(&text, 2 * 1024 * 1024);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_arena_free(&arena);
    atl_buf_free(&text);
    return 0;
}

static const struct atl_cloudevent_hours hours[] = {
    {1, "10:00", "20:00"},
    {6, "9:30",  "24:00"}
};
static const struct atl_cloudevent_link links[] = {
    {SHA, ATL_LINK_BUYER},
    {SHA, ATL_LINK_GIFT }
};
static const struct atl_cloudevent_piece pieces[] = {
    {.id = PIECE,
     .index = 1,
     .kind = ATL_KIND_NAME_NUMBER,
     .what = {{"en", "Name and number"}, {"ja", "\xE5\x88\xBA\xE7\xB9\x8D"}},
     .what_count = 2},
};

// One of each type, with the text that docs/sync.md shows.
static const struct {
    struct atl_cloudevent_data data;
    const char *subject;
    const char *json;
} samples[] = {
    {{.type = ATL_CLOUDEVENT_SHOP_PROFILE,
      .profile = {.name = "Maison <Hirondelle>",
                  .phone = "+33 1 00 00 00 00",
                  .address = "1 rue de l'Atelier\n75001 Paris",
                  .zone = "Europe/Paris",
                  .map_url = "https://maps.example/x",
                  .languages = {"en", "fr"},
                  .language_count = 2,
                  .hours = hours,
                  .hours_count = 2}},
     "shop",                                                                                                    "{\"name\":\"Maison \\u003cHirondelle>\",\"phone\":\"+33 1 00 00 00 00\","
     "\"address\":\"1 rue de l'Atelier\\n75001 Paris\",\"zone\":\"Europe/Paris\","
     "\"map_url\":\"https://maps.example/x\",\"languages\":[\"en\",\"fr\"],"
     "\"hours\":[{\"day\":1,\"from\":\"10:00\",\"until\":\"20:00\"},"
     "{\"day\":6,\"from\":\"9:30\",\"until\":\"24:00\"}]}"                                              },
    {{.type = ATL_CLOUDEVENT_ORDER_OPENED,
      .opened = {.code = "K7F-2A1",
                 .language = "fr",
                 .is_training = true,
                 .created_ms = 1000,
                 .links = links,
                 .link_count = 2,
                 .pieces = pieces,
                 .piece_count = 1}},
     "order/" ORDER,
     "{\"code\":\"K7F-2A1\",\"language\":\"fr\",\"is_training\":true,"
     "\"created\":\"1970-01-01T00:00:01.000Z\","
     "\"links\":[{\"sha256\":\"" SHA "\",\"scope\":\"buyer\"},"
     "{\"sha256\":\"" SHA "\",\"scope\":\"gift\"}],"
     "\"pieces\":[{\"id\":\"" PIECE "\",\"index\":1,\"kind\":\"name-number\","
     "\"what\":{\"en\":\"Name and number\",\"ja\":\"\xE5\x88\xBA\xE7\xB9\x8D\"}}]}"                                 },
    {{.type = ATL_CLOUDEVENT_ORDER_LINKS, .links = {links, 1}},
     "order/" ORDER,
     "{\"links\":[{\"sha256\":\"" SHA "\",\"scope\":\"buyer\"}]}"                                                   },
    {{.type = ATL_CLOUDEVENT_PIECE_STAGE,
      .stage = {.stage = ATL_STAGE_ON_HOLD,
                .back = ATL_STAGE_CONFIRMED,
                .said = {1000, 2000},
                .is_late = true,
                .is_remake = true}},
     "order/" ORDER "/piece/" PIECE,
     "{\"stage\":\"on_hold\",\"back\":\"confirmed\",\"promise\":null,"
     "\"said\":{\"from\":\"1970-01-01T00:00:01.000Z\",\"until\":\"1970-01-01T00:00:02.000Z\"},"
     "\"is_late\":true,\"is_remake\":true}"                                                                         },
    {{.type = ATL_CLOUDEVENT_ORDER_ERASED},                                                     "order/" ORDER, "{}"},
    {{.type = ATL_CLOUDEVENT_REQUEST_ANSWERED,
      .answered = {.request = "r1", .is_accepted = false, .reason = "It is being made."}},
     "order/" ORDER,
     "{\"request\":\"r1\",\"is_accepted\":false,\"reason\":\"It is being made.\"}"                                  },
    {{.type = ATL_CLOUDEVENT_SHOP_ALIVE},                                                       "shop",         "{}"},
};

static void write_data(size_t i, struct atl_buf *out)
{
    struct atl_error err = {0};

    if (atl_cloudevent_data_write(&samples[i].data, out, &err))
        fail_msg("%s", err.text);
}

static void each_type_is_written_as_the_protocol_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        char subject[100];
        struct atl_buf out;

        atl_buf_init(&out, 65536);
        write_data(i, &out);
        assert_string_equal((const char *)out.data, samples[i].json);
        atl_cloudevent_subject(samples[i].data.type, ORDER, PIECE, subject, sizeof(subject));
        assert_string_equal(subject, samples[i].subject);
        assert_int_equal(atl_cloudevent_type_find(atl_cloudevent_type_name(samples[i].data.type)),
                         samples[i].data.type);
        atl_buf_free(&out);
    }
    assert_int_equal(atl_cloudevent_type_find("atelier.piece.stage.v2"), ATL_CLOUDEVENT_UNKNOWN);
}

// All samples as one batch, as the shop sends it.
static void write_batch(void)
{
    atl_cloudevent_batch_begin(&text);
    for (size_t i = 0; i < COUNT(samples); i++) {
        struct atl_cloudevent_row row = {.id = "01JD000000000000000000000A",
                                         .source = SOURCE,
                                         .type = atl_cloudevent_type_name(samples[i].data.type),
                                         .subject = samples[i].subject,
                                         .time_ms = 123,
                                         .sequence = 1234 + i};
        struct atl_buf data;

        atl_buf_init(&data, 65536);
        write_data(i, &data);
        row.data = (const char *)data.data;
        row.data_len = data.len;
        if (samples[i].data.type == ATL_CLOUDEVENT_PIECE_STAGE) {
            row.attempt = 1;
            row.version = 7;
        }
        atl_cloudevent_batch_add(&text, &row);
        atl_buf_free(&data);
    }
    atl_cloudevent_batch_end(&text);
}

static struct atl_cloudevent_batch parse_batch(void)
{
    struct atl_cloudevent_batch batch;
    struct atl_error err = {0};

    if (atl_cloudevent_batch_parse(text.data, text.len, ATL_CLOUDEVENTS_MAX, &arena, &batch, &err))
        fail_msg("%s", err.text);
    return batch;
}

static void a_batch_reads_back_as_it_was_written(void **state)
{
    struct atl_cloudevent_batch batch;

    (void)state;
    write_batch();
    batch = parse_batch();
    assert_int_equal(batch.count, COUNT(samples));
    for (size_t i = 0; i < batch.count; i++) {
        const struct atl_cloudevent *event = &batch.events[i];
        struct atl_buf again;

        if (!event->is_valid)
            fail_msg("%zu: %s", i, event->detail);
        assert_int_equal(event->data.type, samples[i].data.type);
        assert_string_equal(event->id, "01JD000000000000000000000A");
        assert_string_equal(event->source, SOURCE);
        assert_string_equal(event->retailer, "hirondelle");
        assert_string_equal(event->store, "paris-1");
        assert_string_equal(event->epoch, "0123456789abcdef");
        assert_int_equal(event->time_ms, 123);
        assert_int_equal(event->sequence, 1234 + i);
        assert_non_null(event->data_json);
        atl_buf_init(&again, 65536); // what was read writes the same bytes
        assert_int_equal(atl_cloudevent_data_write(&event->data, &again, NULL), ATL_OK);
        assert_string_equal((const char *)again.data, samples[i].json);
        atl_buf_free(&again);
    }
    assert_string_equal(batch.events[3].order_id, ORDER);
    assert_string_equal(batch.events[3].piece_id, PIECE);
    assert_int_equal(batch.events[3].version, 7);
    assert_string_equal(batch.events[1].order_id, ORDER);
    assert_null(batch.events[1].piece_id);
    assert_null(batch.events[0].order_id);
}

// ---- One bad event ----

// clang-format off
#define GOOD                                                                                       \
    "{\"specversion\":\"1.0\",\"id\":\"01JD000000000000000000000A\",\"source\":\"" SOURCE "\","     \
    "\"type\":\"atelier.piece.stage.v1\",\"subject\":\"order/" ORDER "/piece/" PIECE "\","          \
    "\"time\":\"2026-11-22T10:00:00.123Z\",\"sequence\":\"00000000000000001234\",\"attempt\":1,"   \
    "\"version\":7,\"datacontenttype\":\"application/json\",\"data\":{\"stage\":\"ready\","         \
    "\"promise\":{\"from\":\"2026-11-22T10:00:00Z\",\"until\":\"2026-11-22T11:00:00Z\"}}}"

static const struct {
    const char *find, *replace;
    const char *detail; // NULL: it is still valid
} changes[] = {
    {"\"1.0\"",                     "\"1.0\",\"extra\":{\"a\":[1]}",  NULL},
    {"\"stage\":\"ready\"",         "\"stage\":\"ready\",\"new\":1",  NULL},
    {"\"from\":\"2026-11-22T10:00:00Z\",\"until\":\"2026-11-22T11:00:00Z\"", "\"from\":\"2026-11-22T12:00:00+02:00\",\"until\":\"2026-11-22T11:00:00Z\"", NULL},
    {"\"1.0\"",                     "\"0.3\"",                        "specversion must be \"1.0\""},
    {"\"id\":\"01JD000000000000000000000A\"", "\"id\":\"x1\"",      "[1].id: must be a ULID"},
    {"\"id\":\"01JD000000000000000000000A\",", "",                  "[1].id: must be a text"},
    {"urn:atelier:store:",          "urn:other:store:",               "source must be urn:atelier:store:"},
    {"/paris-1/",                   "/paris/1/",                      "source must be urn:atelier:store:"},
    {"hirondelle/",                 "/",                              "source must be urn:atelier:store:"},
    {"hirondelle/",                 "<script>/",                      "source must be urn:atelier:store:"},
    {"0123456789abcdef",            "0123456789abcdeF",               "source must be urn:atelier:store:"},
    {"0123456789abcdef",            "0123456789abcde",                "source must be urn:atelier:store:"},
    {"/piece/" PIECE,               "",                               "subject does not fit the type"},
    {"/piece/" PIECE,               "/piece/" PIECE "/x",             "subject does not fit the type"},
    {"order/" ORDER "/piece/" PIECE, "shop",                          "subject does not fit the type"},
    {"order/" ORDER,                "order/01jd0000000000000000000001", "subject does not fit the type"},
    {"\"attempt\":1,",              "",                               "needs attempt and version"},
    {"\"version\":7,",              "",                               "needs attempt and version"},
    {"\"attempt\":1,",              "\"attempt\":0,",                 "[1].attempt: must be a whole number 1.."},
    {"2026-11-22T10:00:00.123Z",    "2026-11-22",                     "[1].time: must be a time"},
    {"00000000000000001234",        "1234",                           "sequence must be a number of 20 digits"},
    {"00000000000000001234",        "0000000000000000123x",           "sequence must be a number of 20 digits"},
    {"00000000000000001234",        "99999999999999999999",           "sequence must be a number of 20 digits"},
    {"\"sequence\":\"00000000000000001234\"", "\"sequence\":1234",    "[1].sequence: must be a text"},
    {"\"stage\":\"ready\",",        "",                               "[1].data.stage: must be a text"},
    {"\"ready\"",                   "\"done\"",                       "[1].data.stage: must be a stage"},
    {"\"ready\"",                   "\"none\"",                       "[1].data.stage: must be a stage"},
    {"\"ready\"",                   "\"ready\",\"back\":\"confirmed\"", "[1].data.back: belongs to on_hold"},
    {"\"ready\"",                   "\"ready\",\"is_late\":1",        "[1].data.is_late: must be true or false"},
    {"T11:00:00Z",                  "T09:00:00Z",                     "[1].data.promise: until lies before from"},
    {"\"until\":",                  "\"to\":",                        "[1].data.promise.until: is missing"},
    {"atelier.piece.stage.v1",      "atelier.order.opened.v1",        "subject does not fit the type"},
};
// clang-format on

static void change(const char *whole, const char *find, const char *replace, char *out, size_t size)
{
    const char *found = strstr(whole, find);

    assert_non_null(found);
    snprintf(out, size, "%.*s%s%s", (int)(found - whole), whole, replace, found + strlen(find));
}

static void one_bad_event_is_named_with_its_path_and_hides_no_good_one(void **state)
{
    size_t unsaid = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        char bad[2048];
        struct atl_cloudevent_batch batch;

        change(GOOD, changes[i].find, changes[i].replace, bad, sizeof(bad));
        atl_buf_free(&text);
        atl_buf_addf(&text, "[%s,%s,%s]", GOOD, bad, GOOD);
        batch = parse_batch();
        assert_int_equal(batch.count, 3);
        assert_true(batch.events[0].is_valid && batch.events[2].is_valid);
        if (batch.events[1].is_valid != !changes[i].detail ||
            (changes[i].detail && !strstr(batch.events[1].detail, changes[i].detail))) {
            print_error("%s: %s\n", changes[i].replace, batch.events[1].detail);
            unsaid++;
        }
        if (changes[i].detail)
            assert_string_equal(batch.events[1].code, "schema");
    }
    assert_int_equal(unsaid, 0);
}

// Data of a type, and what must be said of it.
static const struct {
    const char *type, *subject, *data, *detail;
} data_rows[] = {
    {"order.opened",     "order/" ORDER, "{}",                                                               "[0].data.code: is missing"                         },
    {"order.opened",     "order/" ORDER, "{\"code\":\"K7F-2AU\",\"created\":\"2026-11-22T10:00:00Z\"}",
     "code must be an order code"                                                                                                                                },
    {"order.links",      "order/" ORDER, "{}",                                                               "[0].data.links: is missing"                        },
    {"order.links",      "order/" ORDER, "{\"links\":[]}",                                                   NULL                                                },
    {"order.links",      "order/" ORDER, "{\"links\":[{\"sha256\":\"00\",\"scope\":\"buyer\"}]}",
     "[0].data.links[0].sha256: must be longer"                                                                                                                  },
    {"order.links",      "order/" ORDER, "{\"links\":[{\"sha256\":\"" SHA "\",\"scope\":\"all\"}]}",
     "[0].data.links[0].scope: must be one of: buyer, gift"                                                                                                      },
    {"order.erased",     "order/" ORDER, "{}",                                                               NULL                                                },
    {"order.erased",     "shop",         "{}",                                                               "subject does not fit the type"                     },
    {"request.answered", "order/" ORDER, "{\"request\":\"r\"}",                                              "[0].data.is_accepted: is missing"                  },
    {"shop.profile",     "shop",         "{\"name\":\"M\",\"zone\":\"../etc\",\"languages\":[\"en\"]}",
     "zone must be an IANA name"                                                                                                                                 },
    {"shop.profile",     "shop",
     "{\"name\":\"M\",\"zone\":\"Asia/Tokyo\",\"languages\":[\"en\"],"
     "\"map_url\":\"javascript:alert(1)\"}",                                                                 "map_url must begin with https://"                  },
    {"shop.profile",     "shop",         "{\"name\":\"M\",\"zone\":\"Asia/Tokyo\",\"languages\":[\"<b>\"]}",
     "[0].data.languages[0]: must be a language"                                                                                                                 },
    {"shop.profile",     "shop",
     "{\"name\":\"M\",\"zone\":\"Asia/Tokyo\",\"languages\":[\"ja\"],"
     "\"hours\":[{\"day\":8,\"from\":\"10:00\",\"until\":\"20:00\"}]}",                                      "[0].data.hours[0].day: must be a whole number 1..7"},
    {"shop.profile",     "shop",
     "{\"name\":\"M\",\"zone\":\"Asia/Tokyo\",\"languages\":[\"ja\"],"
     "\"hours\":[{\"day\":1,\"from\":\"10h\",\"until\":\"25:00\"}]}",                                        "[0].data.hours[0].from: must be longer"            },
    {"shop.alive",       "shop",         "[]",                                                               "[0].data: must be an object"                       },
    {"piece.teleported", "order/" ORDER, "{\"anything\":1}",                                                 NULL                                                }, // of a later version
};

static void data_is_strict_about_what_it_needs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(data_rows); i++) {
        const char *detail = data_rows[i].detail;
        struct atl_cloudevent_batch batch;

        atl_buf_free(&text);
        atl_buf_addf(&text,
                     "[{\"specversion\":\"1.0\",\"id\":\"01JD000000000000000000000A\","
                     "\"source\":\"" SOURCE "\",\"type\":\"atelier.%s.v1\",\"subject\":\"%s\","
                     "\"time\":\"2026-11-22T10:00:00Z\",\"sequence\":\"00000000000000000001\","
                     "\"data\":%s}]",
                     data_rows[i].type, data_rows[i].subject, data_rows[i].data);
        batch = parse_batch();
        if (batch.events[0].is_valid != !detail ||
            (detail && !strstr(batch.events[0].detail, detail)))
            fail_msg("row %zu: %s", i, batch.events[0].detail);
    }
}

static void a_whole_that_is_no_batch_is_refused(void **state)
{
    static const char *const wholes[] = {"", "{}", "[]", "[1", "null", "[1,2,3]"};
    struct atl_cloudevent_batch batch;
    struct atl_error err;

    (void)state;
    for (size_t i = 0; i < COUNT(wholes); i++)
        assert_int_equal(
            atl_cloudevent_batch_parse(wholes[i], strlen(wholes[i]), 2, &arena, &batch, &err),
            ATL_E_INVALID);
    assert_non_null(strstr(err.text, "must have 1..2 entries, and has 3"));
    assert_int_equal(atl_cloudevent_batch_parse("[1]", 3, 2, &arena, &batch, &err), ATL_OK);
    assert_false(batch.events[0].is_valid);
    assert_null(batch.events[0].id);
}

static void an_event_over_its_limit_is_refused_and_the_shop_does_not_write_one(void **state)
{
    static struct atl_cloudevent_piece many[1000];
    struct atl_cloudevent_data data = samples[1].data;
    struct atl_cloudevent_batch batch;
    struct atl_error err;

    (void)state;
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = pieces[0];
    data.opened.pieces = many;
    data.opened.piece_count = ATL_CLOUDEVENT_PIECES_MAX;
    assert_int_equal(atl_cloudevent_data_write(&data, &text, &err), ATL_OK);
    atl_buf_free(&text);
    data.opened.piece_count = COUNT(many);
    assert_int_equal(atl_cloudevent_data_write(&data, &text, &err), ATL_E_INVALID);

    atl_buf_free(&text);
    ATL_BUF_LIT(&text, "[{\"id\":\"01JD000000000000000000000A\",\"data\":{\"x\":\"");
    for (int i = 0; i < ATL_CLOUDEVENT_MAX_BYTES; i++)
        ATL_BUF_LIT(&text, "y");
    ATL_BUF_LIT(&text, "\"}}]");
    batch = parse_batch();
    assert_string_equal(batch.events[0].code, "too_large");
    assert_string_equal(batch.events[0].id, "01JD000000000000000000000A");
}

// ---- Answers, feed, capabilities ----

static void the_answer_to_a_batch_reads_back(void **state)
{
    const struct atl_cloudevent_result results[] = {
        {"01A", ATL_CLOUDEVENT_REJECTED, "schema", "[1].data: \"quoted\""},
        {NULL,  ATL_CLOUDEVENT_REJECTED, "schema", NULL                  },
        {"01B", ATL_CLOUDEVENT_STALE,    NULL,     NULL                  },
    };
    const struct atl_cloudevent_answer answer = {199, 1, results, 3, 5000};
    struct atl_cloudevent_answer read;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_cloudevent_answer_write(&answer, &text, &err), ATL_OK);
    if (atl_cloudevent_answer_parse(text.data, text.len, &arena, &read, &err))
        fail_msg("%s", err.text);
    assert_int_equal(read.accepted, 199);
    assert_int_equal(read.duplicate, 1);
    assert_int_equal(read.server_time_ms, 5000);
    assert_int_equal(read.result_count, 3);
    assert_string_equal(read.results[0].detail, "[1].data: \"quoted\"");
    assert_int_equal(read.results[0].status, ATL_CLOUDEVENT_REJECTED);
    assert_null(read.results[1].id);
    assert_int_equal(read.results[2].status, ATL_CLOUDEVENT_STALE);
    assert_int_equal(atl_cloudevent_answer_parse("{\"ok\":true}", 11, &arena, &read, &err),
                     ATL_E_INVALID);
    assert_int_equal(atl_cloudevent_answer_parse("<html>", 6, &arena, &read, &err), ATL_E_INVALID);
}

static void requests_read_back_and_say_what_is_missing(void **state)
{
    const struct atl_request requests[] = {
        {.id = "r1",
         .type = ATL_REQUEST_CANCEL,
         .time_ms = 7,
         .order = ORDER,
         .piece = PIECE,
         .reason = "It is the wrong size"},
        {.type = ATL_REQUEST_SCAN,
         .code = "UASTARTH",
         .act = "done",
         .device = "board",
         .scan = PIECE},
        {.type = ATL_REQUEST_MESSAGE, .order = ORDER,                    .choice = "ready"                 },
    };
    struct atl_request read;
    struct atl_error err;

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct atl_buf again;

        atl_buf_free(&text);
        assert_int_equal(atl_request_write(&requests[i], &text, &err), ATL_OK);
        assert_int_equal(atl_request_parse(text.data, text.len, &arena, &read, &err), ATL_OK);
        atl_buf_init(&again, 4096);
        assert_int_equal(atl_request_write(&read, &again, &err), ATL_OK);
        assert_string_equal((const char *)again.data, (const char *)text.data);
        atl_buf_free(&again);
    }
    {
        static const struct {
            const char *json, *says;
        } rows[] = {
            {"{\"type\":\"atelier.request.dance.v1\",\"data\":{}}",                 "none of the requests"   },
            {"{\"type\":\"atelier.request.cancel.v1\",\"data\":{}}",                "data.order: is missing" },
            {"{\"type\":\"atelier.request.cancel.v1\",\"data\":{\"order\":\"1\"}}",
             "data.order: must be a ULID"                                                                    },
            {"{\"type\":\"atelier.request.scan.v1\"}",                              "data: must be an object"},
            {"{\"data\":{}}",                                                       "type: is missing"       },
        };

        for (size_t i = 0; i < COUNT(rows); i++) {
            assert_int_equal(
                atl_request_parse(rows[i].json, strlen(rows[i].json), &arena, &read, &err),
                ATL_E_INVALID);
            assert_non_null(strstr(err.text, rows[i].says));
        }
    }
}

static void a_feed_reads_back_and_a_broken_request_does_not_stop_it(void **state)
{
    static const char *const items[] = {
        "{\"id\":\"1\",\"type\":\"atelier.request.message.v1\",\"data\":{\"order\":\"" ORDER
        "\",\"choice\":\"ready\"}}",
        "{\"id\":\"2\",\"type\":\"atelier.request.dance.v1\",\"data\":{}}",
        "{\"id\":\"3\",\"type\":\"atelier.request.cancel.v1\",\"data\":{\"order\":7}}",
    };
    struct atl_error err = {0};
    struct atl_feed feed;

    (void)state;
    atl_feed_write(items, 3, "c\"7", true, &text);
    if (atl_feed_parse(text.data, text.len, &arena, &feed, &err))
        fail_msg("%s", err.text);
    assert_int_equal(feed.count, 3);
    assert_string_equal(feed.next, "c\"7");
    assert_true(feed.more);
    assert_int_equal(feed.requests[0].type, ATL_REQUEST_MESSAGE);
    assert_int_equal(feed.requests[1].type, ATL_REQUEST_UNKNOWN);
    assert_string_equal(feed.requests[1].type_name, "atelier.request.dance.v1");
    assert_int_equal(feed.requests[2].type, ATL_REQUEST_UNKNOWN);
    assert_string_equal(feed.requests[2].id, "3");
    atl_buf_free(&text);
    atl_feed_write(NULL, 0, "", false, &text);
    assert_string_equal((const char *)text.data, "{\"events\":[],\"next\":\"\",\"more\":false}");
    assert_int_equal(atl_feed_parse(text.data, text.len, &arena, &feed, &err), ATL_OK);
    assert_int_equal(feed.count, 0);
    assert_int_equal(atl_feed_parse("{\"events\":[{}],\"next\":\"\"}", 26, &arena, &feed, &err),
                     ATL_E_INVALID);
}

static void capabilities_read_back(void **state)
{
    const struct atl_capabilities capabilities = {500, 1048576, 25, 1000};
    struct atl_capabilities read;
    struct atl_error err;

    (void)state;
    atl_capabilities_write(&capabilities, &text);
    assert_string_equal((const char *)text.data,
                        "{\"max_events\":500,\"max_bytes\":1048576,\"encodings\":[],"
                        "\"wait_max\":25,\"server_time\":\"1970-01-01T00:00:01.000Z\"}");
    assert_int_equal(atl_capabilities_parse(text.data, text.len, &read, &err), ATL_OK);
    assert_int_equal(read.max_events, 500);
    assert_int_equal(read.max_bytes, 1048576);
    assert_int_equal(read.wait_max, 25);
    assert_int_equal(read.server_time_ms, 1000);
    assert_int_equal(atl_capabilities_parse("{\"max_events\":0}", 16, &read, &err), ATL_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_type_is_written_as_the_protocol_says, setup, teardown),
        cmocka_unit_test_setup_teardown(a_batch_reads_back_as_it_was_written, setup, teardown),
        cmocka_unit_test_setup_teardown(one_bad_event_is_named_with_its_path_and_hides_no_good_one,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(data_is_strict_about_what_it_needs, setup, teardown),
        cmocka_unit_test_setup_teardown(a_whole_that_is_no_batch_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_event_over_its_limit_is_refused_and_the_shop_does_not_write_one, setup, teardown),
        cmocka_unit_test_setup_teardown(the_answer_to_a_batch_reads_back, setup, teardown),
        cmocka_unit_test_setup_teardown(requests_read_back_and_say_what_is_missing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_feed_reads_back_and_a_broken_request_does_not_stop_it,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(capabilities_read_back, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
