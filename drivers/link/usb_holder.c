// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_holder.h"

#include "drivers/link/usb_1284.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_CAP = 320 };

// Programs that take printers for themselves, by the name of their process.
static const struct known {
    const char *name;
    const char *cure;
} known[] = {
    {"usb",            "delete this printer from CUPS: lpadmin -x its queue"  }, // CUPS's backend
    {"cupsd",          "delete this printer from CUPS: lpadmin -x its queue"  },
    {"ipp-usb",        "stop ipp-usb, or exclude this printer in its settings"},
    {"lprint",         "delete this printer from lprint"                      },
    {"qemu-system-x8", "it was given to a virtual machine; take it back"      },
};

static const struct known *find_known(const char *name)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}

static void read_process_name(pid_t pid, char *out, size_t size)
{
    char path[PATH_CAP];
    uint8_t text[64];
    ssize_t len;
    int fd;

    out[0] = '\0';
    (void)snprintf(path, sizeof path, "/proc/%ld/comm", (long)pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    len = read(fd, text, sizeof text);
    close(fd);
    if (len > 0 && text[len - 1] == '\n')
        len--;
    usb_text_clean(text, len > 0 ? (size_t)len : 0, out, size);
}

// The name of the interface's node of usblp, "lp0"; "" when there is none.
static void find_lp(const struct usb_seen *seen, char *out, size_t size)
{
    char path[PATH_CAP];
    const struct dirent *entry;
    DIR *folder;

    out[0] = '\0';
    (void)snprintf(path, sizeof path, "/sys/bus/usb/devices/%s:%u.%u/usbmisc", seen->port,
                   seen->printer.configuration, seen->printer.interface);
    folder = opendir(path);
    while (folder && (entry = readdir(folder)))
        if (strncmp(entry->d_name, "lp", 2) == 0 && strlen(entry->d_name) < size)
            memcpy(out, entry->d_name, strlen(entry->d_name) + 1);
    if (folder)
        closedir(folder);
}

// Whether an open file is that node. Names in /proc are those of the other process's folders.
static bool is_same(const struct stat *file, const struct stat *node)
{
    if (S_ISCHR(node->st_mode) && S_ISCHR(file->st_mode))
        return file->st_rdev == node->st_rdev;
    return file->st_dev == node->st_dev && file->st_ino == node->st_ino;
}

// Whether the process has one of the nodes open.
static bool has_open(pid_t pid, const struct stat *nodes, size_t count)
{
    char path[PATH_CAP];
    const struct dirent *entry;
    bool is_found = false;
    DIR *folder;

    (void)snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
    folder = opendir(path);
    while (folder && !is_found && (entry = readdir(folder))) {
        struct stat file;

        (void)snprintf(path, sizeof path, "/proc/%ld/fd/%.20s", (long)pid, entry->d_name);
        for (size_t i = 0; i < count && stat(path, &file) == 0; i++)
            is_found = is_found || is_same(&file, &nodes[i]);
    }
    if (folder)
        closedir(folder);
    return is_found;
}

// Its node of usbfs, and the one of usblp where there is one.
static size_t find_nodes(const struct usb_seen *seen, struct stat nodes[2])
{
    char path[USB_NODE_CAP], lp[16];
    size_t count = 0;

    usb_node_path(seen, path);
    count += stat(path, &nodes[count]) == 0;
    find_lp(seen, lp, sizeof lp);
    (void)snprintf(path, sizeof path, "/dev/usb/%s", lp);
    if (lp[0])
        count += stat(path, &nodes[count]) == 0;
    return count;
}

static void take_holder(struct usb_holder *out, pid_t pid, const char *name, bool is_guess)
{
    out->pid = pid;
    out->is_guess = is_guess;
    (void)snprintf(out->name, sizeof out->name, "%s", name[0] ? name : "a program");
}

// Those that are seen to have it open; when there are none, *guess is the first that is known to
// take printers.
static size_t find_holders(const struct stat *nodes, size_t node_count, struct usb_holder *out,
                           size_t cap, struct usb_holder *guess)
{
    size_t count = 0;
    const struct dirent *entry;
    DIR *folder = opendir("/proc");

    while (folder && count < cap && (entry = readdir(folder))) {
        const pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        char name[32];

        if (!isdigit((unsigned char)entry->d_name[0]) || pid == getpid())
            continue;
        read_process_name(pid, name, sizeof name);
        if (has_open(pid, nodes, node_count))
            take_holder(&out[count++], pid, name, false);
        else if (!guess->pid && find_known(name))
            take_holder(guess, pid, name, true);
    }
    if (folder)
        closedir(folder);
    return count;
}

size_t usb_holders_of_node(const char *path, struct usb_holder *out, size_t cap)
{
    struct usb_holder guess = {0};
    struct stat node;

    return stat(path, &node) == 0 ? find_holders(&node, 1, out, cap, &guess) : 0;
}

bool usb_holder_find(const struct usb_seen *seen, struct usb_holder *out)
{
    struct usb_holder guess = {0};
    struct stat nodes[2];
    const size_t node_count = find_nodes(seen, nodes);
    const bool is_seen = find_holders(nodes, node_count, out, 1, &guess) > 0;

    if (!is_seen && guess.pid)
        *out = guess;
    return is_seen || guess.pid;
}

atl_code usb_holder_fail(const struct usb_seen *seen, struct atl_error *err)
{
    struct usb_holder holder = {0};
    const struct known *row;

    if (!usb_holder_find(seen, &holder))
        return atl_fail(err, ATL_E_BUSY,
                        "another program has %s on port %s; \"sudo atelier-agent doctor\" shows "
                        "which: end it, or take the printer away from it",
                        seen->words, seen->port);
    row = find_known(holder.name);
    return atl_fail(err, ATL_E_BUSY, "%s on port %s is held by %s%s (pid %ld): %s", seen->words,
                    seen->port, holder.is_guess ? "another program, probably " : "", holder.name,
                    (long)holder.pid, row ? row->cure : "end it, or take the printer away from it");
}
