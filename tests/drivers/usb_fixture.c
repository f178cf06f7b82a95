// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/usb_fixture.h"

#include <string.h>

int usb_bench_set_up(void **state)
{
    struct usb_bench *bench = test_calloc(1, sizeof *bench);
    uint32_t seed = 20261125;

    for (size_t i = 0; i < JOB_BYTES; i++) {
        seed = seed * 1664525u + 1013904223u;
        bench->job[i] = (uint8_t)(seed >> 24);
    }
    usb_mock_begin();
    usb_mock_init(&bench->printer, "1-1", 2, "J4NF0001");
    usb_mock_plug(&bench->printer);
    *state = bench;
    return 0;
}

int usb_bench_tear_down(void **state)
{
    struct usb_bench *bench = *state;

    usb_mock_free(&bench->printer);
    usb_mock_end();
    test_free(bench);
    return 0;
}

void usb_bench_renew(struct usb_bench *bench)
{
    const unsigned address = bench->printer.address + 1;

    usb_mock_free(&bench->printer);
    usb_mock_init(&bench->printer, "1-1", address, "J4NF0001");
    usb_mock_plug(&bench->printer);
}

struct atl_link *usb_bench_open(struct usb_bench *bench, const char *uri)
{
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    (void)bench;
    if (atl_link_open(uri, &link, &err))
        fail_msg("%s: %s", uri, err.text);
    return link;
}

void usb_bench_close(struct usb_bench *bench, struct atl_link *link)
{
    link->ops->close(link);
    assert_int_equal(bench->printer.submits, bench->printer.reaps);
    assert_int_equal(bench->printer.in_pending + bench->printer.out_pending, 0);
    assert_true(bench->printer.is_gone || !bench->printer.is_claimed);
}

bool usb_bench_is_exact(const struct usb_bench *bench, size_t len)
{
    bool is_exact;

    usb_mock_lock();
    is_exact =
        bench->printer.paper_len == len && memcmp(bench->printer.paper, bench->job, len) == 0;
    usb_mock_unlock();
    return is_exact;
}
