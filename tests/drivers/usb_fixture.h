// SPDX-License-Identifier: Apache-2.0
// One printer of usb_mock.h for each test, a job for it, and the judge of its paper.
#ifndef ATL_TESTS_DRIVERS_USB_FIXTURE_H
#define ATL_TESTS_DRIVERS_USB_FIXTURE_H

#include "drivers/link.h"
#include "tests/drivers/usb_mock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { JOB_BYTES = 70001 };

struct usb_bench {
    struct usb_mock printer; // plugged in
    uint8_t job[JOB_BYTES];  // no two stretches of it are alike
};

int usb_bench_set_up(void **state);
int usb_bench_tear_down(void **state);
#define USB_TEST(test) cmocka_unit_test_setup_teardown(test, usb_bench_set_up, usb_bench_tear_down)

// Another printer in the place of the one that was there.
void usb_bench_renew(struct usb_bench *bench);

struct atl_link *usb_bench_open(struct usb_bench *bench, const char *uri);

// Closes, and demands that everything was given back: each transfer reaped, the interface released.
void usb_bench_close(struct usb_bench *bench, struct atl_link *link);

// Whether the paper is the first `len` bytes of the job: none lost, none twice.
bool usb_bench_is_exact(const struct usb_bench *bench, size_t len);

#endif
