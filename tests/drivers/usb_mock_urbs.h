// SPDX-License-Identifier: Apache-2.0
// The transfers of a device of usb_mock.h: from submitted to ended to reaped. Under its lock.
#ifndef ATL_TESTS_DRIVERS_USB_MOCK_URBS_H
#define ATL_TESTS_DRIVERS_USB_MOCK_URBS_H

#include "tests/drivers/usb_mock.h"

#include <umockdev.h>

void usb_mock_urbs_submit(struct usb_mock *mock, UMockdevIoctlData *arg);
bool usb_mock_urbs_reap(struct usb_mock *mock, UMockdevIoctlData *arg);    // false: none has ended
bool usb_mock_urbs_discard(struct usb_mock *mock, UMockdevIoctlData *arg); // false: it has ended
void usb_mock_urbs_kill(struct usb_mock *mock); // ends all, as the kernel does at a release
void usb_mock_urbs_free(struct usb_mock *mock);

#endif
