// SPDX-License-Identifier: Apache-2.0
// The control of the fuzzers: a JEF reader that drifts by a tenth of a millimetre is caught by what
// they ask of every input. The drifting reader takes the place of ours in this program alone.
#include "tests/embroidery/drifting_jef.h"
#include "tests/embroidery/fuzz_body.h"
#include "tests/embroidery/plans.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

// What the fuzzer's function does to the process that calls it.
static int signal_of(const struct atl_buf *file)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        fuzz_format("jef", file->data, file->len);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void a_reader_that_drifts_is_caught_and_ours_is_not(void **state)
{
    struct atl_thread thread = plan_thread(0);
    struct atl_plan plan;
    struct atl_buf file;

    (void)state;
    atl_plan_init(&plan);
    atl_plan_thread(&plan, &thread);
    for (int32_t i = -5; i <= 5; i++)
        atl_plan_stitch(&plan, 20 * i, i % 2);
    atl_plan_end(&plan);
    atl_buf_init(&file, 1 << 16);
    assert_int_equal(
        atl_stitch_format_find("jef")->write(&plan, &atl_stitch_rules_default, NULL, &file, NULL),
        ATL_OK);
    assert_int_equal(signal_of(&file), 0);
    drifting_jef_drifts = true;
    assert_int_equal(signal_of(&file), SIGABRT);
    atl_buf_free(&file);
    atl_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_that_drifts_is_caught_and_ours_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
