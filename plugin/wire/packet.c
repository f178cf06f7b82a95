// SPDX-License-Identifier: Apache-2.0
#include "plugin/wire/packet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE,
    FILES_MAX = 4, // more than we take, so that what comes too much is seen and closed
};

// Room for descriptors beside a packet, aligned as the kernel wants it.
union control {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(FILES_MAX * sizeof(int))];
};

static void attach(struct msghdr *message, union control *control, int file_fd)
{
    struct cmsghdr *head;

    memset(control, 0, sizeof *control);
    message->msg_control = control->bytes;
    message->msg_controllen = CMSG_SPACE(sizeof file_fd);
    head = CMSG_FIRSTHDR(message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof file_fd);
    memcpy(CMSG_DATA(head), &file_fd, sizeof file_fd);
}

atl_code atl_packet_send(int fd, const struct atl_frame *frame, int file_fd, struct atl_error *err)
{
    struct iovec bytes = {.iov_base = (void *)(uintptr_t)frame->bytes, .iov_len = frame->len};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
    union control control;
    ssize_t sent;

    if (file_fd >= 0)
        attach(&message, &control, file_fd);
    do
        sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return ATL_OK;
    if (errno == EAGAIN || errno == ENOBUFS)
        return atl_fail(err, ATL_E_BUSY, "the other side does not read at present");
    return atl_fail(err, ATL_E_AWAY, "the other side is gone: error %d", errno);
}

// Keeps a single descriptor and closes all when there are more. Returns how many there were.
static size_t take_files(struct msghdr *message, int *file_fd)
{
    int files[FILES_MAX];
    size_t count = 0;

    for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head; head = CMSG_NXTHDR(message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= head->cmsg_len && count < FILES_MAX;
             at += sizeof(int))
            memcpy(&files[count++], (const char *)head + at, sizeof(int));
    }
    if (count == 1)
        *file_fd = files[0];
    for (size_t i = 0; count > 1 && i < count; i++)
        close(files[i]);
    return count;
}

static ssize_t receive(int fd, struct msghdr *message)
{
    ssize_t got;

    do
        got = recvmsg(fd, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    return got;
}

atl_code atl_packet_receive(int fd, struct atl_frame *frame, int *file_fd, struct atl_error *err)
{
    union control control;
    struct iovec bytes = {.iov_base = frame->bytes, .iov_len = sizeof frame->bytes};
    struct msghdr message = {.msg_iov = &bytes,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    const ssize_t got = receive(fd, &message);
    size_t files;

    *file_fd = -1;
    frame->len = 0;
    if (got < 0 && errno == EAGAIN)
        return atl_fail(err, ATL_E_BUSY, "nothing is there");
    if (got <= 0)
        return atl_fail(err, ATL_E_AWAY, "the other side is gone: error %d", got ? errno : 0);
    files = take_files(&message, file_fd);
    if (files <= 1 && !(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
        frame->len = (size_t)got;
        return ATL_OK;
    }
    if (*file_fd >= 0)
        close(*file_fd);
    *file_fd = -1;
    return atl_fail(err, ATL_E_INVALID, "a packet is longer than a frame, or carries %zu files",
                    files);
}

int atl_packet_file_make(const void *bytes, size_t len, struct atl_error *err)
{
    int fd = memfd_create("atelier", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    size_t done = 0;

    if (fd < 0)
        goto fail;
    while (done < len) {
        const ssize_t put = write(fd, (const char *)bytes + done, len - done);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            goto fail;
        done += (size_t)put;
    }
    if (fcntl(fd, F_ADD_SEALS, SEALS) == 0)
        return fd;
fail:
    (void)atl_fail(err, ATL_E_NOMEM, "a memory file of %zu bytes: error %d", len, errno);
    if (fd >= 0)
        close(fd);
    return -1;
}

atl_code atl_packet_file_map(int file_fd, struct atl_packet_file *out, struct atl_error *err)
{
    struct stat about = {0};
    const int seals = fcntl(file_fd, F_GET_SEALS);
    void *bytes = MAP_FAILED;
    atl_code rc = ATL_OK;

    if (seals < 0 || (seals & SEALS) != SEALS)
        rc = atl_fail(err, ATL_E_INVALID, "a memory file is not sealed");
    else if (fstat(file_fd, &about) != 0 || about.st_size <= 0 ||
             about.st_size > ATL_PACKET_FILE_MAX_BYTES)
        rc = atl_fail(err, ATL_E_INVALID, "a memory file of %lld bytes", (long long)about.st_size);
    if (!rc) {
        bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file_fd, 0);
        if (bytes == MAP_FAILED)
            rc = atl_fail(err, ATL_E_NOMEM, "a memory file cannot be mapped: error %d", errno);
    }
    close(file_fd);
    if (rc)
        return rc;
    *out = (struct atl_packet_file){.bytes = bytes, .len = (size_t)about.st_size};
    return ATL_OK;
}

void atl_packet_file_unmap(struct atl_packet_file *file)
{
    if (file->bytes)
        munmap((void *)(uintptr_t)file->bytes, file->len);
    *file = (struct atl_packet_file){0};
}
