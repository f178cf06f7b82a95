// SPDX-License-Identifier: Apache-2.0
// A disk that lies is caught before anything is in its place.
#include "plugin/sew/stitch_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// What the disk does with what is read back.
static struct {
    size_t flip_at; // this byte comes back as another; 0: none
    bool is_cut;    // the last hundred bytes are missing
    int rename_errno;
} lie;

atl_code __real_sew_file_read(const char *path, size_t most, struct atl_buf *out,
                              struct atl_error *err);
atl_code __wrap_sew_file_read(const char *path, size_t most, struct atl_buf *out,
                              struct atl_error *err);
int __real_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);

atl_code __wrap_sew_file_read(const char *path, size_t most, struct atl_buf *out,
                              struct atl_error *err)
{
    atl_code rc = __real_sew_file_read(path, most, out, err);

    if (!rc && lie.flip_at && lie.flip_at < out->len)
        out->data[lie.flip_at] ^= 1;
    if (!rc && lie.is_cut && out->len > 100)
        out->len -= 100;
    return rc;
}

int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    if (lie.rename_errno) {
        errno = lie.rename_errno;
        return -1;
    }
    return __real_renameat2(from_dir, from, to_dir, to, flags);
}

static struct sew_options options_for(const char *output)
{
    return (struct sew_options){
        .machine = "ricoma-em1010",
        .output = output,
        .data = ATL_SOURCE_DIR "/drivers/embroidery",
    };
}

static struct atl_plan small_plan(void)
{
    struct atl_plan plan;

    atl_plan_init(&plan);
    atl_plan_jump(&plan, -50, -20);
    for (int x = -50; x <= 50; x += 5)
        atl_plan_stitch(&plan, x, x / 5 % 2 ? 20 : -20);
    atl_plan_end(&plan);
    atl_plan_thread(&plan, &(struct atl_thread){.rgb = 0x112233});
    atl_plan_centre(&plan);
    return plan;
}

static int start(void **state)
{
    (void)state;
    memset(&lie, 0, sizeof lie);
    (void)unlink("out.dst");
    return 0;
}

static void what_was_written_is_what_was_meant(void **state)
{
    const struct sew_options options = options_for("out.dst");
    struct atl_plan plan = small_plan();
    struct sew_written written;

    (void)state;
    assert_int_equal(sew_stitch_write(&options, &plan, &written, NULL), ATL_OK);
    assert_true(atl_plan_sews_same(&plan, &written.file.plan));
    assert_int_not_equal(access("out.dst", F_OK), 0); // not yet
    assert_int_equal(sew_file_put(&written.staged, NULL), ATL_OK);
    assert_int_equal(access("out.dst", F_OK), 0);
    sew_written_free(&written);
    atl_plan_free(&plan);
}

// Every byte is turned once, also those that no stitch shows: not one of the lies gets past.
static void a_byte_that_comes_back_wrong_is_caught_wherever_it_is(void **state)
{
    const struct sew_options options = options_for("out.dst");
    struct atl_plan plan = small_plan();
    struct sew_written written;
    size_t size;

    (void)state;
    assert_int_equal(sew_stitch_write(&options, &plan, &written, NULL), ATL_OK);
    size = written.bytes;
    sew_written_free(&written);
    assert_true(size > 512 + 60);
    for (size_t at = 1; at < size; at++) {
        struct atl_error err = {0};
        char beside[sizeof written.staged.beside];

        lie.flip_at = at;
        assert_int_not_equal(sew_stitch_write(&options, &plan, &written, &err), ATL_OK);
        assert_non_null(strstr(err.text, "not to be trusted"));
        snprintf(beside, sizeof beside, "%s", written.staged.beside);
        sew_written_free(&written);
        assert_int_not_equal(access("out.dst", F_OK), 0);
        assert_int_not_equal(access(beside, F_OK), 0); // nothing is left lying about
    }
    atl_plan_free(&plan);
}

static void a_file_that_comes_back_short_is_caught(void **state)
{
    const struct sew_options options = options_for("out.dst");
    struct atl_plan plan = small_plan();
    struct sew_written written;
    struct atl_error err = {0};

    (void)state;
    lie.is_cut = true;
    assert_int_not_equal(sew_stitch_write(&options, &plan, &written, &err), ATL_OK);
    assert_non_null(strstr(err.text, "out.dst"));
    sew_written_free(&written);
    assert_int_not_equal(access("out.dst", F_OK), 0);
    atl_plan_free(&plan);
}

static void who_is_second_does_not_replace_the_first(void **state)
{
    struct sew_options options = options_for("out.dst");
    struct atl_plan plan = small_plan();
    struct sew_written written;
    struct atl_error err = {0};
    FILE *other;

    (void)state;
    assert_int_equal(sew_stitch_write(&options, &plan, &written, NULL), ATL_OK);
    other = fopen("out.dst", "w"); // somebody else, in between
    assert_non_null(other);
    assert_int_equal(fputs("theirs", other) >= 0 && !fclose(other), 1);
    assert_int_equal(sew_file_put(&written.staged, &err), ATL_E_CONFLICT);
    assert_non_null(strstr(err.text, "say --force"));
    lie.rename_errno = EINVAL; // a stick whose file system cannot say "only if it is free"
    assert_int_equal(sew_file_put(&written.staged, &err), ATL_E_CONFLICT);
    sew_written_free(&written);

    lie.rename_errno = 0;
    options.is_forced = true;
    assert_int_equal(sew_stitch_write(&options, &plan, &written, NULL), ATL_OK);
    assert_int_equal(sew_file_put(&written.staged, NULL), ATL_OK);
    sew_written_free(&written);
    atl_plan_free(&plan);
}

static void a_file_system_without_an_exclusive_rename_is_written_to_as_well(void **state)
{
    const struct sew_options options = options_for("out.dst");
    struct atl_plan plan = small_plan();
    struct sew_written written;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(sew_stitch_write(&options, &plan, &written, NULL), ATL_OK);
    lie.rename_errno = EROFS;
    assert_int_equal(sew_file_put(&written.staged, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "write out.dst: Read-only file system"));
    lie.rename_errno = EINVAL;
    assert_int_equal(sew_file_put(&written.staged, NULL), ATL_OK);
    assert_int_equal(access("out.dst", F_OK), 0);
    sew_written_free(&written);
    atl_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_written_is_what_was_meant, start),
        cmocka_unit_test_setup(a_byte_that_comes_back_wrong_is_caught_wherever_it_is, start),
        cmocka_unit_test_setup(a_file_that_comes_back_short_is_caught, start),
        cmocka_unit_test_setup(who_is_second_does_not_replace_the_first, start),
        cmocka_unit_test_setup(a_file_system_without_an_exclusive_rename_is_written_to_as_well,
                               start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
