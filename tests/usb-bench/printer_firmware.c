// SPDX-License-Identifier: Apache-2.0
// What every printer has: an input buffer, a mechanism with its speed, and papers that come out.
#include "tests/usb-bench/printer.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool printer_stands(const struct printer *printer)
{
    return printer->state.is_paper_out || printer->state.is_cover_open;
}

void printer_answer(struct printer *printer, const void *bytes, size_t len)
{
    if (printer->state.is_silent || printer->answer_count == ANSWERS_MAX || len > ANSWER_BYTES)
        return;
    memcpy(printer->answers[printer->answer_count], bytes, len);
    printer->answer_len[printer->answer_count++] = len;
}

void printer_put(struct printer *printer, const uint8_t *bytes, size_t len)
{
    if (len > STRIP_BYTES - printer->strip_len) // a job without end: keep its beginning
        len = STRIP_BYTES - printer->strip_len;
    memcpy(printer->strip + printer->strip_len, bytes, len);
    printer->strip_len += len;
}

void printer_end_paper(struct printer *printer, bool is_whole)
{
    char path[256];
    int fd;

    printer->is_torn = printer->picture_left > 0;
    if (!printer->strip_len)
        return;
    (void)snprintf(path, sizeof path, "%s/%04u.%s", printer->folder, ++printer->papers,
                   is_whole ? "whole" : "half");
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, printer->strip, printer->strip_len) != (ssize_t)printer->strip_len)
        perror(path);
    if (fd >= 0)
        close(fd);
    printer->strip_len = 0;
}

void printer_power_cycle(struct printer *printer)
{
    printer_end_paper(printer, false);
    printer->buffered = 0;
    printer->picture_left = 0;
    printer->tells_unasked = false;
    printer->answer_count = 0;
    memset(printer->last, 0, sizeof printer->last);
}

void printer_take(struct printer *printer, const uint8_t *bytes, size_t len)
{
    if (printer->received_fd >= 0 && write(printer->received_fd, bytes, len) != (ssize_t)len)
        perror("received");
    printer->received += len;
    for (size_t i = 0; i < len; i++) {
        memmove(printer->last, printer->last + 1, sizeof printer->last - 1);
        printer->last[sizeof printer->last - 1] = bytes[i];
        printer->model->language->hear(printer, bytes[i]);
    }
    memcpy(printer->buffer + printer->buffered, bytes, len); // gadget.c asks for room first
    printer->buffered += len;
}

// The roll ends in the middle of whatever it prints.
static size_t until_the_roll_ends(const struct printer *printer, size_t len)
{
    const long left = printer->state.paper_left;

    return left >= 0 && (size_t)left < len ? (size_t)left : len;
}

static void use_paper(struct printer *printer, size_t len)
{
    printer->printed += len;
    if (printer->state.paper_left < 0)
        return;
    printer->state.paper_left -=
        (long)len < printer->state.paper_left ? (long)len : printer->state.paper_left;
    if (printer->state.paper_left > 0)
        return;
    printer->state.paper_left = -1;
    printer->state.is_paper_out = true;
    if (printer->model->language->changed)
        printer->model->language->changed(printer);
}

bool printer_work(struct printer *printer, unsigned ms)
{
    size_t may = printer->state.bytes_a_ms ? (size_t)printer->state.bytes_a_ms * ms : BUFFER_BYTES;
    size_t at = 0, done = 1;

    while (done && may && !printer_stands(printer) && at < printer->buffered) {
        size_t seen = until_the_roll_ends(printer, printer->buffered - at);

        // A command may be longer than what is allowed now; a picture is taken row by row.
        if (printer->picture_left && seen > may)
            seen = may;
        done = printer->model->language->work(printer, printer->buffer + at, seen);
        if (!done && seen < printer->buffered - at && printer->state.paper_left >= 0)
            done = printer->model->language->work(printer, printer->buffer + at,
                                                  printer->buffered - at);
        at += done;
        may -= done < may ? done : may;
        use_paper(printer, done);
    }
    printer->buffered -= at;
    memmove(printer->buffer, printer->buffer + at, printer->buffered);
    return printer->buffered && done && !printer_stands(printer);
}
