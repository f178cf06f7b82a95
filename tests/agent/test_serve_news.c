// SPDX-License-Identifier: Apache-2.0
// What tills are told without having asked: once, in words, and only those whom it concerns.
#include "drivers/trouble.h"
#include "plugin/agent/serve_news.h"
#include "plugin/agent/sync.h"
#include "plugin/store/outbox.h"
#include "tests/agent/shop_fixture.h"

#include <stdio.h>
#include <string.h>

enum { LEASE_MS = 15000, TOLD_MAX = 16 };

static struct told {
    int kind;
    char sentence[ATL_LANG_COUNT][400];
    char workstation[32], but_not[32], piece[32], transaction[64];
} told[TOLD_MAX];
static size_t told_count;
static struct atl_news *news;

static void keep(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text ? text : "");
}

static void take(void *ctx, const struct atl_news_item *item)
{
    struct told *one = &told[told_count];

    (void)ctx;
    assert_true(told_count++ < TOLD_MAX);
    one->kind = item->notice.kind;
    keep(one->workstation, sizeof one->workstation, item->workstation);
    keep(one->but_not, sizeof one->but_not, item->but_not);
    keep(one->piece, sizeof one->piece, item->notice.piece_code);
    keep(one->transaction, sizeof one->transaction, item->notice.transaction_uuid);
    for (int lang = 0; lang < ATL_LANG_COUNT; lang++)
        keep(one->sentence[lang], sizeof one->sentence[lang],
             atl_news_say(&shop, item, atl_lang_tag((enum atl_lang)lang), &arena));
}

static size_t look(void)
{
    memset(told, 0, sizeof told);
    told_count = 0;
    atl_news_look(news, take, NULL);
    return told_count;
}

static int begin_news(void **state)
{
    begin(state);
    config.printers[0] = (struct atl_config_printer){
        .name = "front", .driver = "escpos", .papers = ATL_PAPER_CLAIM | ATL_PAPER_GIFT};
    config.printers[1] = (struct atl_config_printer){
        .name = "workshop", .driver = "escpos", .papers = ATL_PAPER_TAG};
    config.printer_count = 2;
    OK(atl_news_open(&shop, &news, &fixture_error));
    sell("Jill");
    (void)look();
    return 0;
}

static int end_news(void **state)
{
    atl_news_close(news);
    return end(state);
}

#define NEWS(name) cmocka_unit_test_setup_teardown(name, begin_news, end_news)

static struct atl_job claim(const char *device)
{
    struct atl_job job;

    OK(atl_jobs_claim(shop.store, device, now_ms, LEASE_MS, &job, &fixture_error));
    return job;
}

static struct atl_job put_back(const char *device, uint32_t bits)
{
    const struct atl_job job = claim(device);
    char words[200];

    atl_trouble_words(bits, words, sizeof words);
    OK(atl_jobs_put_back(shop.store, job.id, now_ms + 2000, words, &fixture_error));
    OK(atl_devices_report(shop.store, device, bits, words, now_ms, &fixture_error));
    return job;
}

static void print(const struct atl_job *job, enum atl_job_state state)
{
    struct atl_job again;

    now_ms += 2000;
    again = claim(job->device);
    assert_int_equal(again.id, job->id);
    OK(atl_jobs_begin_sending(shop.store, &again, now_ms, LEASE_MS, &fixture_error));
    OK(atl_jobs_finish(shop.store, job->id, state, "", now_ms, &fixture_error));
}

static void a_ticket_that_does_not_print_is_told_where_it_was_sold_with_cause_and_cure(void **state)
{
    struct atl_job job;
    char wanted[400];

    (void)state;
    job = put_back("front", ATL_TROUBLE_MEDIA_OUT);
    assert_int_equal(look(), 2); // the paper, and for the other tills the printer
    assert_int_equal(told[0].kind, ATL_POS_NOTICE_PAPER);
    assert_string_equal(told[0].workstation, "1");
    assert_string_equal(told[0].transaction, txn.uuid);
    (void)snprintf(wanted, sizeof wanted,
                   "Ticket not printed. The QR is on the receipt; the code is %s. "
                   "front: paper is out: put in a new roll.",
                   job.code);
    assert_string_equal(told[0].sentence[ATL_LANG_EN], wanted);
    (void)snprintf(wanted, sizeof wanted,
                   "Ticket non imprimé. Le QR est sur le reçu\u00A0; le code est %s. "
                   "front\u00A0: plus de papier\u00A0: mettez un rouleau neuf.",
                   job.code);
    assert_string_equal(told[0].sentence[ATL_LANG_FR], wanted);
    assert_non_null(strstr(told[0].sentence[ATL_LANG_JA], "用紙切れです"));
    assert_int_equal(told[1].kind, ATL_POS_NOTICE_HEALTH);
    assert_string_equal(told[1].workstation, "");
    assert_string_equal(told[1].but_not, "1");
    assert_string_equal(told[1].sentence[ATL_LANG_EN], "front: paper is out: put in a new roll.");
    assert_int_equal(look(), 0); // once
}

static void what_printed_after_all_is_told_and_the_printer_is_well(void **state)
{
    const struct atl_job job = put_back("front", ATL_TROUBLE_COVER_OPEN);
    char wanted[200];

    (void)state;
    (void)look();
    OK(atl_devices_report(shop.store, "front", 0, "", now_ms, &fixture_error));
    print(&job, ATL_JOB_CONFIRMED);
    assert_int_equal(look(), 2);
    (void)snprintf(wanted, sizeof wanted, "Ticket %s: printed after all.", job.code);
    assert_string_equal(told[0].sentence[ATL_LANG_EN], wanted);
    assert_string_equal(told[1].sentence[ATL_LANG_EN], "front works again.");
    assert_int_equal(look(), 0);
    now_ms += 60000;
    assert_int_equal(look(), 0);
}

static void what_cannot_be_proven_is_not_called_printed(void **state)
{
    const struct atl_job job = put_back("front", ATL_TROUBLE_AWAY);

    (void)state;
    (void)look();
    print(&job, ATL_JOB_SENT);
    assert_int_equal(look(), 1);
    assert_non_null(
        strstr(told[0].sentence[ATL_LANG_EN], "was sent after all; front cannot prove"));
}

// The lane waits for the roll with the ticket half out; the guest need not.
static void a_paper_that_stops_in_the_middle_is_told_and_so_is_its_end(void **state)
{
    const struct atl_job job = claim("front");

    (void)state;
    OK(atl_jobs_begin_sending(shop.store, &job, now_ms, LEASE_MS, &fixture_error));
    assert_int_equal(look(), 0);
    OK(atl_devices_report(shop.store, "front", ATL_TROUBLE_MEDIA_OUT, "out", now_ms,
                          &fixture_error));
    assert_int_equal(look(), 2);
    assert_non_null(strstr(told[0].sentence[ATL_LANG_EN], "Ticket not printed. The QR is on"));
    OK(atl_devices_report(shop.store, "front", 0, "", now_ms, &fixture_error));
    OK(atl_jobs_finish(shop.store, job.id, ATL_JOB_CONFIRMED, "", now_ms, &fixture_error));
    assert_int_equal(look(), 2);
    assert_non_null(strstr(told[0].sentence[ATL_LANG_EN], "printed after all"));
}

static void a_paper_that_prints_at_once_is_no_news(void **state)
{
    const struct atl_job job = claim("front");

    (void)state;
    OK(atl_jobs_begin_sending(shop.store, &job, now_ms, LEASE_MS, &fixture_error));
    assert_int_equal(look(), 0);
    OK(atl_jobs_finish(shop.store, job.id, ATL_JOB_CONFIRMED, "", now_ms, &fixture_error));
    assert_int_equal(look(), 0);
}

static void a_work_tag_is_told_to_everybody_and_a_doubt_says_where_to_look(void **state)
{
    struct atl_job job;
    char wanted[200];

    (void)state;
    job = put_back("workshop", ATL_TROUBLE_AWAY);
    assert_int_equal(look(), 1); // all were told of the printer with the tag
    assert_string_equal(told[0].workstation, "");
    assert_string_equal(told[0].piece, job.code);
    (void)snprintf(wanted, sizeof wanted,
                   "Work tag %s not printed. workshop: it is not reached: switch it on and look at "
                   "its cable.",
                   job.code);
    assert_string_equal(told[0].sentence[ATL_LANG_EN], wanted);
    print(&job, ATL_JOB_UNKNOWN);
    assert_int_equal(look(), 1);
    assert_non_null(strstr(told[0].sentence[ATL_LANG_EN], "nobody knows whether it came out. Look "
                                                          "at workshop"));
}

static void held_and_expired_papers_say_what_a_person_can_do(void **state)
{
    const struct atl_job tag = claim("workshop");
    struct atl_job job;

    (void)state;
    OK(atl_jobs_hold(shop.store, tag.id, "tag.ticket:3: there is no field totl", &fixture_error));
    assert_int_equal(look(), 1);
    assert_non_null(strstr(told[0].sentence[ATL_LANG_EN], "is held until a person looks"));
    now_ms += 40 * MINUTE_MS;
    assert_int_equal(atl_jobs_claim(shop.store, "front", now_ms, LEASE_MS, &job, NULL),
                     ATL_E_NOT_FOUND);
    assert_int_equal(look(), 1);
    assert_non_null(strstr(told[0].sentence[ATL_LANG_EN], "waited too long"));
    assert_int_equal(look(), 0);
}

static void the_other_printer_is_offered_where_there_is_one(void **state)
{
    (void)state;
    (void)snprintf(config.printers[0].backup, sizeof config.printers[0].backup, "workshop");
    (void)put_back("front", ATL_TROUBLE_MEDIA_OUT);
    assert_int_equal(look(), 2);
    assert_non_null(
        strstr(told[0].sentence[ATL_LANG_EN], "Print it again to have it on workshop."));
}

// serve starts anew: tills heard of it before, and of its end they hear now.
static void what_was_so_before_is_not_told_and_its_end_is(void **state)
{
    const struct atl_job job = put_back("front", ATL_TROUBLE_MEDIA_OUT);

    (void)state;
    atl_news_close(news);
    OK(atl_news_open(&shop, &news, &fixture_error));
    assert_int_equal(look(), 0);
    print(&job, ATL_JOB_CONFIRMED);
    assert_int_equal(look(), 1);
    assert_non_null(strstr(told[0].sentence[ATL_LANG_EN], "printed after all"));
}

static void paper_that_runs_low_is_told_and_stops_nothing(void **state)
{
    struct atl_shop_health health = {.is_dead = false};

    (void)state;
    OK(atl_devices_report(shop.store, "front", ATL_TROUBLE_MEDIA_LOW, "low", now_ms,
                          &fixture_error));
    assert_int_equal(look(), 1);
    assert_string_equal(told[0].sentence[ATL_LANG_EN],
                        "front: paper is nearly out: have a roll ready.");
    OK(atl_devices_find(shop.store, "front", &health.device, &fixture_error));
    assert_false(atl_shop_health_stops(&health));
    health.device.bits |= ATL_TROUBLE_COVER_OPEN;
    assert_true(atl_shop_health_stops(&health));
}

static void a_piece_that_moved_by_another_hand_is_told_as_before(void **state)
{
    bool is_repeat;

    (void)state;
    OK(try_act(ATL_ACT_START, &is_repeat));
    assert_int_equal(look(), 1);
    assert_int_equal(told[0].kind, ATL_POS_NOTICE_STAGE);
    assert_string_equal(told[0].sentence[ATL_LANG_EN], "");
    assert_true(told[0].piece[0] != '\0');
}

static const char *health_in(const char *language)
{
    const struct atl_pos_line line = line_of(1, 1);
    struct atl_shop_call call = call_about(&line);
    struct atl_pos_health health;

    call.language = language;
    OK(atl_shop_health(&shop, &call, &health, &fixture_error));
    return health.sentence ? health.sentence : "";
}

// Its lanes do not run in this test: what is said of them would come first.
static void without_devices(void)
{
    config.printer_count = 0;
    config.machine_count = 0;
    config.scanner_count = 0;
    snprintf(config.cloud_url, sizeof config.cloud_url, "https://cloud.example");
}

static void report_cloud(uint32_t bits, const char *trouble)
{
    OK(atl_devices_report(shop.store, ATL_SYNC_DEVICE, bits, trouble, now_ms, &fixture_error));
}

static void let_the_cloud_take_all(void)
{
    enum { ROWS = 32 };
    struct atl_outbox_row rows[ROWS];
    int64_t sequences[ROWS];
    struct atl_buf data;
    size_t count = 0;

    atl_buf_init(&data, 1 << 20);
    OK(atl_outbox_next(shop.store, 0, 1 << 20, rows, ROWS, &count, &data, &fixture_error));
    atl_buf_free(&data);
    for (size_t i = 0; i < count; i++)
        sequences[i] = rows[i].sequence;
    OK(atl_outbox_acknowledge(shop.store, sequences, count, &fixture_error));
}

// The sale of begin_news() waits to be sent.
static void the_cloud_is_told_only_while_something_waits_for_it(void **state)
{
    const char *away = "the cloud does not answer (no route to host); sales go on without it";

    (void)state;
    without_devices();
    assert_string_equal(health_in("fr"), "");
    report_cloud(0, away);
    assert_string_equal(health_in("fr"),
                        "Les pages des clients attendent\u00A0: internet ou le serveur ne répond "
                        "pas\u00A0: vérifiez la connexion\u00A0; les ventes continuent.");
    assert_non_null(strstr(health_in("en"), away));
    let_the_cloud_take_all();
    assert_string_equal(health_in("fr"), "");
}

static void a_wrong_clock_is_told_though_nothing_waits(void **state)
{
    (void)state;
    without_devices();
    report_cloud(ATL_SYNC_CLOCK,
                 "this machine's clock is 61 minutes off: set it right, or promises "
                 "and the shop's hours are wrong");
    assert_string_equal(health_in("fr"),
                        "Atelier\u00A0: l'horloge de cet ordinateur est fausse de 61 min\u00A0: "
                        "remettez-la à l'heure, les promesses en dépendent.");
    assert_non_null(strstr(health_in("en"), "clock is 61 minutes off"));
    config.cloud_url[0] = '\0';
    assert_string_equal(health_in("fr"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NEWS(the_cloud_is_told_only_while_something_waits_for_it),
        NEWS(a_wrong_clock_is_told_though_nothing_waits),
        NEWS(a_ticket_that_does_not_print_is_told_where_it_was_sold_with_cause_and_cure),
        NEWS(what_printed_after_all_is_told_and_the_printer_is_well),
        NEWS(what_cannot_be_proven_is_not_called_printed),
        NEWS(a_paper_that_stops_in_the_middle_is_told_and_so_is_its_end),
        NEWS(a_paper_that_prints_at_once_is_no_news),
        NEWS(a_work_tag_is_told_to_everybody_and_a_doubt_says_where_to_look),
        NEWS(held_and_expired_papers_say_what_a_person_can_do),
        NEWS(the_other_printer_is_offered_where_there_is_one),
        NEWS(what_was_so_before_is_not_told_and_its_end_is),
        NEWS(paper_that_runs_low_is_told_and_stops_nothing),
        NEWS(a_piece_that_moved_by_another_hand_is_told_as_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
