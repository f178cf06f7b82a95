// SPDX-License-Identifier: Apache-2.0
// Key events of a scanner become codes, whatever keyboard it believes to be.
#include "drivers/scanner/keys.h"
#include "tests/drivers/scanner_fingers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// After the four headers that it needs.
#include <cmocka.h>

enum { PAUSE_MS = 250, CODES_MAX = 8 };

static struct fingers hand;
static struct scanner_keys decoder;
static struct atl_scanned codes[CODES_MAX];
static size_t code_count;

static int begin(void **state)
{
    (void)state;
    memset(&hand, 0, sizeof hand);
    memset(codes, 0, sizeof codes);
    hand.now_ms = 1000000;
    hand.step_ms = 2;
    code_count = 0;
    scanner_keys_init(&decoder, atl_key_layout_find("us"), PAUSE_MS);
    return 0;
}

static void use(const char *layout)
{
    scanner_keys_init(&decoder, atl_key_layout_find(layout), PAUSE_MS);
}

static void decode(void)
{
    for (size_t i = 0; i < hand.count; i++) {
        const struct input_event *event = &hand.events[i];
        bool is_taken = false;

        while (!is_taken) {
            assert_true(code_count < CODES_MAX);
            if (scanner_keys_feed(&decoder, event,
                                  event->input_event_sec * 1000 + event->input_event_usec / 1000,
                                  &is_taken, &codes[code_count]))
                code_count++;
        }
    }
    hand.count = 0;
}

static void must_be(size_t index, enum atl_scanned_how how, const char *text)
{
    assert_true(index < code_count);
    assert_int_equal(codes[index].how, how);
    assert_string_equal(codes[index].text, text);
    assert_int_equal(codes[index].len, strlen(text));
}

static const char a_tag[] = "K7F2A1001002ABCDEFGHJKMNPQRS";
static const char a_link[] = "HTTPS://STATUS.MAISON.EXAMPLE/O/0123456789ABCDEFGHJKMNPQRS";

static void a_code_is_read_in_the_layout_the_scanner_is_set_to(void **state)
{
    static const char *const layouts[] = {"us", "fr", "de", "jp"};

    (void)state;
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        begin(NULL);
        use(layouts[i]);
        fingers_type(&hand, layouts[i], a_tag);
        fingers_end(&hand);
        fingers_type(&hand, layouts[i], a_link);
        fingers_end(&hand);
        fingers_type(&hand, layouts[i], "K7F-2A1/12");
        fingers_press(&hand, KEY_TAB, false);
        decode();
        assert_int_equal(code_count, 3);
        must_be(0, ATL_SCANNED_WHOLE, a_tag);
        must_be(1, ATL_SCANNED_WHOLE, a_link);
        must_be(2, ATL_SCANNED_WHOLE, "K7F-2A1/12");
    }
}

static void keys_of_the_wrong_layout_are_kept_and_can_be_read_anew(void **state)
{
    char text[64];

    (void)state;
    fingers_type(&hand, "fr", "UASTARTN7");
    fingers_end(&hand);
    decode();
    must_be(0, ATL_SCANNED_WHOLE, "UQSTQRTN&");
    assert_int_equal(codes[0].stroke_count, 9);
    atl_key_layout_text(atl_key_layout_find("fr"), codes[0].strokes, codes[0].stroke_count, text,
                        sizeof text);
    assert_string_equal(text, "UASTARTN7");
}

static void every_layout_has_all_that_our_codes_are_made_of(void **state)
{
    (void)state;
    for (size_t i = 0; atl_key_layout_at(i); i++) {
        const struct atl_key_layout *layout = atl_key_layout_at(i);
        bool has[128] = {false};

        for (unsigned key = KEY_1; key <= KEY_SPACE; key++) {
            for (int shifted = 0; shifted < 2; shifted++) {
                const struct atl_stroke stroke = {.key = (uint16_t)key, .is_shifted = shifted};
                char text[2];

                atl_key_layout_text(layout, &stroke, 1, text, sizeof text);
                has[(unsigned char)text[0] & 127] = true;
            }
        }
        for (const char *letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/:."; *letter; letter++) {
            if (!has[(unsigned char)*letter])
                fail_msg("%s has no %c", atl_key_layout_name(layout), *letter);
        }
    }
}

static void letters_by_their_number_need_no_layout(void **state)
{
    (void)state;
    use("fr");
    fingers_alt(&hand, "K7F-2A1/1\r");
    fingers_alt(&hand, a_tag);
    fingers_end(&hand);
    decode();
    must_be(0, ATL_SCANNED_WHOLE, "K7F-2A1/1");
    must_be(1, ATL_SCANNED_WHOLE, a_tag);
}

static void caps_and_num_lock_around_a_code_are_passed_over(void **state)
{
    (void)state;
    fingers_press(&hand, KEY_CAPSLOCK, false);
    fingers_type(&hand, "us", "k7f-2a1");
    fingers_press(&hand, KEY_CAPSLOCK, false);
    fingers_press(&hand, KEY_NUMLOCK, false);
    fingers_press(&hand, KEY_KP1, false);
    fingers_press(&hand, KEY_KPENTER, false);
    decode();
    must_be(0, ATL_SCANNED_WHOLE, "k7f-2a11");
}

static void a_key_that_is_held_and_repeats_is_one_key(void **state)
{
    (void)state;
    fingers_key(&hand, KEY_7, 1);
    fingers_key(&hand, KEY_7, 2);
    fingers_key(&hand, KEY_7, 2);
    fingers_key(&hand, KEY_7, 0);
    fingers_end(&hand);
    decode();
    must_be(0, ATL_SCANNED_WHOLE, "7");
}

static void a_code_without_an_end_ends_by_silence(void **state)
{
    struct atl_scanned last;

    (void)state;
    fingers_type(&hand, "us", "FIRST");
    hand.now_ms += PAUSE_MS + 10;
    fingers_type(&hand, "us", "SECOND");
    decode();
    assert_int_equal(code_count, 1);
    must_be(0, ATL_SCANNED_OPEN, "FIRST");
    assert_false(scanner_keys_rest(&decoder, hand.now_ms, &last));
    assert_in_range(scanner_keys_wait_ms(&decoder, hand.now_ms), 1, PAUSE_MS + 1);
    assert_true(scanner_keys_rest(&decoder, hand.now_ms + PAUSE_MS + 1, &last));
    assert_string_equal(last.text, "SECOND");
    assert_int_equal(last.how, ATL_SCANNED_OPEN);
    assert_true(scanner_keys_wait_ms(&decoder, hand.now_ms) == INT64_MAX);
}

static void an_end_alone_is_no_code(void **state)
{
    (void)state;
    fingers_end(&hand);
    fingers_type(&hand, "us", "A");
    fingers_end(&hand);
    fingers_press(&hand, KEY_TAB, false);
    fingers_end(&hand);
    decode();
    assert_int_equal(code_count, 1);
    must_be(0, ATL_SCANNED_WHOLE, "A");
}

// 64 events are what the kernel keeps; then it says SYN_DROPPED and throws them away.
static void keys_that_the_kernel_lost_spoil_that_code_and_no_other(void **state)
{
    (void)state;
    fingers_type(&hand, "us", "K7F");
    hand.events[hand.count++] = (struct input_event){
        .type = EV_SYN, .code = SYN_DROPPED, .input_event_sec = hand.now_ms / 1000};
    fingers_type(&hand, "us", "A1001002ABC"); // its first report is not to be believed
    fingers_end(&hand);
    fingers_type(&hand, "us", a_tag);
    fingers_end(&hand);
    decode();
    assert_int_equal(code_count, 2);
    assert_int_equal(codes[0].how, ATL_SCANNED_LOST);
    must_be(1, ATL_SCANNED_WHOLE, a_tag);
}

static void after_a_loss_the_keyboard_is_asked_what_is_held(void **state)
{
    uint8_t held[KEY_CNT / 8] = {0};

    (void)state;
    hand.events[hand.count++] = (struct input_event){.type = EV_SYN, .code = SYN_DROPPED};
    decode();
    assert_true(decoder.must_ask_state);
    held[KEY_RIGHTSHIFT / 8] = 1u << KEY_RIGHTSHIFT % 8;
    scanner_keys_state(&decoder, held, sizeof held);
    assert_false(decoder.must_ask_state);
    fingers_key(&hand, KEY_MUTE, 0); // ends the dropping
    fingers_end(&hand);
    fingers_key(&hand, KEY_A, 1);
    fingers_end(&hand);
    decode();
    must_be(code_count - 1, ATL_SCANNED_WHOLE, "A");
}

// A printed code that would be a hand: open a terminal, type a command, press Enter.
static void a_code_that_presses_commands_is_none(void **state)
{
    static const struct {
        uint16_t held, key;
    } commands[] = {
        {KEY_LEFTCTRL,  KEY_O       },
        {KEY_LEFTMETA,  KEY_R       },
        {KEY_RIGHTMETA, KEY_L       },
        {KEY_LEFTALT,   KEY_F4      },
        {KEY_LEFTALT,   KEY_TAB     },
        {0,             KEY_F1      },
        {0,             KEY_ESC     },
        {0,             KEY_DELETE  },
        {0,             KEY_SYSRQ   },
        {0,             KEY_POWER   },
        {0,             KEY_RESERVED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        begin(NULL);
        fingers_type(&hand, "us", "K7F-2A1");
        if (commands[i].held)
            fingers_key(&hand, commands[i].held, 1);
        fingers_press(&hand, commands[i].key, false);
        if (commands[i].held)
            fingers_key(&hand, commands[i].held, 0);
        fingers_end(&hand);
        fingers_type(&hand, "us", "NEXT");
        fingers_end(&hand);
        decode();
        assert_int_equal(code_count, 2);
        must_be(0, ATL_SCANNED_COMMANDS, "K7F-2A1");
        must_be(1, ATL_SCANNED_WHOLE, "NEXT");
    }
}

static void control_letters_by_number_are_commands(void **state)
{
    (void)state;
    fingers_alt(&hand, "A\x1b"
                       "B");
    fingers_end(&hand);
    decode();
    must_be(0, ATL_SCANNED_COMMANDS, "AB");
}

static void a_code_without_end_in_sight_is_given_up(void **state)
{
    (void)state;
    for (int i = 0; i < ATL_SCANNER_CODE_MAX + 50; i++) {
        fingers_press(&hand, KEY_A, false);
        decode();
    }
    fingers_end(&hand);
    fingers_type(&hand, "us", "NEXT");
    fingers_end(&hand);
    decode();
    assert_int_equal(code_count, 2);
    assert_int_equal(codes[0].how, ATL_SCANNED_LONG);
    assert_int_equal(codes[0].len, ATL_SCANNER_CODE_MAX);
    must_be(1, ATL_SCANNED_WHOLE, "NEXT");
}

static void a_cable_pulled_in_the_middle_leaves_no_code(void **state)
{
    struct atl_scanned last;

    (void)state;
    fingers_key(&hand, KEY_LEFTSHIFT, 1);
    fingers_key(&hand, KEY_K, 1);
    decode();
    assert_true(scanner_keys_torn(&decoder, &last));
    assert_int_equal(last.how, ATL_SCANNED_TORN);
    assert_false(scanner_keys_torn(&decoder, &last));
    fingers_press(&hand, KEY_K, false);
    fingers_end(&hand);
    decode();
    must_be(0, ATL_SCANNED_WHOLE, "k"); // Shift is not held any more
}

static void a_model_is_found_by_its_longest_row(void **state)
{
    (void)state;
    assert_non_null(atl_scanner_model_find(0x05e0, 0x1701)->cure);
    assert_null(atl_scanner_model_find(0x05e0, 0x1200)->cure);
    assert_null(atl_scanner_model_find(0x046d, 0xc31c));
    assert_null(atl_key_layout_find("dvorak"));
    assert_ptr_equal(atl_key_layout_find(""), atl_key_layout_find("us"));
}

// A maker's line in the rules of udev and its rows stand and fall together.
static void the_rules_of_udev_are_the_makers_of_the_table(void **state)
{
    static char rules[8192];
    FILE *file = fopen(ATL_SOURCE_DIR "/packaging/60-atelier-usb.rules", "re");
    const char *makers;
    size_t listed = 0, count = 0;

    (void)state;
    assert_non_null(file);
    rules[fread(rules, 1, sizeof rules - 1, file)] = '\0';
    fclose(file);
    makers = strstr(rules, "\nATTRS{idVendor}==\"");
    assert_non_null(makers);
    for (const char *at = makers; *at && *at != ','; at++)
        listed += *at == '|';
    for (size_t i = 0; atl_scanner_model_at(i); i++) {
        const struct atl_scanner_model *model = atl_scanner_model_at(i);
        char id[8];

        snprintf(id, sizeof id, "%04x", model->vendor);
        if (!strstr(makers, id))
            fail_msg("the rules have no %s: %s", id, model->name);
        count += model->product == 0;
    }
    assert_int_equal(listed + 1, count);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_is_read_in_the_layout_the_scanner_is_set_to),
        TEST(keys_of_the_wrong_layout_are_kept_and_can_be_read_anew),
        TEST(every_layout_has_all_that_our_codes_are_made_of),
        TEST(letters_by_their_number_need_no_layout),
        TEST(caps_and_num_lock_around_a_code_are_passed_over),
        TEST(a_key_that_is_held_and_repeats_is_one_key),
        TEST(a_code_without_an_end_ends_by_silence),
        TEST(an_end_alone_is_no_code),
        TEST(keys_that_the_kernel_lost_spoil_that_code_and_no_other),
        TEST(after_a_loss_the_keyboard_is_asked_what_is_held),
        TEST(a_code_that_presses_commands_is_none),
        TEST(control_letters_by_number_are_commands),
        TEST(a_code_without_end_in_sight_is_given_up),
        TEST(a_cable_pulled_in_the_middle_leaves_no_code),
        TEST(a_model_is_found_by_its_longest_row),
        TEST(the_rules_of_udev_are_the_makers_of_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
