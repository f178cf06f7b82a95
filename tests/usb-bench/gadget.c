// SPDX-License-Identifier: Apache-2.0
// The cable: a configfs gadget with a FunctionFS function. One packet at a time is asked for, so
// that the printer decides byte by byte what it takes; in the kernel's own asynchronous way, so
// that one thread is enough and a packet that was asked for can be declined again.
#include "tests/usb-bench/printer.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/usb/functionfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CONFIGFS "/sys/kernel/config/usb_gadget"

enum {
    PATH_BYTES = 192,
    REQUEST_DEVICE_ID = 0, // of the printer class
    REQUEST_PORT_STATUS = 1,
    REQUEST_SOFT_RESET = 2,
    PORT_ERROR_FREE = 0x08,
    PORT_SELECTED = 0x10,
    PORT_PAPER_OUT = 0x20,
};

// A transfer that the kernel has in hand.
struct transfer {
    struct iocb iocb;
    uint8_t bytes[PACKET_BYTES];
    bool is_open;
};

struct gadget {
    struct printer *printer;
    char root[PATH_BYTES]; // in configfs
    char folder[PATH_BYTES];
    int ep0, in, out, done;
    aio_context_t queue;
    struct transfer read, write;
    bool is_enabled, is_mounted, is_plugged;
};

// ---- configfs ----

static bool put(const struct gadget *gadget, const char *name, const char *value)
{
    char path[2 * PATH_BYTES];
    bool is_good;
    int fd;

    (void)snprintf(path, sizeof path, "%s/%s", gadget->root, name);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    is_good = fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);
    if (!is_good)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return is_good;
}

static bool put_number(const struct gadget *gadget, const char *name, unsigned value)
{
    char text[16];

    (void)snprintf(text, sizeof text, "0x%04x", value);
    return put(gadget, name, text);
}

static bool make(const struct gadget *gadget, const char *name)
{
    char path[2 * PATH_BYTES];

    (void)snprintf(path, sizeof path, "%s/%s", gadget->root, name);
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return true;
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return false;
}

static bool describe(const struct gadget *gadget)
{
    const struct printer_model *model = gadget->printer->model;

    return make(gadget, "") && put_number(gadget, "idVendor", model->vendor) &&
           put_number(gadget, "idProduct", model->product) &&
           put(gadget, "max_speed", model->is_full_speed ? "full-speed" : "high-speed") &&
           make(gadget, "strings/0x409") &&
           put(gadget, "strings/0x409/manufacturer", model->maker) &&
           put(gadget, "strings/0x409/product", model->title) &&
           (!gadget->printer->serial[0] ||
            put(gadget, "strings/0x409/serialnumber", gadget->printer->serial)) &&
           make(gadget, "configs/c.1");
}

// ---- FunctionFS ----

struct endpoints {
    struct usb_interface_descriptor interface;
    struct usb_endpoint_descriptor_no_audio in, out;
} __attribute__((packed));

struct descriptors {
    struct usb_functionfs_descs_head_v2 head;
    __le32 full_count, high_count;
    struct endpoints full, high;
} __attribute__((packed));

struct strings {
    struct usb_functionfs_strings_head head;
    __le16 language;
    char name[8];
} __attribute__((packed));

static struct endpoints endpoints_of(const struct printer_model *model, uint16_t packet)
{
    const struct usb_endpoint_descriptor_no_audio endpoint = {.bLength = USB_DT_ENDPOINT_SIZE,
                                                              .bDescriptorType = USB_DT_ENDPOINT,
                                                              .bmAttributes =
                                                                  USB_ENDPOINT_XFER_BULK,
                                                              .wMaxPacketSize = htole16(packet)};
    struct endpoints all = {
        .interface = {.bLength = USB_DT_INTERFACE_SIZE,
                      .bDescriptorType = USB_DT_INTERFACE,
                      .bNumEndpoints = 2,
                      .bInterfaceClass =
                          model->is_vendor_class ? USB_CLASS_VENDOR_SPEC : USB_CLASS_PRINTER,
                      .bInterfaceSubClass = model->is_vendor_class ? 0 : 1,
                      .bInterfaceProtocol = model->is_vendor_class ? 0 : model->protocol,
                      .iInterface = 1},
        .in = endpoint,
        .out = endpoint
    };

    all.in.bEndpointAddress = 1 | USB_DIR_IN;
    all.out.bEndpointAddress = 2 | USB_DIR_OUT;
    return all;
}

static bool write_descriptors(const struct gadget *gadget)
{
    const struct descriptors descriptors = {
        .head = {.magic = htole32(FUNCTIONFS_DESCRIPTORS_MAGIC_V2),
                 .length = htole32(sizeof descriptors),
                 .flags = htole32(FUNCTIONFS_HAS_FS_DESC | FUNCTIONFS_HAS_HS_DESC)},
        .full_count = htole32(3),
        .high_count = htole32(3),
        .full = endpoints_of(gadget->printer->model, 64),
        .high = endpoints_of(gadget->printer->model, PACKET_BYTES)
    };
    const struct strings strings = {
        .head = {.magic = htole32(FUNCTIONFS_STRINGS_MAGIC),
                 .length = htole32(sizeof strings),
                 .str_count = htole32(1),
                 .lang_count = htole32(1)},
        .language = htole16(0x0409),
        .name = "printer"
    };

    return write(gadget->ep0, &descriptors, sizeof descriptors) == sizeof descriptors &&
           write(gadget->ep0, &strings, sizeof strings) == sizeof strings;
}

static int open_endpoint(const struct gadget *gadget, const char *name)
{
    char path[2 * PATH_BYTES];

    (void)snprintf(path, sizeof path, "%s/%s", gadget->folder, name);
    return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static bool add_function(struct gadget *gadget)
{
    char function[PATH_BYTES], from[2 * PATH_BYTES], to[2 * PATH_BYTES];

    (void)snprintf(function, sizeof function, "functions/ffs.%s", gadget->printer->name);
    (void)snprintf(from, sizeof from, "%s/%s", gadget->root, function);
    (void)snprintf(to, sizeof to, "%s/configs/c.1/ffs.%s", gadget->root, gadget->printer->name);
    if (!make(gadget, function) || symlink(from, to) != 0)
        return false;
    (void)mkdir(gadget->folder, 0755);
    gadget->is_mounted = mount(gadget->printer->name, gadget->folder, "functionfs", 0, NULL) == 0;
    if (!gadget->is_mounted)
        return false;
    gadget->ep0 = open_endpoint(gadget, "ep0");
    if (gadget->ep0 < 0 || !write_descriptors(gadget))
        return false;
    gadget->in = open_endpoint(gadget, "ep1");
    gadget->out = open_endpoint(gadget, "ep2");
    return gadget->in >= 0 && gadget->out >= 0;
}

struct gadget *gadget_open(struct printer *printer)
{
    struct gadget *gadget = calloc(1, sizeof *gadget);

    if (!gadget)
        return NULL;
    gadget->printer = printer;
    gadget->ep0 = gadget->in = gadget->out = -1;
    (void)snprintf(gadget->root, sizeof gadget->root, CONFIGFS "/%s", printer->name);
    (void)snprintf(gadget->folder, sizeof gadget->folder, "/run/ffs-%s", printer->name);
    gadget->done = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (gadget->done < 0 || syscall(SYS_io_setup, 8, &gadget->queue) != 0 || !describe(gadget) ||
        !add_function(gadget)) {
        fprintf(stderr, "usb-printer %s: the gadget cannot be made: %s\n", printer->name,
                strerror(errno));
        gadget_close(gadget);
        return NULL;
    }
    return gadget;
}

static void unmake(const struct gadget *gadget)
{
    const char *name = gadget->printer->name;
    char path[2 * PATH_BYTES];

    (void)snprintf(path, sizeof path, "%s/configs/c.1/ffs.%s", gadget->root, name);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/configs/c.1", gadget->root);
    (void)rmdir(path);
    (void)snprintf(path, sizeof path, "%s/functions/ffs.%s", gadget->root, name);
    (void)rmdir(path);
    (void)snprintf(path, sizeof path, "%s/strings/0x409", gadget->root);
    (void)rmdir(path);
    (void)rmdir(gadget->root);
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

void gadget_close(struct gadget *gadget)
{
    gadget_unplug(gadget);
    if (gadget->queue) // waits for what is in hand
        (void)syscall(SYS_io_destroy, gadget->queue);
    close_fd(gadget->in);
    close_fd(gadget->out);
    close_fd(gadget->ep0);
    close_fd(gadget->done);
    if (gadget->is_mounted)
        (void)umount(gadget->folder);
    unmake(gadget);
    free(gadget);
}

// ---- the cable itself ----

bool gadget_plug(struct gadget *gadget, const char *port)
{
    gadget->is_plugged = put(gadget, "UDC", port);
    gadget->printer->plugged_times += gadget->is_plugged;
    return gadget->is_plugged;
}

void gadget_unplug(struct gadget *gadget)
{
    if (!gadget->is_plugged)
        return;
    gadget->is_plugged = false;
    gadget->is_enabled = false;
    gadget->printer->unplugged_times++;
    gadget->printer->answer_count = 0; // nobody will hear them
    (void)put(gadget, "UDC", "\n");
}

bool gadget_is_enabled(const struct gadget *gadget)
{
    return gadget->is_enabled;
}

// ---- requests on endpoint 0 ----

static size_t answer_request(const struct printer *printer, uint8_t request, uint8_t *out,
                             size_t size)
{
    size_t len = strlen(printer->model->device_id);

    if (request == REQUEST_PORT_STATUS) {
        out[0] = printer->state.is_paper_out ? PORT_PAPER_OUT | PORT_SELECTED
                                             : PORT_ERROR_FREE | PORT_SELECTED;
        return 1;
    }
    if (len > size - 2)
        len = size - 2;
    out[0] = (uint8_t)((len + 2) >> 8); // it counts itself
    out[1] = (uint8_t)(len + 2);
    memcpy(out + 2, printer->model->device_id, len);
    return len + 2;
}

// A request is refused by answering in the wrong direction; that this fails is the refusal.
static void refuse(const struct gadget *gadget, bool to_host)
{
    uint8_t none = 0;

    if ((to_host ? read(gadget->ep0, &none, 0) : write(gadget->ep0, &none, 0)) >= 0)
        fprintf(stderr, "usb-printer %s: a request was not refused\n", gadget->printer->name);
}

static void request(const struct gadget *gadget, const struct usb_ctrlrequest *what)
{
    const bool to_host = (what->bRequestType & USB_DIR_IN) != 0;
    const bool is_class = (what->bRequestType & USB_TYPE_MASK) == USB_TYPE_CLASS;
    uint8_t answer[1024];
    size_t len;

    if (!is_class || gadget->printer->state.stalls_requests) {
        refuse(gadget, to_host);
    } else if (!to_host && what->bRequest == REQUEST_SOFT_RESET) {
        gadget->printer->resets++;
        gadget->printer->buffered = 0;
        if (read(gadget->ep0, answer, 0) < 0)
            perror("soft reset");
    } else if (to_host && what->bRequest <= REQUEST_PORT_STATUS) {
        len = answer_request(gadget->printer, what->bRequest, answer, sizeof answer);
        if (len > le16toh(what->wLength))
            len = le16toh(what->wLength);
        if (write(gadget->ep0, answer, len) < 0)
            perror("request");
    } else {
        refuse(gadget, to_host);
    }
}

void gadget_events(struct gadget *gadget)
{
    struct usb_functionfs_event events[4];
    const ssize_t len = read(gadget->ep0, events, sizeof events);

    for (size_t i = 0; len > 0 && i < (size_t)len / sizeof events[0]; i++) {
        if (events[i].type == FUNCTIONFS_ENABLE)
            gadget->is_enabled = true;
        else if (events[i].type == FUNCTIONFS_DISABLE || events[i].type == FUNCTIONFS_UNBIND)
            gadget->is_enabled = false;
        else if (events[i].type == FUNCTIONFS_SETUP)
            request(gadget, &events[i].u.setup);
    }
}

// ---- packets ----

static void submit(struct gadget *gadget, struct transfer *transfer, int fd, uint16_t opcode,
                   size_t len)
{
    struct iocb *list[1] = {&transfer->iocb};

    memset(&transfer->iocb, 0, sizeof transfer->iocb);
    transfer->iocb.aio_data = (uintptr_t)transfer;
    transfer->iocb.aio_lio_opcode = opcode;
    transfer->iocb.aio_fildes = (uint32_t)fd;
    transfer->iocb.aio_buf = (uintptr_t)transfer->bytes;
    transfer->iocb.aio_nbytes = len;
    transfer->iocb.aio_flags = IOCB_FLAG_RESFD;
    transfer->iocb.aio_resfd = (uint32_t)gadget->done;
    transfer->is_open = syscall(SYS_io_submit, gadget->queue, 1L, list) == 1;
}

// The packets of the speed that host and printer agreed on; a longer request would wait for more.
static size_t packet_bytes(const struct gadget *gadget)
{
    struct usb_endpoint_descriptor endpoint;

    if (ioctl(gadget->out, FUNCTIONFS_ENDPOINT_DESC, &endpoint) != 0)
        return 0;
    return le16toh(endpoint.wMaxPacketSize);
}

void gadget_go_on(struct gadget *gadget)
{
    struct printer *printer = gadget->printer;
    const size_t packet = gadget->is_enabled ? packet_bytes(gadget) : 0;
    struct io_event event;

    if (!packet || packet > PACKET_BYTES)
        return;
    if (!gadget->write.is_open && printer->answer_count) {
        memcpy(gadget->write.bytes, printer->answers[0], printer->answer_len[0]);
        submit(gadget, &gadget->write, gadget->in, IOCB_CMD_PWRITE, printer->answer_len[0]);
        if (gadget->write.is_open) {
            printer->answer_count--;
            memmove(printer->answers, printer->answers + 1,
                    printer->answer_count * sizeof printer->answers[0]);
            memmove(printer->answer_len, printer->answer_len + 1,
                    printer->answer_count * sizeof printer->answer_len[0]);
        }
    }
    if (printer->state.is_held && gadget->read.is_open) // what has come already is still taken
        (void)syscall(SYS_io_cancel, gadget->queue, &gadget->read.iocb, &event);
    if (!printer->state.is_held && !gadget->read.is_open &&
        packet <= BUFFER_BYTES - printer->buffered)
        submit(gadget, &gadget->read, gadget->out, IOCB_CMD_PREAD, packet);
}

static void note_moment(const struct printer *printer)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    (void)fprintf(printer->moments, "%llu %lld\n", (unsigned long long)printer->received,
                  (long long)now.tv_sec * 1000000000 + now.tv_nsec);
}

static void one_done(struct gadget *gadget, const struct io_event *event)
{
    struct transfer *transfer =
        event->data == (uintptr_t)&gadget->read ? &gadget->read : &gadget->write;

    transfer->is_open = false;
    if (event->res < 0) // unplugged, halted or declined
        return;
    if (transfer == &gadget->read && gadget->printer->moments)
        note_moment(gadget->printer);
    if (transfer == &gadget->read)
        printer_take(gadget->printer, transfer->bytes, (size_t)event->res);
    else
        gadget->printer->answered++;
}

void gadget_done(struct gadget *gadget)
{
    struct timespec none = {0, 0};
    struct io_event events[4];
    uint64_t count;
    long got;

    if (read(gadget->done, &count, sizeof count) < 0 && errno != EAGAIN)
        perror("eventfd");
    got = syscall(SYS_io_getevents, gadget->queue, 0L, 4L, events, &none);
    for (long i = 0; i < got; i++)
        one_done(gadget, &events[i]);
}

bool gadget_halt(struct gadget *gadget, bool to_host)
{
    struct io_event event;
    uint8_t byte = 0;

    if (!to_host && gadget->read.is_open) {
        (void)syscall(SYS_io_cancel, gadget->queue, &gadget->read.iocb, &event);
        gadget_done(gadget);
    }
    // Input or output in the wrong direction halts the endpoint.
    return (to_host ? read(gadget->in, &byte, 1) : write(gadget->out, &byte, 1)) < 0 &&
           errno == EBADMSG;
}

int gadget_events_fd(const struct gadget *gadget)
{
    return gadget->ep0;
}

int gadget_done_fd(const struct gadget *gadget)
{
    return gadget->done;
}
