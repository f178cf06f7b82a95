// SPDX-License-Identifier: Apache-2.0
// The till's journal: one line of text a state of a sale, appended and made durable. The last line
// of a uuid is what counts. It is written before money is taken (PAID) and after the plugin said
// OK (DONE); a PAID one that is found at the start is told again, with the same key. An open sale
// is not in it: a till that dies before payment has sold nothing.
//
// Several tills may share the folder. Byte 0 of the file is locked while one of them reads or
// writes; byte SALES + n while one of them has sale n at hand. The kernel gives up both when a
// till dies, so that its sales can be taken up.
#include "sdk-shim/till/till.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const off_t SALES = (off_t)1 << 40;

static bool set_lock(int fd, short type, off_t at, int command)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};

    return fcntl(fd, command, &lock) == 0;
}

bool till_sale_claim(struct till *till, long long sequence)
{
    return set_lock(till->journal_fd, F_WRLCK, SALES + sequence, F_OFD_SETLK);
}

void till_sale_release(struct till *till, long long sequence)
{
    (void)set_lock(till->journal_fd, F_UNLCK, SALES + sequence, F_OFD_SETLK);
}

// ---- reading ----

// The newest line of each uuid is kept; when there are too many, the oldest sale is forgotten.
static void remember(struct till *till, const struct till_sale *sale)
{
    if (sale->sequence > till->last_sequence)
        till->last_sequence = sale->sequence;
    for (int i = 0; i < till->past_count; i++) {
        if (strcmp(till->past[i].uuid, sale->uuid) == 0) {
            till->past[i] = *sale;
            return;
        }
    }
    if (till->past_count == TILL_SALES_MAX)
        memmove(till->past, till->past + 1, (size_t)--till->past_count * sizeof *till->past);
    till->past[till->past_count++] = *sale;
}

static void read_line(struct till *till, char *text, struct till_sale *sale)
{
    till->journal_lines++;
    if (!text[0])
        return; // what ends a torn line
    if (till_record_read(text, sale)) {
        remember(till, sale);
        return;
    }
    till_say(till,
             "! %s/journal.txt:%d: CORRUPT: this line is damaged or torn and is passed over.\n"
             "  A sale may be older than it was. Compare with the receipts, and keep the file.\n",
             till->folder, till->journal_lines);
}

// From where we were to the end. Locked, so a last line without newline was torn by a crash: it was
// never acted upon, and is ended here.
static void read_on(struct till *till)
{
    const off_t end = lseek(till->journal_fd, 0, SEEK_END);
    struct till_sale *sale = malloc(sizeof *sale);
    const int copy = fcntl(till->journal_fd, F_DUPFD_CLOEXEC, 0);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "r");
    char *text = NULL;
    size_t room = 0;
    ssize_t len;

    if (sale && file && end > till->journal_read &&
        fseeko(file, till->journal_read, SEEK_SET) == 0) {
        while ((len = getline(&text, &room, file)) > 0) {
            if (text[len - 1] == '\n')
                text[len - 1] = '\0';
            else
                (void)!write(till->journal_fd, "\n", 1);
            read_line(till, text, sale);
        }
        till->journal_read = lseek(till->journal_fd, 0, SEEK_END);
    }
    if (file)
        fclose(file);
    else if (copy >= 0)
        close(copy);
    free(text);
    free(sale);
}

void till_journal_refresh(struct till *till)
{
    (void)set_lock(till->journal_fd, F_WRLCK, 0, F_OFD_SETLKW);
    read_on(till);
    (void)set_lock(till->journal_fd, F_UNLCK, 0, F_OFD_SETLK);
}

// ---- writing ----

static bool append(struct till *till, const char *text, size_t len)
{
    const off_t end = lseek(till->journal_fd, 0, SEEK_END);
    const ssize_t done = write(till->journal_fd, text, len);

    if (done == (ssize_t)len && fdatasync(till->journal_fd) == 0) {
        till->journal_read = end + done;
        till->journal_lines++;
        return true;
    }
    if (done >= 0 && done < (ssize_t)len)
        errno = ENOSPC;
    {
        const int why = errno;

        (void)!ftruncate(till->journal_fd, end); // half a line helps nobody
        errno = why;
    }
    return false;
}

bool till_journal_put(struct till *till, const struct till_sale *sale)
{
    char *text = malloc(TILL_RECORD_BYTES);
    size_t len = text ? till_record_write(sale, text, TILL_RECORD_BYTES - 1) : 0;
    bool ok = len > 0;

    errno = text ? EMSGSIZE : ENOMEM;
    if (ok) {
        text[len++] = '\n';
        (void)set_lock(till->journal_fd, F_WRLCK, 0, F_OFD_SETLKW);
        read_on(till);
        ok = append(till, text, len);
        (void)set_lock(till->journal_fd, F_UNLCK, 0, F_OFD_SETLK);
    }
    if (ok)
        remember(till, sale);
    else
        till_say(till, "! %s/journal.txt cannot be written: %s. Take no money; make room first.\n",
                 till->folder, strerror(errno));
    free(text);
    return ok;
}

// ---- the beginning and the end ----

bool till_journal_open(struct till *till)
{
    char path[TILL_PATH];

    snprintf(path, sizeof path, "%s/journal.txt", till->folder);
    till->past = calloc(TILL_SALES_MAX, sizeof *till->past);
    till->journal_fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (!till->past || till->journal_fd < 0) {
        till_say(till, "The till's journal %s cannot be opened: %s. Check --dir and its rights.\n",
                 path, strerror(errno));
        return false;
    }
    till_journal_refresh(till);
    till_tell_waiting(till, 3);
    return true;
}

void till_journal_close(struct till *till)
{
    if (till->journal_fd >= 0)
        close(till->journal_fd);
    till->journal_fd = -1;
    free(till->past);
    till->past = NULL;
}
