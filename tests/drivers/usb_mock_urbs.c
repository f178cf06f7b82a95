// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/usb_mock_urbs.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <string.h>

struct usb_mock_urb {
    UMockdevIoctlData *data;
    struct usb_mock_urb *next;
    int done; // bytes of a transfer that goes on
};

static struct usbdevfs_urb *urb_of(const struct usb_mock_urb *urb)
{
    return (struct usbdevfs_urb *)(void *)urb->data->data;
}

static bool is_in(const struct usb_mock_urb *urb)
{
    return urb_of(urb)->endpoint & 0x80;
}

static void count(struct usb_mock *mock, const struct usb_mock_urb *urb, int by)
{
    if (urb_of(urb)->type == USBDEVFS_URB_TYPE_CONTROL)
        return;
    if (is_in(urb))
        mock->in_pending += (unsigned)by;
    else
        mock->out_pending += (unsigned)by;
}

static void append(struct usb_mock_urb **list, struct usb_mock_urb *urb)
{
    while (*list)
        list = &(*list)->next;
    urb->next = NULL;
    *list = urb;
}

static void end(struct usb_mock *mock, struct usb_mock_urb *urb, int status, int actual)
{
    struct usb_mock_urb **at = &mock->first;

    while (*at != urb)
        at = &(*at)->next;
    *at = urb->next;
    urb_of(urb)->status = status;
    urb_of(urb)->actual_length = actual;
    count(mock, urb, -1);
    append(&mock->ended, urb);
}

// ---- Requests of the printer class ----

static void do_control(struct usb_mock *mock, struct usb_mock_urb *urb)
{
    uint8_t *setup = urb_of(urb)->buffer;
    const size_t want = (size_t)(setup[6] | setup[7] << 8);
    size_t len = mock->device_id_len < want ? mock->device_id_len : want;

    if (setup[0] == 0xa1 && setup[1] == 0 && mock->device_id) {
        memcpy(setup + 8, mock->device_id, len);
        end(mock, urb, 0, (int)len);
    } else if (setup[0] == 0xa1 && setup[1] == 1 && want >= 1 && mock->port_status >= 0) {
        setup[8] = (uint8_t)mock->port_status;
        end(mock, urb, 0, 1);
    } else if (setup[0] == 0x23 && setup[1] == 2) { // as printers of class version 1.0 want it
        mock->soft_resets++;
        end(mock, urb, 0, 0);
    } else {
        end(mock, urb, -EPIPE, 0);
    }
}

// ---- Pipes ----

static void do_in(struct usb_mock *mock, struct usb_mock_urb *urb)
{
    struct usbdevfs_urb *raw = urb_of(urb);
    size_t len = mock->answer_len;

    if (mock->stall_in > 0 || mock->is_in_halted) {
        if (!mock->is_in_halted)
            mock->stall_in--;
        mock->is_in_halted = true;
        end(mock, urb, -EPIPE, 0);
        return;
    }
    if (!len)
        return;
    if (mock->answer_overflows) {
        mock->answer_overflows = false;
        mock->answer_len = 0;
        end(mock, urb, -EOVERFLOW, 0);
        return;
    }
    len = len < (size_t)raw->buffer_length ? len : (size_t)raw->buffer_length;
    if (mock->gone_after_in >= 0 && mock->answered + len >= (size_t)mock->gone_after_in) {
        len = (size_t)mock->gone_after_in - mock->answered;
        mock->is_gone = true;
    }
    memcpy(raw->buffer, mock->answer, len);
    memmove(mock->answer, mock->answer + len, mock->answer_len - len);
    mock->answer_len -= len;
    mock->answered += len;
    end(mock, urb, mock->is_gone ? -ESHUTDOWN : 0, (int)len);
}

// A question comes in a transfer of its own.
static void answer_question(struct usb_mock *mock, const uint8_t *bytes, size_t len)
{
    if (len != 3 || !mock->status[0])
        return;
    if (bytes[0] == 0x10 && bytes[1] == 4 && bytes[2] >= 1 && bytes[2] <= 4)
        mock->answer[mock->answer_len++] = mock->status[bytes[2] - 1];
    if (bytes[0] == 0x1d && bytes[1] == 'r' && bytes[2] == 1)
        mock->answer[mock->answer_len++] = 0;
}

static void take_paper(struct usb_mock *mock, struct usb_mock_urb *urb, size_t len)
{
    const uint8_t *bytes = (const uint8_t *)urb_of(urb)->buffer + urb->done;

    for (size_t i = 0; i < len && mock->paper_len < USB_MOCK_PAPER_MAX; i++) {
        mock->paper[mock->paper_len++] = bytes[i];
        if (mock->answers_echo && mock->paper_len % 16 == 0 &&
            mock->answer_len < sizeof mock->answer)
            mock->answer[mock->answer_len++] = (uint8_t)('a' + mock->paper_len / 16 % 26);
    }
    answer_question(mock, bytes, len);
    urb->done += (int)len;
}

// The first fault within the next bytes: where, and the status it ends the transfer with.
static size_t next_fault(const struct usb_mock *mock, size_t len, int *status)
{
    const struct {
        long at;
        int status;
    } faults[] = {
        {mock->gone_after_out,  -ESHUTDOWN  },
        {mock->stall_after_out, -EPIPE      },
        {mock->break_after_out, -EPROTO     },
        {mock->hold_after_out,  -EINPROGRESS},
    };

    *status = 0;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (faults[i].at < 0 || (size_t)faults[i].at > mock->paper_len + len)
            continue;
        if ((size_t)faults[i].at == mock->paper_len + len && faults[i].status == -EINPROGRESS)
            continue;
        len = (size_t)faults[i].at > mock->paper_len ? (size_t)faults[i].at - mock->paper_len : 0;
        *status = faults[i].status;
    }
    return len;
}

static void do_out(struct usb_mock *mock, struct usb_mock_urb *urb)
{
    const struct usbdevfs_urb *raw = urb_of(urb);
    int status;
    size_t len;

    if (mock->is_halted) {
        end(mock, urb, -EPIPE, 0);
        return;
    }
    len = next_fault(mock, (size_t)(raw->buffer_length - urb->done), &status);
    take_paper(mock, urb, len);
    if (status == -EINPROGRESS)
        return; // it says "not now" to every further packet
    if (status == -ESHUTDOWN)
        mock->is_gone = true;
    if (status == -EPIPE) {
        mock->is_halted = true;
        mock->stall_after_out = USB_MOCK_NEVER;
    }
    if (status == -EPROTO)
        mock->break_after_out = USB_MOCK_NEVER;
    mock->zero_packets += !status && raw->flags & USBDEVFS_URB_ZERO_PACKET;
    end(mock, urb, status, urb->done);
}

static void step(struct usb_mock *mock)
{
    for (struct usb_mock_urb *urb = mock->first, *next; urb; urb = next) {
        next = urb->next;
        if (mock->is_gone)
            end(mock, urb, -ESHUTDOWN, urb->done);
        else if (urb_of(urb)->type == USBDEVFS_URB_TYPE_CONTROL)
            do_control(mock, urb);
        else if (is_in(urb))
            do_in(mock, urb);
        else
            do_out(mock, urb);
    }
}

// ---- From the kernel's side ----

void usb_mock_urbs_submit(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    struct usb_mock_urb *urb = g_new0(struct usb_mock_urb, 1);
    UMockdevIoctlData *buffer;

    urb->data = umockdev_ioctl_data_resolve(arg, 0, sizeof(struct usbdevfs_urb), NULL);
    buffer = umockdev_ioctl_data_resolve(urb->data, offsetof(struct usbdevfs_urb, buffer),
                                         (gsize)urb_of(urb)->buffer_length, NULL);
    if (buffer)
        g_object_unref(buffer); // the URB keeps it
    append(&mock->first, urb);
    count(mock, urb, 1);
}

bool usb_mock_urbs_reap(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    struct usb_mock_urb *urb;
    UMockdevIoctlData *pointer;

    step(mock);
    urb = mock->ended;
    if (!urb)
        return false;
    mock->ended = urb->next;
    mock->reaps++;
    pointer = umockdev_ioctl_data_resolve(arg, 0, sizeof(void *), NULL);
    umockdev_ioctl_data_set_ptr(pointer, 0, urb->data); // copies the URB and its bytes back
    g_object_unref(pointer);
    g_object_unref(urb->data);
    g_free(urb);
    return true;
}

bool usb_mock_urbs_discard(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    for (struct usb_mock_urb *urb = mock->first; urb; urb = urb->next)
        if (urb->data->client_addr == *(unsigned long *)(void *)arg->data) {
            mock->discards++;
            if (!is_in(urb))
                mock->hold_after_out += mock->hold_step;
            end(mock, urb, -ENOENT, urb->done);
            return true;
        }
    return false;
}

void usb_mock_urbs_kill(struct usb_mock *mock)
{
    for (struct usb_mock_urb *urb = mock->first, *next; urb; urb = next) {
        next = urb->next;
        end(mock, urb, -ENOENT, urb->done);
    }
}

static void free_list(struct usb_mock_urb **list)
{
    while (*list) {
        struct usb_mock_urb *urb = *list;

        *list = urb->next;
        g_object_unref(urb->data);
        g_free(urb);
    }
}

void usb_mock_urbs_free(struct usb_mock *mock)
{
    free_list(&mock->first);
    free_list(&mock->ended);
}
