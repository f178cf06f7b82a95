// SPDX-License-Identifier: Apache-2.0
// A frame as one packet on a SOCK_SEQPACKET socket, and the memory file that may go with it. libc
// only, no allocation. Sockets are non-blocking; whoever wants to wait polls. No call raises
// SIGPIPE, and each received descriptor is close-on-exec from the start.
#ifndef ATL_WIRE_PACKET_H
#define ATL_WIRE_PACKET_H

#include "plugin/wire/frame.h"

#include <stddef.h>

enum { ATL_PACKET_FILE_MAX_BYTES = 16 * 1024 * 1024 };

// Sends the frame, and file_fd with it unless that is -1; file_fd stays the caller's.
// ATL_E_BUSY: the other side does not read at present; nothing was sent. ATL_E_AWAY: it is gone.
ATL_MUST_USE atl_code atl_packet_send(int fd, const struct atl_frame *frame, int file_fd,
                                      struct atl_error *err);

// Receives one packet into frame->bytes and sets frame->len; atl_frame_begin_read() comes next.
// *file_fd is -1, or the one descriptor that came along, now the caller's. ATL_E_BUSY: nothing is
// there. ATL_E_AWAY: the other side is gone. ATL_E_INVALID: longer than a frame, or with more
// than one descriptor; it is consumed, and nothing of it is kept.
ATL_MUST_USE atl_code atl_packet_receive(int fd, struct atl_frame *frame, int *file_fd,
                                         struct atl_error *err);

// A memory file of these bytes, sealed: nobody can shrink, grow or write it any more. Returns the
// descriptor, close-on-exec, the caller's; or -1 and *err.
int atl_packet_file_make(const void *bytes, size_t len, struct atl_error *err);

// A memory file as it is mapped. bytes NULL: none.
struct atl_packet_file {
    const void *bytes;
    size_t len;
};

// Maps a memory file for reading, after looking at its seals and its size: whoever made it can no
// longer take pages away under the reader. Closes file_fd in any case. ATL_E_INVALID when it is
// not such a file, is empty or is larger than ATL_PACKET_FILE_MAX_BYTES.
ATL_MUST_USE atl_code atl_packet_file_map(int file_fd, struct atl_packet_file *out,
                                          struct atl_error *err);

// Gives it back; safe on a zeroed one.
void atl_packet_file_unmap(struct atl_packet_file *file);

#endif
