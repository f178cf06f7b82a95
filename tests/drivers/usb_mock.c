// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/usb_mock.h"

#include "tests/drivers/usb_mock_urbs.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <umockdev.h>
#include <unistd.h>

#define PRELOAD "libumockdev-preload.so.0"

static UMockdevTestbed *testbed;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void usb_mock_lock(void)
{
    pthread_mutex_lock(&mutex);
}

void usb_mock_unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

// The library of the sanitizer must come first, or it refuses to run.
int usb_mock_enter(char **argv)
{
    if (dlopen(PRELOAD, RTLD_LAZY | RTLD_NOLOAD))
        return -1;
    if (getenv("ATL_USB_MOCK")) {
        printf("SKIP: " PRELOAD " cannot be loaded: install libumockdev0\n");
        return 77;
    }
    (void)setenv("ATL_USB_MOCK", "entered", 1);
    (void)setenv("LD_PRELOAD", ATL_SANITIZER_LIBRARY " " PRELOAD, 1);
    (void)execv("/proc/self/exe", argv);
    perror("/proc/self/exe");
    return 1;
}

void usb_mock_begin(void)
{
    testbed = umockdev_testbed_new();
}

void usb_mock_end(void)
{
    g_object_unref(testbed);
}

// ---- Descriptors ----

size_t usb_mock_descriptors(uint8_t out[64], uint16_t vendor, uint16_t product, uint8_t class_code,
                            uint8_t protocol, uint8_t out_endpoint, uint8_t in_endpoint,
                            uint16_t packet_bytes)
{
    const uint8_t low = (uint8_t)packet_bytes, high = (uint8_t)(packet_bytes >> 8);
    const uint8_t total = (uint8_t)(9 + 9 + 7 + (in_endpoint ? 7 : 0));
    const uint8_t bytes[] = {
        18,
        1,
        0,
        2,
        0,
        0,
        0,
        64,
        (uint8_t)vendor,
        (uint8_t)(vendor >> 8),
        (uint8_t)product,
        (uint8_t)(product >> 8),
        0,
        1,
        1,
        2,
        3,
        1, // device
        9,
        2,
        total,
        0,
        1,
        1,
        0,
        0xc0,
        50, // configuration
        9,
        4,
        0,
        0,
        in_endpoint ? 2 : 1,
        class_code,
        1,
        protocol,
        0, // interface
        7,
        5,
        out_endpoint,
        2,
        low,
        high,
        0, // endpoints
        7,
        5,
        in_endpoint,
        2,
        low,
        high,
        0,
    };
    const size_t len = sizeof bytes - (in_endpoint ? 0 : 7);

    memcpy(out, bytes, len);
    return len;
}

void usb_mock_init(struct usb_mock *mock, const char *port, unsigned address, const char *serial)
{
    static const char id[] = "\0\x3f"
                             "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;DES:EPSON TM-T20II;";
    static uint8_t descriptors[64];
    static size_t len;

    if (!len)
        len = usb_mock_descriptors(descriptors, 0x04b8, 0x0e15, 7, 2, 0x01, 0x82, 64);
    *mock = (struct usb_mock){.port = port,
                              .address = address,
                              .descriptors = descriptors,
                              .descriptors_len = len,
                              .maker = "EPSON",
                              .product = "TM-T20II",
                              .serial = serial,
                              .device_id = (const uint8_t *)id,
                              .device_id_len = sizeof id - 1,
                              .port_status = 0x18,
                              .gone_after_out = USB_MOCK_NEVER,
                              .gone_after_in = USB_MOCK_NEVER,
                              .hold_after_out = USB_MOCK_NEVER,
                              .stall_after_out = USB_MOCK_NEVER,
                              .break_after_out = USB_MOCK_NEVER};
    mock->paper = calloc(1, USB_MOCK_PAPER_MAX);
}

// ---- What libusb asks of the node ----

struct answer {
    int result;
    int error;
};

static struct answer no(int error)
{
    return (struct answer){-1, error};
}

static UMockdevIoctlData *resolve(UMockdevIoctlData *arg, size_t size)
{
    return umockdev_ioctl_data_resolve(arg, 0, size, NULL);
}

static struct answer on_capabilities(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    UMockdevIoctlData *data = resolve(arg, sizeof(uint32_t));
    const uint32_t all = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
                         USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;

    mock->opens++;
    memcpy(data->data, &all, sizeof all);
    g_object_unref(data);
    return (struct answer){0};
}

static struct answer on_connect_info(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    UMockdevIoctlData *data = resolve(arg, sizeof(struct usbdevfs_connectinfo));
    const struct usbdevfs_connectinfo info = {.devnum = mock->address};

    memcpy(data->data, &info, sizeof info);
    g_object_unref(data);
    return (struct answer){0};
}

static struct answer on_get_driver(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    UMockdevIoctlData *data;

    if (!mock->has_kernel_driver)
        return no(ENODATA);
    data = resolve(arg, sizeof(struct usbdevfs_getdriver));
    strcpy(((struct usbdevfs_getdriver *)(void *)data->data)->driver, "usblp");
    g_object_unref(data);
    return (struct answer){0};
}

static struct answer on_attach_or_detach(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    UMockdevIoctlData *data = resolve(arg, sizeof(struct usbdevfs_ioctl));
    const int code = ((struct usbdevfs_ioctl *)(void *)data->data)->ioctl_code;
    const bool is_attach = (unsigned)code == USBDEVFS_CONNECT;

    mock->has_kernel_driver = is_attach;
    mock->attaches += is_attach;
    g_object_unref(data);
    return (struct answer){.result = is_attach};
}

static struct answer on_claim(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    (void)arg;
    if (mock->has_kernel_driver || mock->is_busy)
        return no(EBUSY);
    mock->is_claimed = true;
    mock->claims++;
    if (mock->stall_cure == 2 && mock->claims > 1)
        mock->is_halted = false;
    return (struct answer){0};
}

static struct answer on_release(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    (void)arg;
    mock->is_claimed = false;
    usb_mock_urbs_kill(mock);
    return (struct answer){0};
}

static struct answer on_clear_halt(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    UMockdevIoctlData *data = resolve(arg, sizeof(unsigned));
    unsigned endpoint;

    memcpy(&endpoint, data->data, sizeof endpoint);
    g_object_unref(data);
    mock->clears++;
    if (endpoint & 0x80)
        mock->is_in_halted = false;
    else if (mock->stall_cure <= 1)
        mock->is_halted = false;
    return (struct answer){0};
}

static struct answer on_reset(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    (void)arg;
    mock->resets++;
    if (mock->stall_cure == 3)
        mock->is_halted = false;
    return (struct answer){0};
}

static struct answer on_well(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    (void)mock;
    (void)arg;
    return (struct answer){0};
}

// libusb asks for the configuration of a device that it was given by its node.
static struct answer on_control(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    UMockdevIoctlData *request = resolve(arg, sizeof(struct usbdevfs_ctrltransfer));
    UMockdevIoctlData *data =
        umockdev_ioctl_data_resolve(request, offsetof(struct usbdevfs_ctrltransfer, data), 1, NULL);

    (void)mock;
    data->data[0] = 1;
    g_object_unref(data);
    g_object_unref(request);
    return (struct answer){.result = 1};
}

static struct answer on_submit(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    mock->submits++;
    usb_mock_urbs_submit(mock, arg);
    return (struct answer){0};
}

static struct answer on_reap(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    if (usb_mock_urbs_reap(mock, arg))
        return (struct answer){0};
    return no(mock->is_gone ? ENODEV : EAGAIN);
}

static struct answer on_discard(struct usb_mock *mock, UMockdevIoctlData *arg)
{
    return usb_mock_urbs_discard(mock, arg) ? (struct answer){0} : no(EINVAL);
}

static const struct {
    unsigned long request;
    bool works_unplugged;
    struct answer (*answer)(struct usb_mock *mock, UMockdevIoctlData *arg);
} requests[] = {
    {USBDEVFS_GET_CAPABILITIES, false, on_capabilities    },
    {USBDEVFS_CONNECTINFO,      false, on_connect_info    },
    {USBDEVFS_GETDRIVER,        false, on_get_driver      },
    {USBDEVFS_IOCTL,            false, on_attach_or_detach},
    {USBDEVFS_CLAIMINTERFACE,   false, on_claim           },
    {USBDEVFS_RELEASEINTERFACE, false, on_release         },
    {USBDEVFS_CLEAR_HALT,       false, on_clear_halt      },
    {USBDEVFS_RESET,            false, on_reset           },
    {USBDEVFS_SETINTERFACE,     false, on_well            },
    {USBDEVFS_CONTROL,          false, on_control         },
    {USBDEVFS_SUBMITURB,        false, on_submit          },
    {USBDEVFS_REAPURB,          true,  on_reap            },
    {USBDEVFS_REAPURBNDELAY,    true,  on_reap            },
    {USBDEVFS_DISCARDURB,       true,  on_discard         },
};

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client,
                         struct usb_mock *mock)
{
    const unsigned long request = umockdev_ioctl_client_get_request(client);
    UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client); // borrowed

    (void)base;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct answer answer;

        if (requests[i].request != request)
            continue;
        usb_mock_lock();
        answer = mock->is_gone && !requests[i].works_unplugged ? no(ENODEV)
                                                               : requests[i].answer(mock, arg);
        usb_mock_unlock();
        umockdev_ioctl_client_complete(client, answer.result, answer.error);
        return TRUE;
    }
    umockdev_ioctl_client_complete(client, -1, ENOTTY);
    return TRUE;
}

// ---- Plugging ----

static void add_hex(GString *text, const struct usb_mock *mock)
{
    for (size_t i = 0; i < mock->descriptors_len; i++)
        g_string_append_printf(text, "%02X", mock->descriptors[i]);
    g_string_append_c(text, '\n');
}

// As umockdev-record writes it. The node has the descriptors, too, as usbfs has.
static void describe(const struct usb_mock *mock, GString *text)
{
    g_string_append_printf(text, "P: %s\nN: %s=", mock->sys + strlen("/sys"),
                           mock->node + strlen("/dev/"));
    add_hex(text, mock);
    g_string_append_printf(text,
                           "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: DRIVER=usb\n"
                           "E: BUSNUM=001\nE: DEVNUM=%03u\nE: DEVNAME=%s\n"
                           "A: busnum=1\\n\nA: devnum=%u\\n\nA: bConfigurationValue=1\\n\n",
                           mock->address, mock->node, mock->address);
    g_string_append(text, "H: descriptors=");
    add_hex(text, mock);
}

// Behind umockdev's parser, which ends the program over some texts.
static void set_text(const struct usb_mock *mock, const char *name, const char *value)
{
    if (value)
        umockdev_testbed_set_attribute(testbed, mock->sys, name, value);
}

void usb_mock_plug(struct usb_mock *mock)
{
    GString *text = g_string_new(NULL);
    GError *error = NULL;

    (void)snprintf(mock->node, sizeof mock->node, "/dev/bus/usb/001/%03u", mock->address);
    (void)snprintf(mock->sys, sizeof mock->sys, "/sys/devices/pci0000:00/usb1/%s", mock->port);
    mock->is_gone = mock->is_claimed = mock->is_halted = mock->is_in_halted = false;
    mock->ioctls = umockdev_ioctl_base_new();
    (void)g_signal_connect_after(mock->ioctls, "handle-ioctl", G_CALLBACK(on_ioctl), mock);
    describe(mock, text);
    if (!umockdev_testbed_attach_ioctl(testbed, mock->node, mock->ioctls, &error) ||
        !umockdev_testbed_add_from_string(testbed, text->str, &error)) {
        printf("umockdev: %s\n%s", error->message, text->str);
        abort();
    }
    (void)g_string_free(text, TRUE);
    set_text(mock, "manufacturer", mock->maker);
    set_text(mock, "product", mock->product);
    set_text(mock, "serial", mock->serial);
}

void usb_mock_unplug(struct usb_mock *mock)
{
    usb_mock_lock();
    mock->is_gone = true;
    usb_mock_unlock();
    umockdev_testbed_uevent(testbed, mock->sys, "remove");
    umockdev_testbed_remove_device(testbed, mock->sys);
    umockdev_testbed_detach_ioctl(testbed, mock->node, NULL);
    (void)remove(mock->node);
    g_object_unref(mock->ioctls);
    mock->ioctls = NULL;
    usb_mock_urbs_free(mock);
}

void usb_mock_free(struct usb_mock *mock)
{
    if (mock->ioctls)
        usb_mock_unplug(mock);
    free(mock->paper);
    mock->paper = NULL;
}

void usb_mock_say(struct usb_mock *mock, const void *bytes, size_t len)
{
    usb_mock_lock();
    memcpy(mock->answer + mock->answer_len, bytes, len);
    mock->answer_len += len;
    usb_mock_unlock();
}
