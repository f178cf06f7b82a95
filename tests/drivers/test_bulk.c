// SPDX-License-Identifier: Apache-2.0
// Whole deliveries to a stick that does everything wrong that a stick may do, at every command;
// that is pulled out after every block; and that lies.
#include "drivers/link/volume_parts.h"
#include "tests/support/fake_stick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { DESIGN_BYTES = 9000 };

static uint8_t design[DESIGN_BYTES];
static const char *const names[] = {"K7F2A1_2.PES", "K7F2A112.PES"};
static const char *const finished[] = {"SEWN.PES"};
static const struct atl_machine machine = {.name = "Test machine", .folder = ""};
static const struct atl_machine machine_with_folder = {
    .name = "Test machine", .folder = "EMB/Embf", .folder_make = true};

struct bench {
    struct fat_image image;
    struct fake_stick *stick;
    struct atl_delivery what;
    struct atl_volume_options options;
    struct atl_delivery_report report;
    struct atl_error err;
    unsigned begun;
    bool may_not_begin;
};

// The stick of the delivery under way: a volume_fn has no other way to learn of it.
static struct fake_stick *present;

static atl_code deliver_to_present(struct volume_job *job, const char *rest, struct atl_error *err)
{
    struct bulk_transport transport = fake_stick_transport(present);

    (void)rest;
    snprintf(job->report->where, sizeof job->report->where, "Test stick");
    return volume_deliver_bulk(job, &transport, err);
}

static atl_code begin(void *context, const char *where, const char *name, struct atl_error *err)
{
    struct bench *bench = context;

    assert_non_null(strstr(where, "STITCH"));
    assert_true(name[0] != 0);
    bench->begun++;
    return bench->may_not_begin ? atl_fail(err, ATL_E_CONFLICT, "the order has moved on") : ATL_OK;
}

static atl_code deliver(struct bench *bench)
{
    struct volume_job job = {
        .what = &bench->what, .options = &bench->options, .report = &bench->report, .parent = -1};

    present = bench->stick;
    bench->begun = 0;
    bench->report = (struct atl_delivery_report){.state = ATL_DELIVERY_UNTOUCHED};
    bench->err = (struct atl_error){0};
    return volume_run_guarded(deliver_to_present, "", &job, &bench->err);
}

static void put(struct bench *bench, const char *name, size_t len)
{
    struct fat_volume *volume = NULL;

    assert_int_equal(fat_open(&bench->image.disk, &volume, NULL), ATL_OK);
    assert_int_equal(fat_begin(volume, NULL), ATL_OK);
    assert_int_equal(fat_put(volume, (struct fat_folder){0}, name, design, len, 1764000000, NULL),
                     ATL_OK);
    assert_int_equal(fat_end(volume, NULL), ATL_OK);
    fat_close(volume);
}

static void start(struct bench *bench, const char *kind, unsigned kb, bool with_mbr)
{
    for (size_t i = 0; i < sizeof design; i++)
        design[i] = (uint8_t)(i * 31 + i / 251);
    *bench = (struct bench){
        .what = {.machine = &machine,
                 .names = names,
                 .name_count = 2,
                 .bytes = design,
                 .len = sizeof design,
                 .finished = finished,
                 .finished_count = 1,
                 .begin = begin},
        .options = {.appear_ms = 2000, .slow_ms = 20000, .sys_path = "/sys"},
    };
    fat_image_make(&bench->image, "stick.img", kind, kb, with_mbr, "-s 1");
    bench->stick = fake_stick_new(&bench->image);
    put(bench, "SEWN.PES", 3000);
    fat_image_keep(&bench->image);
}

static void end(struct bench *bench)
{
    fake_stick_free(bench->stick);
    fat_image_free(&bench->image);
}

static void renew(struct bench *bench)
{
    fat_image_undo(&bench->image);
    fake_stick_reset(bench->stick);
}

static bool is_on_it(const struct bench *bench, const char *path, bool *is_whole)
{
    char command[128], out[FAT_IMAGE_OUTPUT_CAP];
    uint8_t back[DESIGN_BYTES + 1];
    size_t len = 0;
    FILE *file;

    unlink("back.bin");
    snprintf(command, sizeof command, "mcopy -n -o -i @ ::%s back.bin", path);
    if (fat_image_run(&bench->image, command, out) != 0 || !(file = fopen("back.bin", "r")))
        return false;
    len = fread(back, 1, sizeof back, file);
    fclose(file);
    unlink("back.bin");
    *is_whole = len == sizeof design && memcmp(back, design, len) == 0;
    return true;
}

static void assert_said_delivered(const struct bench *bench)
{
    if (bench->err.code)
        print_error("%s\n", bench->err.text);
    assert_int_equal(bench->err.code, ATL_OK);
    assert_int_equal(bench->report.state, ATL_DELIVERY_WHOLE);
    assert_int_equal(bench->begun, 1);
    assert_true(bench->report.is_let_go);
    assert_int_equal(bench->stick->violations, 0);
}

static void assert_delivered(const struct bench *bench, const char *path)
{
    bool is_whole = false;

    assert_said_delivered(bench);
    assert_true(is_on_it(bench, path, &is_whole));
    assert_true(is_whole);
    assert_int_equal(fat_image_judge(&bench->image, true), FAT_VERDICT_CLEAN);
}

// The quick look, with our own eyes.
static void assert_same(struct bench *bench, const char *name)
{
    struct fat_volume *volume = NULL;

    assert_int_equal(fat_open(&bench->image.disk, &volume, NULL), ATL_OK);
    assert_int_equal(fat_compare(volume, (struct fat_folder){0}, name, design, sizeof design, NULL),
                     ATL_OK);
    fat_close(volume);
}

static void a_design_is_delivered_to_any_stick(void **state)
{
    static const struct {
        const char *kind;
        unsigned kb;
        bool with_mbr;
    } sticks[] = {
        {"12", 1440,  false},
        {"16", 8192,  true },
        {"32", 36864, true },
    };

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct bench bench;

        start(&bench, sticks[i / 2].kind, sticks[i / 2].kb, sticks[i / 2].with_mbr);
        bench.what.context = &bench;
        if (i % 2)
            bench.what.machine = &machine_with_folder;
        bench.stick->not_ready = 3;
        (void)deliver(&bench);
        assert_delivered(&bench, i % 2 ? "EMB/EMBF/K7F2A1_2.PES" : "K7F2A1_2.PES");
        assert_string_equal(bench.report.where, "STITCH (Test stick)");
        assert_string_equal(bench.report.name, "K7F2A1_2.PES");
        assert_int_equal(bench.report.removed, i % 2 ? 0 : 1);
        assert_true(bench.report.free_bytes > 0);
        assert_true(bench.report.is_ejected);
        assert_int_equal(bench.stick->ejects, 1);
        assert_true(bench.stick->flushes >= 4);
        end(&bench);
    }
}

static void any_fault_at_any_command_is_recovered_from(void **state)
{
    struct bench bench;
    unsigned trials = 0;

    (void)state;
    start(&bench, "12", 720, false);
    bench.what.context = &bench;
    for (int fault = STICK_STALLS_COMMAND; fault < STICK_SILENT; fault++) {
        for (uint32_t at = 0;; at++, trials++) {
            renew(&bench);
            bench.stick->fault = (enum stick_fault)fault;
            bench.stick->fault_at = at;
            (void)deliver(&bench);
            if (bench.err.code || bench.stick->violations)
                print_error("fault %d at command %u\n", fault, (unsigned)at);
            assert_int_equal(bench.stick->violations, 0);
            // An eject that goes wrong is no fault of the delivery. mtools and fsck are asked
            // every few trials: they are slower than all the rest.
            assert_said_delivered(&bench);
            if (trials % 5 == 0)
                assert_delivered(&bench, "K7F2A1_2.PES");
            else
                assert_same(&bench, "K7F2A1_2.PES");
            if (bench.stick->commands <= at)
                break; // it was over before that command
        }
    }
    printf("%u trials\n", trials);
    assert_true(trials > 300);
    end(&bench);
}

// The control. A host that spares itself the recovery must fail, or break the protocol.
static enum bulk_result no_reset(struct bulk_transport *transport)
{
    (void)transport;
    return BULK_DONE;
}

static atl_code deliver_without_reset(struct volume_job *job, const char *rest,
                                      struct atl_error *err)
{
    struct bulk_transport transport = fake_stick_transport(present);

    (void)rest;
    transport.reset = no_reset;
    snprintf(job->report->where, sizeof job->report->where, "Test stick");
    return volume_deliver_bulk(job, &transport, err);
}

static void a_host_that_does_not_recover_is_caught(void **state)
{
    static const enum stick_fault faults[] = {STICK_STALLS_COMMAND, STICK_SHORT_STATUS,
                                              STICK_WRONG_TAG, STICK_WRONG_MAGIC,
                                              STICK_PHASE_ERROR};
    struct bench bench;

    (void)state;
    start(&bench, "12", 720, false);
    bench.what.context = &bench;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct volume_job job = {
            .what = &bench.what, .options = &bench.options, .report = &bench.report, .parent = -1};

        renew(&bench);
        bench.stick->fault = faults[i];
        bench.stick->fault_at = 20;
        present = bench.stick;
        bench.report = (struct atl_delivery_report){.state = ATL_DELIVERY_UNTOUCHED};
        assert_int_not_equal(volume_run_guarded(deliver_without_reset, "", &job, &bench.err),
                             ATL_OK);
        assert_true(bench.stick->violations > 0);
    }
    end(&bench);
}

static void silence_at_any_command_ends_in_time_and_says_so(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench, "12", 720, false);
    bench.what.context = &bench;
    for (uint32_t at = 0;; at++) {
        bool is_whole = true;

        renew(&bench);
        bench.stick->fault = STICK_SILENT;
        bench.stick->fault_at = at;
        (void)deliver(&bench);
        if (bench.report.state == ATL_DELIVERY_WHOLE)
            break; // only the eject is left
        assert_int_equal(bench.err.code, ATL_E_TIMEOUT);
        assert_non_null(strstr(bench.err.text, "does not answer"));
        assert_int_equal(bench.begun, bench.report.state == ATL_DELIVERY_DOUBT);
        assert_true(!is_on_it(&bench, "K7F2A1_2.PES", &is_whole) || is_whole);
        assert_int_not_equal(fat_image_judge(&bench.image, false), FAT_VERDICT_BROKEN);
    }
    end(&bench);
}

// The step is less than a block: every state of the medium is seen.
static void a_cable_pulled_at_any_byte_leaves_the_name_missing_or_whole(void **state)
{
    enum { STEP = 487 };
    static const struct atl_machine *const machines[] = {&machine, &machine_with_folder};
    unsigned seen[3] = {0};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const char *path = i ? "EMB/EMBF/K7F2A1_2.PES" : "K7F2A1_2.PES";
        struct bench bench;
        uint64_t all;

        start(&bench, "12", 720, false);
        bench.what.context = &bench;
        bench.what.machine = machines[i];
        (void)deliver(&bench);
        assert_delivered(&bench, path);
        all = bench.stick->moved_bytes;
        for (uint64_t cut = 0; cut < all; cut += STEP) {
            bool is_whole = true, is_there;

            renew(&bench);
            bench.stick->unplug_after = cut;
            (void)deliver(&bench);
            is_there = is_on_it(&bench, path, &is_whole);
            if (fat_image_judge(&bench.image, false) == FAT_VERDICT_BROKEN || !is_whole) {
                fat_image_judge(&bench.image, true);
                fail_msg("broken by a cut after %llu bytes", (unsigned long long)cut);
            }
            seen[bench.report.state]++;
            assert_int_equal(bench.begun, bench.report.state != ATL_DELIVERY_UNTOUCHED);
            if (bench.report.state == ATL_DELIVERY_WHOLE) {
                assert_true(is_there);
                continue;
            }
            assert_int_equal(bench.err.code, ATL_E_IO);
            assert_non_null(strstr(bench.err.text, "vanished"));
            if (bench.report.state == ATL_DELIVERY_UNTOUCHED)
                assert_memory_equal(bench.image.bytes, bench.image.pristine, bench.image.len);
        }
        renew(&bench);
        bench.stick->unplug_after = all - 20; // while it is ejected
        (void)deliver(&bench);
        assert_int_equal(bench.report.state, ATL_DELIVERY_WHOLE);
        assert_false(bench.report.is_ejected);
        end(&bench);
    }
    printf("cuts: %u untouched, %u in doubt, %u whole\n", seen[0], seen[1], seen[2]);
    assert_true(seen[0] > 10 && seen[1] > 50);
}

static void assert_refused(struct bench *bench, atl_code code, const char *words)
{
    assert_int_equal(deliver(bench), code);
    if (!strstr(bench->err.text, words))
        print_error("\"%s\" is not in \"%s\"\n", words, bench->err.text);
    assert_non_null(strstr(bench->err.text, words));
    assert_int_equal(bench->report.state, ATL_DELIVERY_UNTOUCHED);
    assert_int_equal(bench->begun, 0);
    assert_memory_equal(bench->image.bytes, bench->image.pristine, bench->image.len);
}

static void what_can_be_known_before_is_said_before(void **state)
{
    struct bench bench;
    struct atl_machine small = machine;

    (void)state;
    start(&bench, "12", 720, false);
    bench.what.context = &bench;
    bench.stick->is_protected = true;
    assert_refused(&bench, ATL_E_DEVICE, "switch");
    renew(&bench);
    bench.stick->has_no_medium = true;
    bench.options.appear_ms = 100;
    assert_refused(&bench, ATL_E_NOT_FOUND, "no medium");
    renew(&bench);
    bench.stick->not_ready = 100000;
    assert_refused(&bench, ATL_E_TIMEOUT, "does not get ready");
    renew(&bench);
    bench.stick->device_type = 5;
    assert_refused(&bench, ATL_E_UNSUPPORTED, "no disk");
    renew(&bench);
    bench.stick->bad_block = 1;
    assert_refused(&bench, ATL_E_IO, "broken places");
    renew(&bench);
    small.files_max = 1;
    bench.what.machine = &small;
    bench.what.finished_count = 0;
    assert_refused(&bench, ATL_E_FULL, "shows 1");
    bench.what.machine = &machine;
    put(&bench, names[0], 100);
    put(&bench, names[1], 100);
    fat_image_keep(&bench.image);
    assert_refused(&bench, ATL_E_CONFLICT, "already a design K7F2A1_2.PES");
    end(&bench);
}

static void a_full_stick_is_untouched_until_what_is_sewn_makes_room(void **state)
{
    struct bench bench;
    char name[16];
    unsigned count = 0;

    (void)state;
    start(&bench, "12", 720, false);
    bench.what.context = &bench;
    for (;; count++) {
        struct fat_volume *volume = NULL;
        uint64_t room;

        assert_int_equal(fat_open(&bench.image.disk, &volume, NULL), ATL_OK);
        room = fat_free_bytes(volume);
        fat_close(volume);
        if (room < 8000)
            break;
        snprintf(name, sizeof name, "D%u.PES", count);
        put(&bench, name, room > 17000 ? 9000 : 1024);
    }
    fat_image_keep(&bench.image);
    bench.what.finished_count = 0;
    assert_refused(&bench, ATL_E_FULL, "it is full");
    bench.what.finished_count = 1;
    renew(&bench);
    (void)deliver(&bench);
    assert_delivered(&bench, "K7F2A1_2.PES");
    assert_int_equal(bench.report.removed, 1);
    end(&bench);
}

static void what_only_the_write_tells_is_in_doubt(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench, "12", 720, false);
    bench.what.context = &bench;
    bench.stick->is_protected_secretly = true;
    bench.stick->knows_no_mode_sense = true;
    assert_int_equal(deliver(&bench), ATL_E_DEVICE);
    assert_int_equal(bench.report.state, ATL_DELIVERY_DOUBT);
    assert_non_null(strstr(bench.err.text, "write-protected"));
    assert_memory_equal(bench.image.bytes, bench.image.pristine, bench.image.len);
    // Nobody would know, were it not read back from the medium.
    renew(&bench);
    bench.stick->drops_writes = true;
    assert_int_not_equal(deliver(&bench), ATL_OK);
    assert_int_equal(bench.report.state, ATL_DELIVERY_DOUBT);
    end(&bench);
}

static void the_journal_may_say_no_and_nothing_was_touched(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench, "12", 720, false);
    bench.what.context = &bench;
    bench.may_not_begin = true;
    assert_int_equal(deliver(&bench), ATL_E_CONFLICT);
    assert_non_null(strstr(bench.err.text, "the order has moved on"));
    assert_int_equal(bench.report.state, ATL_DELIVERY_UNTOUCHED);
    assert_memory_equal(bench.image.bytes, bench.image.pristine, bench.image.len);
    end(&bench);
}

static void names_are_taken_in_turn_and_ours_may_be_written_over(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench, "16", 8192, false);
    bench.what.context = &bench;
    put(&bench, names[0], 5000);
    fat_image_keep(&bench.image);
    (void)deliver(&bench);
    assert_delivered(&bench, names[1]);
    assert_string_equal(bench.report.name, names[1]);
    renew(&bench);
    bench.what.may_replace = true;
    (void)deliver(&bench);
    assert_delivered(&bench, names[0]);
    assert_string_equal(bench.report.name, names[0]);
    end(&bench);
}

static void a_stick_without_a_cache_command_and_one_that_stays(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench, "16", 8192, false);
    bench.what.context = &bench;
    bench.stick->knows_no_cache_command = true;
    bench.options.stays_plugged = true;
    (void)deliver(&bench);
    assert_delivered(&bench, "K7F2A1_2.PES");
    assert_int_equal(bench.stick->flushes, 1); // asked once
    assert_int_equal(bench.stick->ejects, 0);
    assert_false(bench.report.is_ejected);
    end(&bench);
}

static void a_leftover_of_another_way_is_removed(void **state)
{
    struct bench bench;
    char working[VOLUME_WORKING_NAME_CAP];
    bool is_whole;

    (void)state;
    start(&bench, "16", 8192, false);
    bench.what.context = &bench;
    volume_working_name("OTHER.PES", working);
    put(&bench, working, 4000);
    (void)deliver(&bench);
    assert_delivered(&bench, "K7F2A1_2.PES");
    assert_false(is_on_it(&bench, working, &is_whole));
    end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_design_is_delivered_to_any_stick),
        cmocka_unit_test(any_fault_at_any_command_is_recovered_from),
        cmocka_unit_test(a_host_that_does_not_recover_is_caught),
        cmocka_unit_test(silence_at_any_command_ends_in_time_and_says_so),
        cmocka_unit_test(a_cable_pulled_at_any_byte_leaves_the_name_missing_or_whole),
        cmocka_unit_test(what_can_be_known_before_is_said_before),
        cmocka_unit_test(a_full_stick_is_untouched_until_what_is_sewn_makes_room),
        cmocka_unit_test(what_only_the_write_tells_is_in_doubt),
        cmocka_unit_test(the_journal_may_say_no_and_nothing_was_touched),
        cmocka_unit_test(names_are_taken_in_turn_and_ours_may_be_written_over),
        cmocka_unit_test(a_stick_without_a_cache_command_and_one_that_stays),
        cmocka_unit_test(a_leftover_of_another_way_is_removed),
    };

    return fat_image_can() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
