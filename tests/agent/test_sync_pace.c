// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sync.h"
#include "plugin/agent/sync_pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void an_answer_says_what_to_do(void **state)
{
    static const struct {
        long status;
        enum atl_sync_verdict verdict;
    } rows[] = {
        {0,   ATL_SYNC_LATER},
        {200, ATL_SYNC_DONE },
        {202, ATL_SYNC_DONE },
        {299, ATL_SYNC_DONE },
        {301, ATL_SYNC_LATER},
        {308, ATL_SYNC_LATER},
        {400, ATL_SYNC_SPLIT},
        {401, ATL_SYNC_KEY  },
        {403, ATL_SYNC_KEY  },
        {404, ATL_SYNC_NONE },
        {408, ATL_SYNC_LATER},
        {409, ATL_SYNC_LATER},
        {410, ATL_SYNC_GONE },
        {413, ATL_SYNC_SPLIT},
        {415, ATL_SYNC_LATER},
        {422, ATL_SYNC_SPLIT},
        {429, ATL_SYNC_LATER},
        {500, ATL_SYNC_LATER},
        {503, ATL_SYNC_LATER},
        {-1,  ATL_SYNC_LATER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(atl_sync_judge(rows[i].status), rows[i].verdict);
}

static void the_jitter_is_full_and_its_cap_holds_for_ever(void **state)
{
    static const int64_t limits_ms[] = {1000,  1000,  2000,   4000,   8000,   16000,
                                        32000, 64000, 128000, 256000, 300000, 300000};

    (void)state;
    for (int failures = 0; failures < 12; failures++) {
        const uint32_t limit_ms = (uint32_t)limits_ms[failures];

        assert_int_equal(atl_sync_wait_ms(failures, 0, 0), 0);
        assert_int_equal(atl_sync_wait_ms(failures, 0, limit_ms), limit_ms);
        assert_int_equal(atl_sync_wait_ms(failures, 0, limit_ms + 1), 0); // over the limit: wraps
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_in_range(atl_sync_wait_ms(1000000, 0, i * 4294967u), 0, 300000);
}

static void retry_after_is_kept_up_to_an_hour(void **state)
{
    (void)state;
    assert_int_equal(atl_sync_wait_ms(1, 7000, 500), 7000);
    assert_int_equal(atl_sync_wait_ms(9, 7000, 200000), 200000);
    assert_int_equal(atl_sync_wait_ms(1, INT64_MAX, 500), 3600000);
    assert_int_equal(atl_sync_wait_ms(1, -5, 500), 500);
}

static void batches_grow_with_success_and_shrink_with_failure(void **state)
{
    static const size_t sizes[] = {50, 200, 500, 500};
    struct atl_sync_pace pace = {0};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        atl_sync_succeeded(&pace, 1000);
        assert_int_equal(pace.batch, sizes[i]);
    }
    atl_sync_failed(&pace, 1000, 0, 300);
    assert_int_equal(pace.batch, 250);
    assert_int_equal(pace.due_ms, 1300);
    for (int i = 0; i < 4; i++)
        atl_sync_failed(&pace, 1000, 0, 0);
    assert_int_equal(pace.failures, ATL_SYNC_BREAKER);
    assert_int_equal(pace.batch, 1); // a probe
    atl_sync_succeeded(&pace, 2000);
    assert_int_equal(pace.failures, 0);
    assert_int_equal(pace.batch, 50);
}

static void a_refused_batch_is_halved_to_one(void **state)
{
    struct atl_sync_pace pace = {.batch = 500};
    int halvings = 0;

    (void)state;
    while (pace.batch > 1) {
        atl_sync_halve(&pace, pace.batch);
        halvings++;
    }
    assert_int_equal(halvings, 8);
    atl_sync_halve(&pace, 1);
    assert_int_equal(pace.batch, 1);
}

static void a_date_is_read_or_is_none(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT",  784111777000 },
        {"Thu, 01 Jan 1970 00:00:01 GMT",  1000         },
        {"Sun, 29 Feb 2032 23:59:59 GMT",  1961711999000},
        {"Sun, 29 Feb 2031 23:59:59 GMT",  0            },
        {"Sun, 06 Now 1994 08:49:37 GMT",  0            },
        {"Sunday, 06-Nov-94 08:49:37 GMT", 0            },
        {"Sun, 06 Nov 1994 08:49",         0            },
        {"",                               0            },
        {NULL,                             0            },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(atl_sync_date_ms(rows[i].text) == rows[i].ms);
}

static void only_https_leaves_this_machine(void **state)
{
    static const struct {
        const char *url;
        bool is_good;
    } rows[] = {
        {"https://cloud.example",              true },
        {"https://cloud.example:8443/atelier", true },
        {"http://127.0.0.1:8480",              true },
        {"http://localhost",                   true },
        {"http://[::1]:8480",                  true },
        {"http://cloud.example",               false},
        {"http://127.0.0.1.evil.example",      false},
        {"http://localhost.evil.example",      false},
        {"http://127.0.0.1@evil.example",      false},
        {"https://user:pw@cloud.example",      false},
        {"https://cloud.example/",             false},
        {"https://cloud.example/?a=b",         false},
        {"https://",                           false},
        {"ftp://cloud.example",                false},
        {"file:///etc/passwd",                 false},
        {"",                                   false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_error err = {0};
        const atl_code rc = atl_sync_url_check(rows[i].url, &err);

        if ((rc == ATL_OK) != rows[i].is_good)
            fail_msg("%s: %s", rows[i].url, err.text);
    }
}

static void write_key(const char *text, mode_t mode)
{
    FILE *file;

    (void)unlink("shop.key");
    file = fopen("shop.key", "we");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod("shop.key", mode), 0);
}

#define KEY    "key = ask_0123456789ABCDEF\n"
#define SECRET "secret = whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"

static void a_key_file_is_read(void **state)
{
    struct atl_sync_key key;
    struct atl_error err = {0};

    (void)state;
    write_key("# Atelier\nstore = maison/paris-1\n" KEY SECRET, 0600);
    if (atl_sync_key_read("shop.key", &key, &err))
        fail_msg("%s", err.text);
    assert_string_equal(key.store, "maison/paris-1");
    assert_string_equal(key.bearer, "ask_0123456789ABCDEF");
    assert_int_equal(key.secret_len, 32);
    assert_memory_equal(key.secret, "01234567890123456789012345678901", 32);
}

static void a_key_file_that_is_not_right_says_how_to_make_it_so_and_shows_no_key(void **state)
{
    static const struct {
        const char *text;
        mode_t mode;
        const char *sentence;
    } rows[] = {
        {"store = a/b\n" KEY SECRET,                        0644, "chmod 600 shop.key"   },
        {"store = a/b\n" KEY SECRET,                        0640, "may be read by others"},
        {"store = a/b\n" KEY,                               0600, "not complete"         },
        {"store = a/b\n" SECRET,                            0600, "not complete"         },
        {KEY SECRET,                                        0600, "not complete"         },
        {"store = a/b\n" KEY "secret = whsec_\n",           0600, "not complete"         },
        {"store = a/b\n" KEY "secret = whsec_AAAA\n",       0600, "not complete"         },
        {"store = a/b\n" KEY "secret = 0123456789ABCDEF\n", 0600, "not complete"         },
        {"store = a/b\nkey = a\x01"
         "b\n" SECRET,
         0600,                                                    "not complete"         },
        {"",                                                0600, "cannot be read"       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_sync_key key = {.secret_len = 77};
        struct atl_error err = {0};

        write_key(rows[i].text, rows[i].mode);
        assert_int_not_equal(atl_sync_key_read("shop.key", &key, &err), ATL_OK);
        if (!strstr(err.text, rows[i].sentence))
            fail_msg("%s", err.text);
        assert_null(strstr(err.text, "0123456789ABCDEF"));
        assert_int_equal(key.secret_len, 77); // unchanged
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_says_what_to_do),
        cmocka_unit_test(the_jitter_is_full_and_its_cap_holds_for_ever),
        cmocka_unit_test(retry_after_is_kept_up_to_an_hour),
        cmocka_unit_test(batches_grow_with_success_and_shrink_with_failure),
        cmocka_unit_test(a_refused_batch_is_halved_to_one),
        cmocka_unit_test(a_date_is_read_or_is_none),
        cmocka_unit_test(only_https_leaves_this_machine),
        cmocka_unit_test(a_key_file_is_read),
        cmocka_unit_test(a_key_file_that_is_not_right_says_how_to_make_it_so_and_shows_no_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
