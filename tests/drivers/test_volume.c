// SPDX-License-Identifier: Apache-2.0
// Delivery to a folder and to a removable volume: recognised in a made-up /sys, mounted by a
// made-up udisksctl. openat, write, fsync, renameat and read are wrapped: they fail, hang, lie or
// end the process where a test says so.
#include "drivers/link/volume.h"
#include "drivers/link/volume_parts.h"
#include "tests/support/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

enum { DESIGN_BYTES = 70000, PATH_CAP = 300 };

static uint8_t design[DESIGN_BYTES];
static const char *const names[] = {"K7F2A1_2.PES", "K7F2A112.PES"};
static const char *const finished[] = {"SEWN.PES", "OLDER.PES"};

// ---- What goes wrong ----

enum trouble { NONE, FAILS, HANGS, KILLED, LIES };
enum call { MAKE, WRITE, FSYNC, RENAME, READ, CALLS };
static struct {
    enum trouble trouble;
    enum call call;
    int why;
    unsigned at;        // the number of the call from 0; with KILLED over all calls
    const char *pulled; // the device as the kernel lists it, which goes when the call fails
} plan;
static unsigned seen[CALLS], seen_all;

int __real_openat(int folder, const char *name, int flags, ...);
int __wrap_openat(int folder, const char *name, int flags, ...);
ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_renameat(int from, const char *old, int to, const char *name);
int __wrap_renameat(int from, const char *old, int to, const char *name);
ssize_t __real_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len);

// True: this call fails, with errno.
static bool strikes(enum call call)
{
    unsigned number = seen[call]++;

    if (plan.trouble == KILLED && seen_all++ == plan.at)
        raise(SIGKILL);
    if (plan.call != call || number != plan.at || plan.trouble == NONE || plan.trouble == KILLED)
        return false;
    if (plan.trouble == HANGS)
        poll(NULL, 0, -1);
    if (plan.pulled)
        (void)unlink(plan.pulled);
    errno = plan.why;
    return plan.trouble == FAILS;
}

int __wrap_openat(int folder, const char *name, int flags, ...)
{
    if (!(flags & O_CREAT))
        return __real_openat(folder, name, flags);
    return strikes(MAKE) ? -1 : __real_openat(folder, name, flags, 0644);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
    if (!strikes(WRITE))
        return __real_write(fd, bytes, len);
    (void)!__real_write(fd, bytes, len / 2); // as much as there was room for
    errno = plan.why;
    return -1;
}

int __wrap_fsync(int fd)
{
    return strikes(FSYNC) ? -1 : __real_fsync(fd);
}

int __wrap_renameat(int from, const char *old, int to, const char *name)
{
    return strikes(RENAME) ? -1 : __real_renameat(from, old, to, name);
}

ssize_t __wrap_read(int fd, void *bytes, size_t len)
{
    ssize_t got = __real_read(fd, bytes, len);

    if (plan.trouble == LIES && got > 1000)
        ((uint8_t *)bytes)[999] ^= 1;
    return got;
}

// ---- The bench ----

struct bench {
    char root[PATH_CAP];
    char uri[PATH_CAP + 8];
    struct atl_machine machine;
    struct atl_delivery what;
    struct atl_volume_options options;
    struct atl_delivery_report report;
    struct atl_error err;
    unsigned begun;
    atl_code begin_says;
};

static atl_code begin(void *context, const char *where, const char *name, struct atl_error *err)
{
    struct bench *bench = context;

    assert_true(where[0] && name[0]);
    bench->begun++;
    return bench->begin_says ? atl_fail(err, bench->begin_says, "the order has moved on") : ATL_OK;
}

static void start(struct bench *bench)
{
    memset(&plan, 0, sizeof plan);
    memset(seen, 0, sizeof seen);
    seen_all = 0;
    for (size_t i = 0; i < sizeof design; i++)
        design[i] = (uint8_t)(i * 31 + i / 251);
    memset(bench, 0, sizeof *bench);
    bench->machine = (struct atl_machine){.name = "Test machine"};
    bench->what = (struct atl_delivery){.machine = &bench->machine,
                                        .names = names,
                                        .name_count = 2,
                                        .bytes = design,
                                        .len = sizeof design,
                                        .finished = finished,
                                        .finished_count = 2,
                                        .begin = begin,
                                        .context = bench};
    bench->options = (struct atl_volume_options){.appear_ms = 50, .slow_ms = 20000};
    assert_non_null(getcwd(bench->root, sizeof bench->root - 32));
    strncat(bench->root, "/volume", 16);
    tree_remove(bench->root);
    assert_int_equal(mkdir(bench->root, 0755), 0);
    snprintf(bench->uri, sizeof bench->uri, "dir:%s", bench->root);
}

static atl_code deliver(struct bench *bench)
{
    memset(seen, 0, sizeof seen);
    seen_all = 0;
    bench->begun = 0;
    bench->err = (struct atl_error){0};
    return atl_volume_deliver(bench->uri, &bench->what, &bench->options, &bench->report,
                              &bench->err);
}

static void put_text(const struct bench *bench, const char *name, const char *text)
{
    char path[PATH_CAP * 2];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", bench->root, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool is_there(const struct bench *bench, const char *name)
{
    char path[PATH_CAP * 2];

    snprintf(path, sizeof path, "%s/%s", bench->root, name);
    return access(path, F_OK) == 0;
}

// -1: not there; 0: something else; 1: the design, whole.
static int look(const struct bench *bench, const char *name)
{
    static uint8_t back[DESIGN_BYTES + 1];
    char path[PATH_CAP * 2];
    size_t len;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", bench->root, name);
    file = fopen(path, "r");
    if (!file)
        return -1;
    plan.trouble = NONE;
    len = fread(back, 1, sizeof back, file);
    fclose(file);
    return len == sizeof design && memcmp(back, design, len) == 0;
}

static unsigned count_working(const struct bench *bench)
{
    DIR *folder = opendir(bench->root);
    const struct dirent *entry;
    unsigned count = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)))
        count += volume_is_working_name(entry->d_name);
    closedir(folder);
    return count;
}

static void assert_whole(struct bench *bench, const char *name)
{
    if (bench->err.code)
        print_error("%s\n", bench->err.text);
    assert_int_equal(bench->err.code, ATL_OK);
    assert_int_equal(bench->report.state, ATL_DELIVERY_WHOLE);
    assert_string_equal(bench->report.name, name);
    assert_int_equal(bench->begun, 1);
    assert_int_equal(look(bench, name), 1);
    assert_int_equal(count_working(bench), 0);
}

static void assert_refused(struct bench *bench, atl_code code, const char *words)
{
    atl_code rc = deliver(bench);

    if (rc != code || !strstr(bench->err.text, words))
        print_error("\"%s\" is not in \"%s\"\n", words, bench->err.text);
    assert_int_equal(rc, code);
    assert_non_null(strstr(bench->err.text, words));
    assert_int_equal(bench->report.state, ATL_DELIVERY_UNTOUCHED);
    assert_int_equal(bench->begun, 0);
    assert_int_equal(look(bench, names[0]) == 1, 0);
}

// ---- A folder ----

static void a_design_is_written_to_a_folder(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    (void)deliver(&bench);
    assert_whole(&bench, "K7F2A1_2.PES");
    assert_true(bench.report.is_let_go);
    assert_true(bench.report.free_bytes > 0);
    assert_string_equal(bench.report.where, bench.root);
}

static void finished_designs_and_leftovers_go_and_nothing_else(void **state)
{
    struct bench bench;
    char working[VOLUME_WORKING_NAME_CAP];

    (void)state;
    start(&bench);
    volume_working_name("OTHER.PES", working);
    put_text(&bench, working, "half a design");
    put_text(&bench, "SEWN.PES", "x");
    put_text(&bench, "older.pes", "x");
    put_text(&bench, "KEPT.PES", "x");
    put_text(&bench, "ATL_HELP.TMP", "somebody else's");
    (void)deliver(&bench);
    assert_whole(&bench, "K7F2A1_2.PES");
    assert_int_equal(bench.report.removed, 2);
    assert_false(is_there(&bench, "SEWN.PES"));
    assert_false(is_there(&bench, "older.pes"));
    assert_true(is_there(&bench, "KEPT.PES"));
    assert_true(is_there(&bench, "ATL_HELP.TMP"));
}

static void a_name_that_is_taken_is_left_and_the_next_one_used(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    put_text(&bench, "k7f2a1_2.pes", "another design");
    (void)deliver(&bench);
    assert_whole(&bench, "K7F2A112.PES");
    bench.what.name_count = 1;
    assert_refused(&bench, ATL_E_CONFLICT, "already a design K7F2A1_2.PES");
    assert_true(is_there(&bench, "k7f2a1_2.pes"));
}

static void ours_of_an_earlier_try_is_written_over(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    put_text(&bench, "K7F2A1_2.PES", "half a design");
    bench.what.may_replace = true;
    (void)deliver(&bench);
    assert_whole(&bench, "K7F2A1_2.PES");
}

static void a_machines_folder_is_made_only_where_its_profile_says_so(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    snprintf(bench.machine.folder, sizeof bench.machine.folder, "EMB/Embf");
    assert_refused(&bench, ATL_E_NOT_FOUND, "let the machine format the stick");
    assert_false(is_there(&bench, "EMB"));
    bench.machine.folder_make = true;
    (void)deliver(&bench);
    assert_int_equal(bench.err.code, ATL_OK);
    assert_int_equal(look(&bench, "EMB/Embf/K7F2A1_2.PES"), 1);
}

static void too_many_files_are_said_before(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    bench.machine.files_max = 2;
    put_text(&bench, "A.PES", "x");
    put_text(&bench, "B.PES", "x");
    put_text(&bench, "C.JPG", "x");
    assert_refused(&bench, ATL_E_FULL, "shows 2");
    bench.machine.files_max = 3;
    (void)deliver(&bench);
    assert_whole(&bench, "K7F2A1_2.PES");
}

static void what_is_asked_wrongly_is_refused_with_a_sentence(void **state)
{
    static const char *const wrong[] = {"../A.PES", "A",    "a.pes",       "A.PES/",
                                        "A.LONG",   ".PES", "ATL_00FF.TMP"};
    struct bench bench;

    (void)state;
    start(&bench);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bench.what.names = &wrong[i];
        bench.what.name_count = 1;
        assert_refused(&bench, ATL_E_INVALID, "is no name of a design");
    }
    bench.what.names = names;
    bench.what.len = 0;
    assert_refused(&bench, ATL_E_INVALID, "0 bytes");
    bench.what.len = 1;
    snprintf(bench.uri, sizeof bench.uri, "dir:relative");
    assert_refused(&bench, ATL_E_INVALID, "whole path");
    snprintf(bench.uri, sizeof bench.uri, "dir:/no/such/folder");
    assert_refused(&bench, ATL_E_NOT_FOUND, "no such folder");
    snprintf(bench.uri, sizeof bench.uri, "ftp://x");
    assert_refused(&bench, ATL_E_UNSUPPORTED, "write dir:/path");
}

static void a_design_for_a_larger_hoop_is_refused_before_the_volume_is_looked_for(void **state)
{
    struct atl_hoop large = {.name = "large", .width_dmm = 1000, .height_dmm = 1000};
    struct atl_plan sewn;
    struct bench bench;

    (void)state;
    start(&bench);
    atl_plan_init(&sewn);
    atl_plan_stitch(&sewn, -400, 0);
    atl_plan_stitch(&sewn, 400, 0);
    bench.machine.hoops[0] =
        (struct atl_hoop){.name = "small", .width_dmm = 500, .height_dmm = 500};
    bench.machine.hoop_count = 1;
    bench.machine.stitches_max = bench.machine.colours_max = 1000;
    bench.what.plan = &sewn;
    assert_refused(&bench, ATL_E_INVALID, "make it smaller");
    snprintf(bench.uri, sizeof bench.uri, "dir:/no/such/folder");
    assert_refused(&bench, ATL_E_INVALID, "make it smaller");
    bench.machine.hoops[0] = large;
    snprintf(bench.uri, sizeof bench.uri, "dir:%s", bench.root);
    (void)deliver(&bench);
    assert_whole(&bench, names[0]);
    atl_plan_free(&sewn);
}

static void the_journal_may_say_no(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    put_text(&bench, "SEWN.PES", "x");
    bench.begin_says = ATL_E_CONFLICT;
    assert_int_equal(deliver(&bench), ATL_E_CONFLICT);
    assert_string_equal(bench.err.text, "the order has moved on");
    assert_int_equal(bench.report.state, ATL_DELIVERY_UNTOUCHED);
    assert_int_equal(bench.begun, 1);
    assert_true(is_there(&bench, "SEWN.PES"));
    assert_int_equal(look(&bench, names[0]), -1);
}

static void two_deliveries_at_once_are_one_and_a_busy_one(void **state)
{
    struct bench bench;
    int folder;

    (void)state;
    start(&bench);
    folder = open(bench.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(flock(folder, LOCK_EX), 0);
    assert_refused(&bench, ATL_E_BUSY, "another delivery");
    close(folder);
    (void)deliver(&bench);
    assert_whole(&bench, names[0]);
}

static void each_failure_has_its_words_and_no_half_design(void **state)
{
    static const struct {
        enum call call;
        int why;
        atl_code code;
        const char *words;
    } rows[] = {
        {MAKE,   ENOSPC, ATL_E_FULL,   "no more files"  },
        {WRITE,  ENOSPC, ATL_E_FULL,   "full"           },
        {WRITE,  EIO,    ATL_E_IO,     "vanished"       },
        {WRITE,  EROFS,  ATL_E_DEVICE, "write-protected"},
        {FSYNC,  EIO,    ATL_E_IO,     "vanished"       },
        {FSYNC,  ENOSPC, ATL_E_FULL,   "full"           },
        {RENAME, ENODEV, ATL_E_IO,     "vanished"       },
        {RENAME, EACCES, ATL_E_IO,     "no right"       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;

        start(&bench);
        plan.trouble = FAILS;
        plan.call = rows[i].call;
        plan.why = rows[i].why;
        assert_int_equal(deliver(&bench), rows[i].code);
        if (!strstr(bench.err.text, rows[i].words))
            print_error("\"%s\" is not in \"%s\"\n", rows[i].words, bench.err.text);
        assert_non_null(strstr(bench.err.text, rows[i].words));
        assert_int_equal(bench.report.state, ATL_DELIVERY_DOUBT);
        assert_int_equal(look(&bench, names[0]), -1);
        plan.trouble = NONE;
        (void)deliver(&bench);
        assert_whole(&bench, names[0]);
    }
}

// A file that stands for the device of the bench's folder in a kernel's list of its own.
static void list_device(struct bench *bench, char path[PATH_CAP])
{
    static char list[PATH_CAP];
    struct stat facts;
    int fd;

    assert_int_equal(stat(bench->root, &facts), 0);
    snprintf(list, sizeof list, "%.200s.sys", bench->root);
    bench->options.sys_path = list;
    (void)mkdir(list, 0755);
    snprintf(path, PATH_CAP, "%.200s/dev", list);
    (void)mkdir(path, 0755);
    snprintf(path, PATH_CAP, "%.200s/dev/block", list);
    (void)mkdir(path, 0755);
    snprintf(path, PATH_CAP, "%.200s/dev/block/%u:%u", list, major(facts.st_dev),
             minor(facts.st_dev));
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    close(fd);
}

static void a_stick_that_was_pulled_out_is_not_called_full(void **state)
{
    static const enum call calls[] = {MAKE, WRITE, FSYNC};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof calls / sizeof calls[0]; i++) {
        const bool is_pulled = i % 2;
        char device[PATH_CAP];
        struct bench bench;

        start(&bench);
        list_device(&bench, device);
        plan.trouble = FAILS;
        plan.call = calls[i / 2];
        plan.why = ENOSPC;
        plan.pulled = is_pulled ? device : NULL;
        assert_int_equal(deliver(&bench), is_pulled ? ATL_E_IO : ATL_E_FULL);
        assert_non_null(strstr(bench.err.text, is_pulled              ? "vanished"
                                               : calls[i / 2] == MAKE ? "no more files"
                                                                      : "full"));
        assert_int_equal(bench.report.state, ATL_DELIVERY_DOUBT);
        tree_remove(bench.options.sys_path);
    }
}

static void a_stick_that_hangs_costs_the_limit_and_not_the_process(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    bench.options.slow_ms = 300;
    plan.trouble = HANGS;
    plan.call = FSYNC;
    assert_int_equal(deliver(&bench), ATL_E_TIMEOUT);
    assert_non_null(strstr(bench.err.text, "see at the machine"));
    assert_int_equal(bench.report.state, ATL_DELIVERY_DOUBT);
    assert_int_equal(look(&bench, names[0]), -1);
}

static void a_delivery_killed_at_any_step_leaves_the_name_missing_or_whole(void **state)
{
    unsigned missing = 0, whole = 0;

    (void)state;
    for (unsigned at = 0;; at++) {
        struct bench bench;

        start(&bench);
        plan.trouble = KILLED;
        plan.at = at;
        if (deliver(&bench) == ATL_OK)
            break; // it was through before that step
        assert_int_equal(bench.err.code, ATL_E_IO);
        assert_non_null(strstr(bench.err.text, "broken off"));
        assert_int_equal(bench.report.state, ATL_DELIVERY_DOUBT);
        missing += look(&bench, names[0]) == -1;
        whole += look(&bench, names[0]) == 1;
        // The next one has another name, and clears up.
        plan.trouble = NONE;
        bench.what.names = &names[1];
        bench.what.name_count = 1;
        (void)deliver(&bench);
        assert_whole(&bench, names[1]);
    }
    assert_true(missing >= 2 && whole >= 1);
}

// The control of the comparison: a medium that gives back one bit wrong.
static void a_medium_that_lies_is_caught(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    plan.trouble = LIES;
    assert_int_equal(deliver(&bench), ATL_E_IO);
    assert_non_null(strstr(bench.err.text, "reads back as something else"));
    assert_int_equal(bench.report.state, ATL_DELIVERY_DOUBT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_design_is_written_to_a_folder),
        cmocka_unit_test(finished_designs_and_leftovers_go_and_nothing_else),
        cmocka_unit_test(a_name_that_is_taken_is_left_and_the_next_one_used),
        cmocka_unit_test(ours_of_an_earlier_try_is_written_over),
        cmocka_unit_test(a_machines_folder_is_made_only_where_its_profile_says_so),
        cmocka_unit_test(too_many_files_are_said_before),
        cmocka_unit_test(what_is_asked_wrongly_is_refused_with_a_sentence),
        cmocka_unit_test(a_design_for_a_larger_hoop_is_refused_before_the_volume_is_looked_for),
        cmocka_unit_test(the_journal_may_say_no),
        cmocka_unit_test(two_deliveries_at_once_are_one_and_a_busy_one),
        cmocka_unit_test(each_failure_has_its_words_and_no_half_design),
        cmocka_unit_test(a_stick_that_was_pulled_out_is_not_called_full),
        cmocka_unit_test(a_stick_that_hangs_costs_the_limit_and_not_the_process),
        cmocka_unit_test(a_delivery_killed_at_any_step_leaves_the_name_missing_or_whole),
        cmocka_unit_test(a_medium_that_lies_is_caught),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
