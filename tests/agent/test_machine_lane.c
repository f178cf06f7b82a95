// SPDX-License-Identifier: Apache-2.0
// A machine's lane on a real store and a real folder.
#include "plugin/agent/machine_lane.h"
#include "plugin/agent/shop_design.h"
#include "plugin/agent/shop_trouble.h"
#include "tests/agent/shop_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FEW_FILES = 2 };

static struct atl_config_machine *machine;
static char folder[ATL_CONFIG_PATH_BYTES];

static int begin_with_machine(void **state)
{
    char here[ATL_CONFIG_PATH_BYTES - 64];

    if (begin(state))
        return -1;
    assert_non_null(getcwd(here, sizeof here));
    snprintf(folder, sizeof folder, "%s/machine", here);
    (void)mkdir(folder, 0700);
    snprintf(config.machines_folder, sizeof config.machines_folder,
             ATL_SOURCE_DIR "/drivers/embroidery/machines");
    config.machine_count = 1;
    machine = &config.machines[0];
    *machine = (struct atl_config_machine){.name = "left", .profile = "brother-pr1055x"};
    snprintf(machine->link, sizeof machine->link, "dir:%.200s", folder);
    return 0;
}

// Counts the files, and says the last one's name.
static int files(char name[64])
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, 64, "%.63s", entry->d_name);
        count++;
    }
    closedir(dir);
    return count;
}

static void path_of(const char *name, char out[ATL_CONFIG_PATH_BYTES + 80])
{
    snprintf(out, ATL_CONFIG_PATH_BYTES + 80, "%s/%.64s", folder, name);
}

static int end_with_machine(void **state)
{
    char path[ATL_CONFIG_PATH_BYTES + 80];
    char name[64];

    while (files(name)) {
        path_of(name, path);
        assert_int_equal(unlink(path), 0);
    }
    return end(state);
}

#define MACHINE_TEST(name)                                                                         \
    cmocka_unit_test_setup_teardown(name, begin_with_machine, end_with_machine)

static atl_code try_send(bool is_again)
{
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, "E7", "workshop");
    const struct atl_piece piece = piece_of(1);
    struct atl_machine profile;
    struct atl_piece after;

    OK(atl_machine_profile(&config, machine, &profile, &fixture_error));
    return atl_shop_send_design(&shop, piece.id, machine, &profile, is_again, &by, &after,
                                &fixture_error);
}

// One round of the lane; the last design of the piece afterwards.
static struct atl_job drain(void)
{
    const struct atl_machine_setup setup = {.machine = machine, .shop = &shop};
    const struct atl_piece piece = piece_of(1);
    struct atl_machine_lane *sewing = NULL;
    struct atl_lane lane;
    struct atl_job job;
    int done = 0;

    OK(atl_machine_lane_open(&setup, &sewing, &fixture_error));
    lane = (struct atl_lane){.device = machine->name,
                             .lease_ms = 60000,
                             .now_ms = shop.now_ms,
                             .work = &atl_machine_work,
                             .ctx = sewing,
                             .store = shop.store};
    OK(atl_lane_drain(&lane, &done, &fixture_error));
    atl_machine_lane_close(sewing);
    OK(atl_shop_last_design(&shop, &piece, &job, &fixture_error));
    return job;
}

static void a_design_is_one_file_under_the_machines_name_and_said_so(void **state)
{
    struct atl_job job;
    char name[64] = "";

    (void)state;
    sell("Jill");
    OK(try_send(false));
    job = drain();
    assert_int_equal(job.state, ATL_JOB_SENT);
    assert_int_equal(files(name), 1);
    assert_non_null(strstr(name, "_1.PES"));
    assert_int_equal(strncmp(job.evidence, name, strlen(name)), 0);
    assert_non_null(strstr(job.evidence, "read back"));
    assert_string_equal(piece_of(1).place, "left");
}

static void what_we_wrote_ourselves_is_written_over(void **state)
{
    char path[ATL_CONFIG_PATH_BYTES + 80];
    char name[64] = "";
    struct stat is;
    FILE *file;

    (void)state;
    sell("Jill");
    OK(try_send(false));
    drain();
    assert_int_equal(files(name), 1);
    path_of(name, path);
    assert_int_equal(unlink(path), 0);
    file = fopen(path, "we"); // what lies there now is written over: the journal says it is ours
    assert_non_null(file);
    fclose(file);
    OK(try_send(true));
    assert_int_equal(drain().state, ATL_JOB_SENT);
    assert_int_equal(files(name), 1);
    assert_int_equal(stat(path, &is), 0);
    assert_true(is.st_size > 1000);
}

static void a_name_that_a_stranger_has_is_not_taken(void **state)
{
    char path[ATL_CONFIG_PATH_BYTES + 80];
    struct atl_machine profile;
    char name[ATL_MACHINE_FILE_NAME_CAP];
    char last[64];
    struct stat is;
    FILE *file;

    (void)state;
    sell("Jill");
    OK(atl_machine_profile(&config, machine, &profile, &fixture_error));
    OK(atl_machine_file_name(&profile, piece_of(1).code, 0, name, &fixture_error));
    path_of(name, path);
    file = fopen(path, "we");
    assert_non_null(file);
    fclose(file);
    OK(try_send(false));
    assert_int_equal(drain().state, ATL_JOB_SENT);
    assert_int_equal(files(last), 2);
    assert_int_equal(stat(path, &is), 0);
    assert_int_equal(is.st_size, 0);
}

static void sent_twice_asks_and_a_remake_does_not(void **state)
{
    bool is_repeat = false;

    (void)state;
    sell("Jill");
    OK(try_send(false));
    assert_int_equal(try_send(false), ATL_E_CONFLICT);
    assert_non_null(strstr(fixture_error.text, "waits for left already"));
    drain();
    assert_int_equal(try_send(false), ATL_E_CONFLICT);
    assert_non_null(strstr(fixture_error.text, "--again"));
    OK(try_act(ATL_ACT_START, &is_repeat));
    OK(try_act(ATL_ACT_DONE, &is_repeat));
    assert_int_equal(try_send(true), ATL_E_CONFLICT); // it is made
    now_ms += MINUTE_MS;
    OK(try_act(ATL_ACT_REMAKE, &is_repeat));
    OK(try_send(false));
    assert_int_equal(drain().state, ATL_JOB_SENT);
}

static void a_piece_that_was_cancelled_meanwhile_is_held(void **state)
{
    bool is_repeat = false;
    struct atl_job job;
    char name[64];

    (void)state;
    sell("Jill");
    OK(try_send(false));
    OK(try_act(ATL_ACT_CANCEL, &is_repeat));
    job = drain();
    assert_int_equal(job.state, ATL_JOB_HELD);
    assert_non_null(strstr(job.why, "only while its piece is to be made"));
    assert_int_equal(files(name), 0);
}

static void a_folder_that_is_away_is_waited_for(void **state)
{
    struct atl_job job;

    (void)state;
    sell("Jill");
    assert_int_equal(rmdir(folder), 0);
    OK(try_send(false));
    job = drain();
    assert_int_equal(job.state, ATL_JOB_QUEUED);
    assert_int_equal(mkdir(folder, 0700), 0);
    now_ms += 2000;
    assert_int_equal(drain().state, ATL_JOB_SENT);
}

// What the till says of the machine; "": all is well.
static const char *said(const char *language)
{
    const struct atl_shop_device device = {"machine", "left"};
    struct atl_shop_health health = {.is_dead = false};
    const char *words;

    OK(atl_devices_find(shop.store, "left", &health.device, &fixture_error));
    words = atl_shop_health_say(&health, &device, language, &arena);
    return words ? words : "";
}

// A stick that a person has to look after is told of, and waited for as long as it takes.
static void what_is_wrong_with_the_stick_is_said_in_the_tills_language(void **state)
{
    struct atl_job job;

    (void)state;
    sell("Jill");
    snprintf(machine->link, sizeof machine->link, "dir:%.180s/gone", folder);
    OK(try_send(false));
    job = drain();
    assert_int_equal(job.state, ATL_JOB_QUEUED);
    assert_non_null(
        strstr(said("en"), "there is no such folder: make it, or mount what it stands"));
    assert_string_equal(said("fr"),
                        "left\u00A0: son dossier est absent\u00A0: branchez la clé ou le "
                        "partage, ou faites-le créer.");
    assert_string_equal(said("ja-JP"),
                        "left：フォルダーがありません。USBメモリーか共有を接続するか、"
                        "作成をご依頼ください。");
}

// The machine's own profile, but that it shows no more designs than so many.
static void use_profile_of_few_files(void)
{
    char line[256];
    FILE *from = fopen(ATL_SOURCE_DIR "/drivers/embroidery/machines/brother-pr1055x.machine", "r");
    FILE *into = fopen("few.machine", "w");

    assert_non_null(from);
    assert_non_null(into);
    while (fgets(line, sizeof line, from))
        fputs(line, into);
    fprintf(into, "files_max = %d\n", FEW_FILES);
    fclose(from);
    assert_int_equal(fclose(into), 0);
    assert_non_null(getcwd(machine->profile, sizeof machine->profile - 16));
    strcat(machine->profile, "/few.machine");
}

// Full is for a person, too: it was tried five times and then held, and the till heard of nothing.
static void a_folder_with_too_many_designs_is_told_and_waited_for(void **state)
{
    char path[ATL_CONFIG_PATH_BYTES + 80];
    char text[ATL_NOTE_SIZE];
    struct atl_job job;
    char name[16];

    (void)state;
    use_profile_of_few_files();
    for (int i = 0; i < FEW_FILES; i++) {
        snprintf(name, sizeof name, "A%03d.PES", i);
        path_of(name, path);
        fclose(fopen(path, "w"));
    }
    sell("Jill");
    OK(try_send(false));
    for (int i = 0; i < 7; i++, now_ms += 900000) {
        job = drain();
        assert_int_equal(job.state, ATL_JOB_QUEUED);
    }
    snprintf(text, sizeof text, "%s", said("fr"));
    assert_non_null(strstr(text, "effacez-en sur la machine"));
    path_of("A000.PES", path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(drain().state, ATL_JOB_SENT);
    assert_string_equal(said("fr"), "");
}

static void a_machine_is_found_by_name_and_by_the_code_beside_it(void **state)
{
    char code[ATL_NAME_CODE_CAP];

    (void)state;
    OK(atl_place_code_make("left", code, &fixture_error));
    assert_ptr_equal(atl_shop_machine(&shop, code), machine);
    assert_ptr_equal(atl_shop_machine(&shop, "left"), machine);
    assert_ptr_equal(atl_shop_machine(&shop, "Left"), machine);
    assert_null(atl_shop_machine(&shop, "right"));
    assert_null(atl_shop_machine(&shop, ""));
    assert_null(atl_shop_machine(&shop, "\xff\x01"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MACHINE_TEST(a_design_is_one_file_under_the_machines_name_and_said_so),
        MACHINE_TEST(what_we_wrote_ourselves_is_written_over),
        MACHINE_TEST(a_name_that_a_stranger_has_is_not_taken),
        MACHINE_TEST(sent_twice_asks_and_a_remake_does_not),
        MACHINE_TEST(a_piece_that_was_cancelled_meanwhile_is_held),
        MACHINE_TEST(a_folder_that_is_away_is_waited_for),
        MACHINE_TEST(what_is_wrong_with_the_stick_is_said_in_the_tills_language),
        MACHINE_TEST(a_folder_with_too_many_designs_is_told_and_waited_for),
        MACHINE_TEST(a_machine_is_found_by_name_and_by_the_code_beside_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
