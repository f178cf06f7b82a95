// SPDX-License-Identifier: Apache-2.0
// What the guest itself costs, for `run --bench`: beside these times those of our agent are read.
//
//   usb-time work                                  two pieces of work: without the kernel (work_us
//   N),
//       and a byte that two processes hand to each other, which is nearly all kernel (pass_us N)
//   usb-time write VID:PID FILE COUNT QUESTIONS    a program that holds the printer already, with
//       bare libusb: COUNT times it asks the printer's four questions QUESTIONS times, one after
//       the other, then writes FILE in one go. A line each: when it began, and how long it took, ns
#include <libusb-1.0/libusb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    FILE_BYTES = 1 << 20,
    PATIENCE_MS = 5000,
    PAUSE_MS = 120,
    QUESTIONS = 4,
    ROUNDS = 5,
    PASSES = 2000,
    NUMBERS = 200000,
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// ---- a piece of work ----

static int by_value(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

// Calls, branches and memory, as ordinary programs have them.
static int64_t work_us(uint32_t *sum)
{
    static uint32_t numbers[NUMBERS];
    const int64_t began = now_ns();
    uint32_t dice = 1;

    for (size_t i = 0; i < NUMBERS; i++) {
        dice ^= dice << 13;
        dice ^= dice >> 17;
        dice ^= dice << 5;
        numbers[i] = dice;
    }
    qsort(numbers, NUMBERS, sizeof numbers[0], by_value);
    for (size_t i = 0; i < NUMBERS; i++)
        *sum = (*sum ^ numbers[i]) * 16777619U;
    return (now_ns() - began) / 1000;
}

// Hands back what it is given until nobody gives anything more.
static void hand_back(int end)
{
    char byte;

    while (read(end, &byte, 1) == 1 && write(end, &byte, 1) == 1)
        ;
    _exit(0);
}

static int64_t pass_us(int end)
{
    const int64_t began = now_ns();
    char byte = 0;

    for (int i = 0; i < PASSES; i++)
        if (write(end, &byte, 1) != 1 || read(end, &byte, 1) != 1)
            return INT64_MAX;
    return (now_ns() - began) / 1000;
}

// The best of some: what a neighbour took from us is not the work's.
static int work(void)
{
    int64_t own = INT64_MAX, kernel = INT64_MAX;
    uint32_t sum = 2166136261U;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return 1;
    if (fork() == 0) {
        close(ends[0]);
        hand_back(ends[1]);
    }
    for (int i = 0; i < ROUNDS; i++) {
        const int64_t own_took = work_us(&sum), kernel_took = pass_us(ends[0]);

        own = own_took < own ? own_took : own;
        kernel = kernel_took < kernel ? kernel_took : kernel;
    }
    printf("work_us %lld\npass_us %lld\n", (long long)own, (long long)kernel);
    return sum ? 0 : 1; // it is used, so that the compiler does not leave it out
}

// ---- a program that holds the printer ----

struct pipes {
    libusb_device_handle *handle;
    uint8_t in, out;
};

static bool hold(const char *ids, struct pipes *pipes)
{
    struct libusb_config_descriptor *config;
    const struct libusb_interface_descriptor *interface;

    char *rest;
    const uint16_t vendor = (uint16_t)strtoul(ids, &rest, 16);

    pipes->handle = libusb_open_device_with_vid_pid(
        NULL, vendor, (uint16_t)(*rest ? strtoul(rest + 1, NULL, 16) : 0));
    if (!pipes->handle || libusb_set_auto_detach_kernel_driver(pipes->handle, 1) != 0 ||
        libusb_claim_interface(pipes->handle, 0) != 0 ||
        libusb_get_active_config_descriptor(libusb_get_device(pipes->handle), &config) != 0)
        return false;
    interface = &config->interface[0].altsetting[0];
    for (int i = 0; i < interface->bNumEndpoints; i++) {
        const uint8_t address = interface->endpoint[i].bEndpointAddress;

        *(address & LIBUSB_ENDPOINT_IN ? &pipes->in : &pipes->out) = address;
    }
    libusb_free_config_descriptor(config);
    return pipes->in && pipes->out;
}

// DLE EOT 1 to 4, each with its answer waited for.
static bool ask(const struct pipes *pipes)
{
    for (unsigned char number = 1; number <= QUESTIONS; number++) {
        unsigned char question[] = {0x10, 0x04, number};
        unsigned char answer[64];
        int len = 0;

        if (libusb_bulk_transfer(pipes->handle, pipes->out, question, sizeof question, &len,
                                 PATIENCE_MS) != 0 ||
            libusb_bulk_transfer(pipes->handle, pipes->in, answer, sizeof answer, &len,
                                 PATIENCE_MS) != 0)
            return false;
    }
    return true;
}

static bool write_once(const struct pipes *pipes, unsigned char *bytes, int size, int questions)
{
    const int64_t began = now_ns();
    int len = 0;

    for (int i = 0; i < questions; i++)
        if (!ask(pipes))
            return false;
    if (libusb_bulk_transfer(pipes->handle, pipes->out, bytes, size, &len, PATIENCE_MS) != 0 ||
        len != size)
        return false;
    printf("%lld %lld\n", (long long)began, (long long)(now_ns() - began));
    return true;
}

static int write_all(const char *ids, const char *path, int count, int questions)
{
    static unsigned char bytes[FILE_BYTES];
    struct pipes pipes = {0};
    FILE *file = fopen(path, "rbe");
    const size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;

    if (file)
        (void)fclose(file);
    if (!size || libusb_init(NULL) != 0 || !hold(ids, &pipes)) {
        fprintf(stderr, "usb-time: %s cannot be read, or the printer %s cannot be held\n", path,
                ids);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        (void)poll(NULL, 0, PAUSE_MS + i % 7); // at all moments between two ticks of the kernel
        if (!write_once(&pipes, bytes, (int)size, questions)) {
            fprintf(stderr, "usb-time: the printer %s did not take all of it\n", ids);
            return 1;
        }
    }
    libusb_close(pipes.handle);
    libusb_exit(NULL);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "work") == 0)
        return work();
    if (argc == 6 && strcmp(argv[1], "write") == 0)
        return write_all(argv[2], argv[3], (int)strtol(argv[4], NULL, 10),
                         (int)strtol(argv[5], NULL, 10));
    fprintf(stderr, "usage: usb-time work\n"
                    "       usb-time write VID:PID FILE COUNT QUESTIONS\n");
    return 2;
}
