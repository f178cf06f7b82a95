// SPDX-License-Identifier: Apache-2.0
// The real shared object against agents of a few lines in child processes.
#include "tests/plugin/fake_agent.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const struct atl_pos_plugin *plugin;

static const struct atl_pos_transaction sale = {
    .size = sizeof sale, .store = "R17", .workstation = "2", .uuid = "S-1", .currency = "EUR"};

static atl_pos_till open_till(const char *path)
{
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI, .language = "fr-FR"};
    atl_pos_till till = 0;

    assert_int_equal(plugin->open(&host, path, &till, NULL, 0), ATL_POS_OK);
    assert_true(till != 0);
    return till;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void another_major_version_is_refused_on_both_sides(void **state)
{
    struct atl_pos_host host = {.size = sizeof host, .abi = (ATL_POS_ABI_MAJOR + 1) << 16};
    void *library = dlopen(ATL_PLUGIN, RTLD_NOW | RTLD_LOCAL);
    atl_pos_entry_fn *entry;
    atl_pos_till till = 7;
    char text[64] = "";

    (void)state;
    *(void **)&entry = dlsym(library, "atl_pos_entry");
    assert_ptr_equal(entry(ATL_POS_ABI), plugin);
    assert_ptr_equal(entry(ATL_POS_ABI + 5), plugin); // a newer minor
    assert_null(entry((ATL_POS_ABI_MAJOR + 1) << 16));
    assert_int_equal(plugin->open(&host, "x", &till, text, sizeof text), ATL_POS_E_UNSUPPORTED);
    assert_string_equal(text, "the host is of ABI 2, this library of 1");
    assert_true(till == 0);
    dlclose(library);
}

static void an_absent_agent_is_away_and_no_veto(void **state)
{
    const atl_pos_till till = open_till("no-such.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict, .is_allowed = 77};
    struct atl_pos_notice notice = {.size = sizeof notice};

    (void)state;
    assert_string_equal(plugin->error_text(till), "");
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_E_AWAY);
    assert_int_equal(verdict.is_allowed, 77);
    assert_non_null(strstr(plugin->error_text(till), "La vente peut continuer"));
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_E_AWAY);
    assert_int_equal(plugin->close(till), ATL_POS_OK);
}

static void health_answers_for_an_absent_agent(void **state)
{
    const atl_pos_till till = open_till("no-such.sock");
    struct atl_pos_health health = {.size = sizeof health, .is_agent_up = 1};

    (void)state;
    assert_int_equal(plugin->health(till, &health), ATL_POS_OK);
    assert_int_equal(health.is_agent_up, 0);
    assert_non_null(strstr(health.sentence, "Atelier ne fonctionne pas"));
    health.size = 8;
    assert_int_equal(plugin->health(till, &health), ATL_POS_E_INVALID);
    assert_int_equal(plugin->health(till, NULL), ATL_POS_E_INVALID);
    plugin->close(till);
}

static void play_veto(int listener)
{
    const struct atl_pos_reply no = {
        .verdict = {.code = "unsigned",
                    .reason = "The proof is not signed.",
                    .field = "text",
                    .line_ref = "L-2",
                    .unit_index = 3}
    };
    char language[16];
    const int fd = fake_accept_hello(listener, language, sizeof language);
    struct atl_pos_ask ask;

    for (;;) {
        fake_receive(fd, &ask);
        if (strcmp(language, "fr-FR") == 0 && strcmp(ask.txn.store, "R17") == 0)
            fake_reply(fd, &ask, &no);
    }
}

static void a_veto_names_the_reason_the_field_and_the_line(void **state)
{
    const pid_t agent = fake_start(fake_listen("veto.sock"), play_veto);
    const atl_pos_till till = open_till("veto.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict, .is_allowed = 1};

    (void)state;
    errno = 77;
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    assert_int_equal(errno, 77);
    assert_int_equal(verdict.is_allowed, 0);
    assert_string_equal(verdict.reason, "The proof is not signed.");
    assert_string_equal(verdict.field, "text");
    assert_string_equal(verdict.line_ref, "L-2");
    assert_int_equal(verdict.unit_index, 3);
    assert_null(verdict.guest_text);
    plugin->close(till);
    fake_stop(agent);
}

static void an_agent_that_was_started_anew_is_found_by_the_same_call(void **state)
{
    pid_t agent = fake_start(fake_listen("anew.sock"), play_veto);
    const atl_pos_till till = open_till("anew.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict};

    (void)state;
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    fake_stop(agent);
    agent = fake_start(fake_listen("anew.sock"), play_veto);
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    fake_stop(agent);
    unlink("anew.sock");
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_E_AWAY);
    plugin->close(till);
}

static void play_death(int listener)
{
    struct atl_pos_ask ask;

    fake_receive(fake_accept(listener), &ask);
}

static void an_agent_that_dies_in_mid_call_is_a_timeout_because_it_may_have_acted(void **state)
{
    const pid_t agent = fake_start(fake_listen("death.sock"), play_death);
    const atl_pos_till till = open_till("death.sock");
    const struct atl_pos_tender tender = {.size = sizeof tender, .key = "k-1"};
    struct atl_pos_receipt slip = {.size = sizeof slip, .url = "mine"};
    const int64_t begun_ms = now_ms();

    (void)state;
    assert_int_equal(plugin->tendered(till, &sale, &tender, &slip), ATL_POS_E_TIMEOUT);
    assert_true(now_ms() - begun_ms < ATL_POS_CALL_BUDGET_MS); // at once: it hung up
    assert_string_equal(slip.url, "mine");
    plugin->close(till);
    fake_stop(agent);
}

static void play_silence(int listener)
{
    (void)fake_accept(listener);
    fake_wait();
}

static void a_hung_agent_is_a_timeout_within_the_budget(void **state)
{
    const pid_t agent = fake_start(fake_listen("hung.sock"), play_silence);
    const atl_pos_till till = open_till("hung.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    const int64_t begun_ms = now_ms();

    (void)state;
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_E_TIMEOUT);
    assert_in_range(now_ms() - begun_ms, ATL_POS_CALL_BUDGET_MS - 1,
                    ATL_POS_CALL_BUDGET_MS * 4); // of a busy machine; atelier-check is stricter
    plugin->close(till);
    fake_stop(agent);
}

static void play_late(int listener)
{
    const struct atl_pos_reply late = {.verdict = {.code = "late"}};
    const struct atl_pos_reply next = {.verdict = {.code = "next"}};
    const int fd = fake_accept(listener);
    struct atl_pos_ask first, second;

    fake_receive(fd, &first);
    fake_receive(fd, &second);
    fake_reply(fd, &first, &late);
    fake_reply(fd, &second, &next);
    fake_wait();
}

static void a_late_answer_is_never_taken_for_that_of_the_next_call(void **state)
{
    const pid_t agent = fake_start(fake_listen("late.sock"), play_late);
    const atl_pos_till till = open_till("late.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict};

    (void)state;
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_E_TIMEOUT);
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    assert_string_equal(verdict.code, "next");
    plugin->close(till);
    fake_stop(agent);
}

// One piece of nonsense a connection.
static void play_nonsense(int listener)
{
    static const uint8_t future[12] = {9, 9, ATL_FRAME_BEFORE_TENDER, 0, 255, 255, 0, 0};
    static const uint8_t wrong_number[12] = {
        ATL_FRAME_VERSION, 0, ATL_FRAME_BEFORE_TENDER, 0, 255, 0, 0, 0};
    static uint8_t long_one[ATL_FRAME_MAX_BYTES + 5];
    const struct {
        const void *bytes;
        size_t len;
    } rows[] = {
        {"x",                       1              },
        {"HTTP/1.1 200 OK\r\n\r\n", 19             },
        {future,                    12             },
        {wrong_number,              12             },
        {long_one,                  sizeof long_one}
    };
    struct atl_pos_ask ask;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int fd = fake_accept(listener);

        fake_receive(fd, &ask);
        fake_send_raw(fd, rows[i].bytes, rows[i].len);
    }
    for (;;) { // an answer that lacks its verdict, a code that is none
        const int fd = fake_accept(listener);

        fake_receive(fd, &ask);
        ask.kind = ATL_FRAME_SIGN;
        fake_refuse(fd, &ask, 5555, "what");
    }
}

static void nonsense_is_an_error_and_ends_the_connection(void **state)
{
    const pid_t agent = fake_start(fake_listen("nonsense.sock"), play_nonsense);
    const atl_pos_till till = open_till("nonsense.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict, .code = "mine"};

    (void)state;
    for (int i = 0; i < 7; i++) {
        assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_E_IO);
        assert_string_equal(verdict.code, "mine");
        assert_non_null(strstr(plugin->error_text(till), "pas de sens"));
    }
    plugin->close(till);
    fake_stop(agent);
}

static void play_refusal(int listener)
{
    const uint8_t newer[17] = {ATL_FRAME_VERSION + 1, 0, ATL_FRAME_SIGN, 0, 3, 0, 0, 0, 9};
    const int fd = fake_accept(listener);
    struct atl_pos_ask ask;

    fake_receive(fd, &ask);
    fake_refuse(fd, &ask, ATL_E_CONFLICT, "Another picture is shown by now.");
    fake_receive(fd, &ask);
    fake_send_raw(fd, newer, sizeof newer);
    fake_wait();
}

static void a_refusal_has_its_code_and_sentence_and_another_version_is_said(void **state)
{
    const pid_t agent = fake_start(fake_listen("refusal.sock"), play_refusal);
    const atl_pos_till till = open_till("refusal.sock");
    const struct atl_pos_line line = {.size = sizeof line, .line_ref = "L-1"};
    const struct atl_pos_signature signature = {.size = sizeof signature, .key = "k"};

    (void)state;
    assert_int_equal(plugin->sign(till, &sale, &line, &signature), ATL_POS_E_CONFLICT);
    assert_string_equal(plugin->error_text(till), "Another picture is shown by now.");
    assert_int_equal(plugin->sign(till, &sale, &line, &signature), ATL_POS_E_UNSUPPORTED);
    assert_non_null(strstr(plugin->error_text(till), "version"));
    plugin->close(till);
    fake_stop(agent);
}

static void play_tender(int listener)
{
    static const uint8_t modules[21 * 21] = {1, 0, 1};
    static const char *const texts[] = {"Your order K7F-2A1", ""};
    const struct atl_pos_reply slip = {
        .receipt = {.text_count = 2,
                    .texts = texts,
                    .code = "K7F-2A1",
                    .url = "HTTPS://SHOP.EXAMPLE/O/0",
                    .qr_modules = modules,
                    .qr_width = 21,
                    .held_count = 1,
                    .promise_from_ms = 1,
                    .promise_until_ms = 2}
    };
    const int fd = fake_accept(listener);
    struct atl_pos_ask ask;

    fake_receive(fd, &ask);
    if (strcmp(ask.key, "k-1") == 0 && ask.tender.line_count == 1 &&
        ask.tender.lines[0].quantity == 2)
        fake_reply(fd, &ask, &slip);
    fake_wait();
}

static void tendered_gives_receipt_lines_the_url_and_the_symbol(void **state)
{
    const pid_t agent = fake_start(fake_listen("slip.sock"), play_tender);
    const atl_pos_till till = open_till("slip.sock");
    const struct atl_pos_line line = {.size = sizeof line, .quantity = 2, .line_ref = "L-1"};
    const struct atl_pos_tender tender = {.size = sizeof tender,
                                          .line_size = sizeof line,
                                          .lines = &line,
                                          .line_count = 1,
                                          .key = "k-1"};
    struct atl_pos_receipt slip = {.size = sizeof slip};

    (void)state;
    assert_int_equal(plugin->tendered(till, &sale, &tender, &slip), ATL_POS_OK);
    assert_int_equal(slip.text_count, 2);
    assert_string_equal(slip.texts[0], "Your order K7F-2A1");
    assert_string_equal(slip.texts[1], "");
    assert_string_equal(slip.url, "HTTPS://SHOP.EXAMPLE/O/0");
    assert_int_equal(slip.qr_width, 21);
    assert_int_equal(slip.qr_modules[2], 1);
    assert_int_equal(slip.held_count, 1);
    assert_true(slip.promise_until_ms > slip.promise_from_ms && slip.warning == NULL);
    plugin->close(till);
    fake_stop(agent);
}

static void a_stale_handle_is_refused_and_never_taken_for_its_successor(void **state)
{
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    const atl_pos_till old = open_till("no-such.sock");
    atl_pos_till successor;

    (void)state;
    assert_int_equal(plugin->close(old), ATL_POS_OK);
    successor = open_till("no-such.sock");
    assert_true(successor != old);
    assert_int_equal(plugin->before_tender(old, &sale, &verdict), ATL_POS_E_INVALID);
    assert_int_equal(plugin->close(old), ATL_POS_E_INVALID);
    assert_int_equal(plugin->before_tender(UINT64_MAX, &sale, &verdict), ATL_POS_E_INVALID);
    assert_int_equal(plugin->before_tender(0, &sale, &verdict), ATL_POS_E_INVALID);
    assert_int_equal(plugin->event_fd(old), -1);
    assert_string_equal(plugin->error_text(old), "this till is not open");
    assert_int_equal(plugin->close(successor), ATL_POS_OK);
    assert_int_equal(plugin->close(0), ATL_POS_OK);
}

// A host whose log callback calls again: the one way to be inside a call without a thread.
struct nested {
    atl_pos_till till;
    int32_t code;
    int32_t close_code;
};

static void call_again(void *ctx, int32_t level, const char *line)
{
    struct nested *nested = ctx;
    struct atl_pos_verdict verdict = {.size = sizeof verdict};

    assert_int_equal(level, ATL_POS_LOG_WARN);
    assert_non_null(strstr(line, "before_tender: code=away why="));
    nested->code = plugin->before_tender(nested->till, &sale, &verdict);
    nested->close_code = plugin->close(nested->till);
}

static void a_call_during_a_call_on_the_same_till_is_busy(void **state)
{
    struct nested nested = {0};
    const struct atl_pos_host host = {
        .size = sizeof host, .abi = ATL_POS_ABI, .ctx = &nested, .log = call_again};
    struct atl_pos_verdict verdict = {.size = sizeof verdict};

    (void)state;
    assert_int_equal(plugin->open(&host, "no-such.sock", &nested.till, NULL, 0), ATL_POS_OK);
    assert_int_equal(plugin->before_tender(nested.till, &sale, &verdict), ATL_POS_E_AWAY);
    assert_int_equal(nested.code, ATL_POS_E_BUSY);
    assert_int_equal(nested.close_code, ATL_POS_E_BUSY);
    assert_int_equal(plugin->close(nested.till), ATL_POS_OK);
}

static void more_tills_than_places_are_full(void **state)
{
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI};
    atl_pos_till tills[17] = {0};
    char text[64] = "";
    int32_t rc = ATL_POS_OK;

    (void)state;
    for (int i = 0; i < 17; i++) {
        assert_int_equal(rc, ATL_POS_OK);
        rc = plugin->open(&host, "no-such.sock", &tills[i], text, sizeof text);
    }
    assert_int_equal(rc, ATL_POS_E_FULL);
    assert_string_equal(text, "all 16 tills are open");
    for (int i = 0; i < 17; i++)
        assert_int_equal(plugin->close(tills[i]), ATL_POS_OK);
}

static void a_child_of_fork_gets_invalid_and_the_parent_goes_on(void **state)
{
    const pid_t agent = fake_start(fake_listen("fork.sock"), play_veto);
    const atl_pos_till till = open_till("fork.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    int status = -1;
    pid_t child;

    (void)state;
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    child = fork();
    if (child == 0)
        _exit(plugin->before_tender(till, &sale, &verdict) == ATL_POS_E_INVALID &&
                      plugin->close(till) == ATL_POS_E_INVALID
                  ? 0
                  : 1);
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    plugin->close(till);
    fake_stop(agent);
}

static void open_says_what_is_wrong_with_its_arguments(void **state)
{
    const struct atl_pos_host good = {.size = sizeof good, .abi = ATL_POS_ABI};
    const struct atl_pos_host small = {.size = 8, .abi = ATL_POS_ABI};
    const struct atl_pos_host latin = {
        .size = sizeof latin, .abi = ATL_POS_ABI, .language = "\xe9"};
    char long_path[300];
    atl_pos_till till = 5;
    char text[64];

    (void)state;
    memset(long_path, 'p', sizeof long_path);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(plugin->open(NULL, "x", &till, text, sizeof text), ATL_POS_E_INVALID);
    assert_true(till == 0);
    assert_string_equal(text, "a required struct is NULL");
    assert_int_equal(plugin->open(&small, "x", &till, text, 8), ATL_POS_E_INVALID);
    assert_string_equal(text, "a struc");
    assert_int_equal(plugin->open(&latin, "x", &till, text, sizeof text), ATL_POS_E_INVALID);
    assert_string_equal(text, "hello.language is not UTF-8");
    assert_int_equal(plugin->open(&good, long_path, &till, text, sizeof text), ATL_POS_E_INVALID);
    assert_string_equal(text, "the socket path is empty or too long");
    assert_int_equal(plugin->open(&good, "x", NULL, text, sizeof text), ATL_POS_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_major_version_is_refused_on_both_sides),
        cmocka_unit_test(an_absent_agent_is_away_and_no_veto),
        cmocka_unit_test(health_answers_for_an_absent_agent),
        cmocka_unit_test(a_veto_names_the_reason_the_field_and_the_line),
        cmocka_unit_test(an_agent_that_was_started_anew_is_found_by_the_same_call),
        cmocka_unit_test(an_agent_that_dies_in_mid_call_is_a_timeout_because_it_may_have_acted),
        cmocka_unit_test(a_hung_agent_is_a_timeout_within_the_budget),
        cmocka_unit_test(a_late_answer_is_never_taken_for_that_of_the_next_call),
        cmocka_unit_test(nonsense_is_an_error_and_ends_the_connection),
        cmocka_unit_test(a_refusal_has_its_code_and_sentence_and_another_version_is_said),
        cmocka_unit_test(tendered_gives_receipt_lines_the_url_and_the_symbol),
        cmocka_unit_test(a_stale_handle_is_refused_and_never_taken_for_its_successor),
        cmocka_unit_test(a_call_during_a_call_on_the_same_till_is_busy),
        cmocka_unit_test(more_tills_than_places_are_full),
        cmocka_unit_test(a_child_of_fork_gets_invalid_and_the_parent_goes_on),
        cmocka_unit_test(open_says_what_is_wrong_with_its_arguments),
    };
    void *library = dlopen(ATL_PLUGIN, RTLD_NOW | RTLD_LOCAL);
    atl_pos_entry_fn *entry = NULL;

    if (library)
        *(void **)&entry = dlsym(library, "atl_pos_entry");
    plugin = entry ? entry(ATL_POS_ABI) : NULL;
    if (!plugin)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
