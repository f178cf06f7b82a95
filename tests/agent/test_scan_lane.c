// SPDX-License-Identifier: Apache-2.0
// What a scan does in a real shop, with the clock turned.
#include "drivers/scanner/keys.h"
#include "plugin/agent/scan_lane.h"
#include "plugin/agent/shop_design.h"
#include "plugin/core/code.h"
#include "plugin/store/pieces.h"
#include "tests/agent/shop_fixture.h"
#include "tests/drivers/scanner_fingers.h"

#include <stdio.h>
#include <string.h>

static struct atl_config_scanner scanner;
static struct atl_scan_desk desk;
static struct atl_scan_told told;

static int begin_with_scanner(void **state)
{
    if (begin(state))
        return -1;
    scanner = (struct atl_config_scanner){.name = "bench", .link = "usb:0c2e:0b6a"};
    OK(atl_scan_desk_open(&shop, &config, &scanner, &desk, &fixture_error));
    return 0;
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_with_scanner, end)

static void scan_bytes(enum atl_scanned_how how, const char *bytes, size_t len)
{
    static struct atl_scanned code;

    memset(&code, 0, sizeof code);
    code.how = how;
    code.len = len;
    memcpy(code.text, bytes, len);
    OK(atl_scan_take(&desk, &code, &told, &fixture_error));
}

static void scan(const char *text)
{
    now_ms += 1000; // no hand is faster
    scan_bytes(ATL_SCANNED_WHOLE, text, strlen(text));
}

static const char *tag_of(const struct atl_piece *piece)
{
    static char code[ATL_TAG_CODE_CAP];
    struct atl_tag tag = {.unit = (uint32_t)piece->number,
                          .revision = (uint32_t)piece->tag_revision};

    snprintf(tag.order_code, sizeof tag.order_code, "%.7s", piece->code);
    OK(atl_tag_code_make(atl_store_tag_key(shop.store), &tag, piece->signature.hash, code,
                         &fixture_error));
    return code;
}

static const char *act_code(const char *name)
{
    static char code[ATL_NAME_CODE_CAP];

    OK(atl_action_code_make(name, code, &fixture_error));
    return code;
}

static const char *place_code(const char *name)
{
    static char code[ATL_NAME_CODE_CAP];

    OK(atl_place_code_make(name, code, &fixture_error));
    return code;
}

static void must_be(enum atl_scan_outcome outcome, enum atl_stage stage, const char *words)
{
    if (told.outcome != outcome || !strstr(told.words, words))
        fail_msg("%s: %s", atl_scan_outcome_name(told.outcome), told.words);
    assert_int_equal(piece_of(1).progress.stage, stage);
}

static const char *the_tag(void)
{
    const struct atl_piece piece = piece_of(1);

    return tag_of(&piece);
}

// ---- opening and advancing ----

static void a_scan_opens_and_the_second_act_advances(void **state)
{
    struct atl_piece before;

    (void)state;
    sell("Jill");
    before = piece_of(1);
    scan(the_tag());
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, "next: start");
    assert_int_equal(told.kind, ATL_SCAN_TAG);
    assert_string_equal(told.code, before.code);
    assert_int_equal(piece_of(1).version, before.version); // nothing at all changed
    scan(act_code("start"));
    must_be(ATL_SCAN_ADVANCED, ATL_STAGE_IN_PRODUCTION, before.code);
    scan(act_code("done"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_IN_PRODUCTION, "scan the work tag first");
    scan(the_tag());
    scan(act_code("done"));
    must_be(ATL_SCAN_ADVANCED, ATL_STAGE_QUALITY_CHECK, "");
    scan(piece_of(1).code); // the piece's own code does as well
    scan(act_code("pass"));
    must_be(ATL_SCAN_ADVANCED, ATL_STAGE_READY, "");
}

static void the_same_code_within_three_seconds_counts_once(void **state)
{
    const char *tag;

    (void)state;
    snprintf(scanner.step, sizeof scanner.step, "start");
    sell("Jill");
    tag = the_tag();
    scan(tag);
    must_be(ATL_SCAN_ADVANCED, ATL_STAGE_IN_PRODUCTION, "");
    for (int i = 0; i < 10; i++) { // it lies below the scanner
        scan(tag);
        must_be(ATL_SCAN_REPEAT, ATL_STAGE_IN_PRODUCTION, "");
    }
    now_ms += ATL_SCAN_ONCE_MS;
    scan(tag);
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_IN_PRODUCTION, "");
}

static void what_was_opened_is_forgotten_after_two_minutes(void **state)
{
    (void)state;
    sell("Jill");
    scan(the_tag());
    now_ms += ATL_SCAN_OPEN_MS;
    scan(act_code("start"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "scan the work tag first");
}

static void the_guests_code_opens_the_order_and_never_advances_anything(void **state)
{
    char url[ATL_LINK_CAP];

    (void)state;
    assert_true(capture(1, 1, "Jill").is_allowed);
    OK(try_sign(1, 1, 0));
    assert_true(before().is_allowed);
    snprintf(url, sizeof url, "%s", tender(1).url);
    scan(the_tag());
    scan(url);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, "leads nothing on");
    assert_int_equal(told.kind, ATL_SCAN_TOKEN);
    assert_string_equal(told.code, the_order().code);
    assert_null(strstr(told.words, url + strlen(url) - ATL_TOKEN_LEN));
    scan(act_code("start"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "scan the work tag first");
    snprintf(scanner.step, sizeof scanner.step, "start");
    now_ms += 10000;
    scan(url);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, "");
}

static void a_scanner_bound_to_a_step_is_itself_the_second_act(void **state)
{
    (void)state;
    snprintf(scanner.step, sizeof scanner.step, "start");
    snprintf(scanner.place, sizeof scanner.place, "frame 2");
    sell("Jill");
    scan(the_tag());
    must_be(ATL_SCAN_ADVANCED, ATL_STAGE_IN_PRODUCTION, "at frame 2");
    assert_string_equal(piece_of(1).place, "frame 2");
}

static void a_scanner_bound_to_a_place_puts_there_and_leads_nothing_on(void **state)
{
    (void)state;
    snprintf(scanner.place, sizeof scanner.place, "shelf B4");
    sell("Jill");
    scan(the_tag());
    must_be(ATL_SCAN_PLACED, ATL_STAGE_CONFIRMED, "at shelf B4");
    assert_string_equal(piece_of(1).place, "shelf B4");
}

static void a_place_of_the_wall_puts_the_open_piece_there(void **state)
{
    (void)state;
    sell("Jill");
    scan(place_code("shelf B4"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "scan the work tag first");
    scan(the_tag());
    scan(place_code("shelf B4"));
    must_be(ATL_SCAN_PLACED, ATL_STAGE_CONFIRMED, "SHELFB4");
    scan(act_code("start")); // it is still open
    must_be(ATL_SCAN_ADVANCED, ATL_STAGE_IN_PRODUCTION, "");
}

static void a_machines_code_sends_the_design_once(void **state)
{
    (void)state;
    snprintf(config.machines_folder, sizeof config.machines_folder,
             ATL_SOURCE_DIR "/drivers/embroidery/machines");
    config.machine_count = 1;
    config.machines[0] = (struct atl_config_machine){
        .name = "left", .profile = "brother-pr1055x", .link = "dir:/nowhere"};
    sell("Jill");
    scan(the_tag());
    scan(place_code("left"));
    must_be(ATL_SCAN_SENT, ATL_STAGE_CONFIRMED, "its design goes to left");
    assert_int_equal(papers(ATL_DOCUMENT_STITCHES, ATL_JOB_QUEUED), 1);
    now_ms += 5000;
    scan(the_tag());
    scan(place_code("left"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "waits for left already");
    assert_int_equal(papers(ATL_DOCUMENT_STITCHES, ATL_JOB_QUEUED), 1);
    config.machine_count = 0;
}

static void what_asks_more_of_a_person_is_not_done_by_a_scan(void **state)
{
    static const char *const acts[] = {"cancel",  "hand_over", "remake",
                                       "dispose", "tender",    "party"};

    (void)state;
    sell("Jill");
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        scan(the_tag());
        scan(act_code(acts[i]));
        must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "is not done by a scan");
    }
}

static void an_old_or_forged_tag_leads_nothing_on(void **state)
{
    struct atl_piece piece;

    (void)state;
    snprintf(scanner.step, sizeof scanner.step, "start");
    sell("Jill");
    piece = piece_of(1);
    piece.signature.hash[0] ^= 1;
    scan(tag_of(&piece));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "does not fit what was signed");
    scan(act_code("start"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "scan the work tag first");
}

static void a_pre_printed_tag_opens_the_piece_it_was_bound_to(void **state)
{
    const struct atl_by by = {.origin = ATL_ORIGIN_STAFF, .at_ms = FIXTURE_NOW_MS};
    char code[ATL_NAME_CODE_CAP];
    struct atl_piece after;

    (void)state;
    sell("Jill");
    OK(atl_spare_code_make(atl_store_tag_key(shop.store), 17, code, &fixture_error));
    OK(atl_shop_bind_tag(&shop, piece_of(1).id, code, &by, &after, &fixture_error));
    scan(code);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, after.code);
}

// While the printer of tags stands still: the piece is opened by its code, the tag by its own.
static void a_spare_tag_is_tied_to_the_piece_that_is_open_and_opens_it_from_then_on(void **state)
{
    char code[ATL_NAME_CODE_CAP], foreign[ATL_NAME_CODE_CAP];
    static const uint8_t other_key[ATL_HASH_BYTES] = {7};

    (void)state;
    sell("Jill");
    OK(atl_spare_code_make(atl_store_tag_key(shop.store), 18, code, &fixture_error));
    OK(atl_spare_code_make(other_key, 18, foreign, &fixture_error));
    scan(code);
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "hangs on no piece yet");
    scan(piece_of(1).code);
    scan(foreign);
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "of another shop");
    scan(code);
    must_be(ATL_SCAN_BOUND, ATL_STAGE_CONFIRMED, piece_of(1).code);
    assert_string_equal(piece_of(1).bound_tag, code);
    assert_int_equal(papers(ATL_DOCUMENT_TAG, ATL_JOB_QUEUED), 0); // it is not wanted any more
    assert_int_equal(papers(ATL_DOCUMENT_TAG, ATL_JOB_CANCELLED), 1);
    now_ms += 60000;
    scan(code);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, "next: start");
}

// ---- codes that are none of ours ----

static void must_be_refused_kindly(const char *bytes, size_t len)
{
    struct atl_scan_told list[ATL_SCAN_LIST_MAX];
    const struct atl_piece before = piece_of(1);
    size_t count = 0;

    now_ms += 10000;
    scan(the_tag());
    scan_bytes(ATL_SCANNED_WHOLE, bytes, len);
    assert_int_equal(told.outcome, ATL_SCAN_REFUSED);
    assert_true(strlen(told.words) > 10);
    if (len > 8 && strstr(told.words, bytes))
        fail_msg("its text is in the words: %s", told.words);
    OK(atl_scan_list_add(shop.store, "bench", &told, &fixture_error));
    OK(atl_scan_list_get(shop.store, "bench", list, &count, &fixture_error));
    assert_string_equal(list[count - 1].words, told.words);
    scan(act_code("start")); // what was open is not any more
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "scan the work tag first");
    assert_int_equal(piece_of(1).version, before.version);
}

static void foreign_and_hostile_codes_are_refused_kindly(void **state)
{
    static const char *const codes[] = {
        "4006381333931",                 // a product
        "https://evil.example/O/",       // no token behind it
        "'; DROP TABLE piece; --",       //
        "' OR '1'='1",                   //
        "../../../../etc/passwd",        //
        "<script>alert(1)</script>",     //
        "%s%s%s%n%n",                    //
        "$(reboot)",                     //
        "4111111111111111",              // a card's number
        "X5O!P@AP[4\\PZX54(P^)7CC)7}$",  //
        "\x1b[2J\x07\x1b]0;x\x07",       // a terminal's commands
        "\x02%T1%00$00%Programming\x03", // a scanner's own settings
        "\xe2\x80\xaeZA2-F7K",           // bidi
        "\xff\xfe\xfd",                  // no UTF-8
        "UASTARTA",                      // a wrong check character
        "K7F2A1001002ABCDEFGHJKMNPQRT",  // of a tag, too
        "",
    };
    static char all[ATL_SCANNER_CODE_MAX + 1];

    (void)state;
    sell("Jill");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        must_be_refused_kindly(codes[i], strlen(codes[i]));
    memset(all, 'A', sizeof all - 1);
    must_be_refused_kindly(all, sizeof all - 1);
    memset(all, 0, sizeof all);
    for (size_t i = 0; i < 255; i++)
        all[i] = (char)(i + 1);
    must_be_refused_kindly(all, 255);
}

static void what_did_not_come_whole_is_said_and_may_come_again_at_once(void **state)
{
    static const struct {
        enum atl_scanned_how how;
        const char *words;
    } faults[] = {
        {ATL_SCANNED_LOST,     "lost"     },
        {ATL_SCANNED_TORN,     "unplugged"},
        {ATL_SCANNED_LONG,     "too long" },
        {ATL_SCANNED_COMMANDS, "Ctrl"     },
    };
    char tag[ATL_TAG_CODE_CAP];

    (void)state;
    sell("Jill");
    snprintf(tag, sizeof tag, "%s", the_tag());
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        now_ms += 10000;
        scan_bytes(faults[i].how, tag, strlen(tag));
        must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, faults[i].words);
    }
    now_ms += 10000;
    scan_bytes(ATL_SCANNED_LOST, tag, strlen(tag));
    scan(tag);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, "next");
    scan_bytes(ATL_SCANNED_OPEN, tag, 10);
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "press Enter");
    now_ms += 10000;
    scan_bytes(ATL_SCANNED_OPEN, tag, strlen(tag)); // whole, and only slow
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, "next");
}

// ---- keyboards of other countries ----

static void type_as(const char *country, const char *text)
{
    static struct fingers hand;
    static struct scanner_keys keys;
    static struct atl_scanned code;
    bool is_taken, is_code = false;

    memset(&hand, 0, sizeof hand);
    hand.step_ms = 1;
    now_ms += 10000;
    scanner_keys_init(&keys, desk.layout, 250);
    fingers_type(&hand, country, text);
    fingers_end(&hand);
    for (size_t i = 0; i < hand.count && !is_code; i++)
        is_code = scanner_keys_feed(&keys, &hand.events[i], 0, &is_taken, &code);
    assert_true(is_code);
    OK(atl_scan_take(&desk, &code, &told, &fixture_error));
}

static void a_scanner_set_to_another_country_is_recognised_and_explained(void **state)
{
    char tag[ATL_TAG_CODE_CAP], piece[ATL_PIECE_CODE_SIZE];

    (void)state;
    sell("Jill");
    snprintf(tag, sizeof tag, "%s", the_tag());
    snprintf(piece, sizeof piece, "%s", piece_of(1).code);
    type_as("fr", tag);
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "French (AZERTY)");
    assert_non_null(strstr(told.words, "layout = fr in [scanner bench]"));
    type_as("fr", act_code("start"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "layout = fr");
    type_as("de", piece);
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "layout = ");
    type_as("us", tag);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, "next: start");
    type_as("us", "4006381333931"); // a product is a product on each keyboard
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "not one of ours");
    desk.layout = atl_key_layout_find("fr");
    type_as("fr", tag);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, "next: start");
    type_as("us", tag);
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "US (QWERTY)");
}

static void a_layout_that_there_is_not_is_said_with_those_that_there_are(void **state)
{
    (void)state;
    snprintf(scanner.layout, sizeof scanner.layout, "dvorak");
    assert_int_equal(atl_scan_desk_open(&shop, &config, &scanner, &desk, &fixture_error),
                     ATL_E_INVALID);
    assert_non_null(strstr(fixture_error.text, "us, gb, fr, be, de, es, it, jp"));
}

// ---- the list ----

static void the_last_sixteen_of_each_scanner_are_kept(void **state)
{
    struct atl_scan_told list[ATL_SCAN_LIST_MAX], one = {.outcome = ATL_SCAN_REFUSED};
    size_t count = 0;

    (void)state;
    OK(atl_scan_list_get(shop.store, "bench", list, &count, &fixture_error));
    assert_int_equal(count, 0);
    memset(one.words, 'w', sizeof one.words - 1);
    one.words[5] = '\t';
    for (int i = 1; i <= 40; i++) {
        one.at_ms = i;
        one.kind = ATL_SCAN_TAG;
        one.stage = ATL_STAGE_READY;
        snprintf(one.code, sizeof one.code, "K7F-2A1/32767");
        OK(atl_scan_list_add(shop.store, "bench", &one, &fixture_error));
    }
    OK(atl_scan_list_add(shop.store, "desk", &one, &fixture_error));
    assert_int_equal(one.number, 1);
    OK(atl_scan_list_get(shop.store, "bench", list, &count, &fixture_error));
    assert_int_equal(count, ATL_SCAN_LIST_MAX);
    assert_int_equal(list[0].number, 25);
    assert_int_equal(list[15].number, 40);
    assert_int_equal(list[15].at_ms, 40);
    assert_int_equal(list[15].kind, ATL_SCAN_TAG);
    assert_int_equal(list[15].stage, ATL_STAGE_READY);
    assert_string_equal(list[15].code, "K7F-2A1/32767");
    assert_int_equal(strlen(list[15].words), sizeof one.words - 1);
    assert_int_equal(list[15].words[5], ' ');
}

// Whoever holds the scanner reads the shop's language; every other test here reads English.
static void the_workshop_reads_its_own_language(void **state)
{
    char wanted[200];

    (void)state;
    sell("Jill");
    snprintf(config.language, sizeof config.language, "fr");
    scan(the_tag());
    snprintf(wanted, sizeof wanted, "%s\u00A0: à commencer\u00A0; ensuite\u00A0: commencer",
             piece_of(1).code);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, wanted);
    scan(place_code("B4"));
    snprintf(wanted, sizeof wanted, "%s\u00A0: à commencer, à B4", piece_of(1).code);
    must_be(ATL_SCAN_PLACED, ATL_STAGE_CONFIRMED, wanted);
    scan("4006381333931");
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "ce code n'est pas des nôtres");
    scan(act_code("start"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "scannez d'abord l'étiquette de travail");
    scan_bytes(ATL_SCANNED_COMMANDS, "x", 1);
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "ce code envoie des touches comme Ctrl ou F1");
    snprintf(config.language, sizeof config.language, "ja");
    now_ms += 10000;
    scan(act_code("done"));
    must_be(ATL_SCAN_REFUSED, ATL_STAGE_CONFIRMED, "先に作業タグを読み取ってください");
    scan(the_tag());
    snprintf(wanted, sizeof wanted, "%sは着手待ちです（B4）。次：着手", piece_of(1).code);
    must_be(ATL_SCAN_OPENED, ATL_STAGE_CONFIRMED, wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_scan_opens_and_the_second_act_advances),
        TEST(the_same_code_within_three_seconds_counts_once),
        TEST(what_was_opened_is_forgotten_after_two_minutes),
        TEST(the_guests_code_opens_the_order_and_never_advances_anything),
        TEST(a_scanner_bound_to_a_step_is_itself_the_second_act),
        TEST(a_scanner_bound_to_a_place_puts_there_and_leads_nothing_on),
        TEST(a_place_of_the_wall_puts_the_open_piece_there),
        TEST(a_machines_code_sends_the_design_once),
        TEST(what_asks_more_of_a_person_is_not_done_by_a_scan),
        TEST(an_old_or_forged_tag_leads_nothing_on),
        TEST(a_pre_printed_tag_opens_the_piece_it_was_bound_to),
        TEST(a_spare_tag_is_tied_to_the_piece_that_is_open_and_opens_it_from_then_on),
        TEST(foreign_and_hostile_codes_are_refused_kindly),
        TEST(what_did_not_come_whole_is_said_and_may_come_again_at_once),
        TEST(a_scanner_set_to_another_country_is_recognised_and_explained),
        TEST(the_workshop_reads_its_own_language),
        TEST(a_layout_that_there_is_not_is_said_with_those_that_there_are),
        TEST(the_last_sixteen_of_each_scanner_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
