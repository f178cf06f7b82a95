// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/kept_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "atelier-plan 1"

enum { LINE_MAX_BYTES = 120, NUMBER_MAX = ATL_PLAN_REACH_DMM };

// By enum atl_needle.
static const char letters[] = "SJTCPE";

void atl_kept_plan_free(struct atl_kept_plan *kept)
{
    atl_plan_free(&kept->plan);
    *kept = (struct atl_kept_plan){0};
}

// ---- write ----

atl_code atl_kept_plan_write(const struct atl_kept_plan *kept, struct atl_buf *out,
                             struct atl_error *err)
{
    const struct atl_plan *plan = &kept->plan;
    atl_code rc = atl_plan_check(plan, err);

    if (rc)
        return rc;
    atl_buf_addf(out, HEAD "\ncloth %06X %s\n", kept->cloth_rgb & 0xffffff, kept->fabric);
    for (size_t i = 0; i < plan->thread_count; i++)
        atl_buf_addf(out, "thread %06X %s %s\n", plan->threads[i].rgb & 0xffffff,
                     plan->threads[i].number[0] ? plan->threads[i].number : "-",
                     plan->threads[i].chart[0] ? plan->threads[i].chart : "-");
    atl_buf_addf(out, "acts %zu\n", plan->count);
    for (size_t i = 0; i < plan->count && !out->failed; i++)
        atl_buf_addf(out, "%c %d %d\n", letters[plan->acts[i].act], (int)plan->acts[i].x_dmm,
                     (int)plan->acts[i].y_dmm);
    return atl_buf_check(out, err);
}

// ---- read ----

struct reading {
    const char *at;
    const char *end;
    int line;
    char text[LINE_MAX_BYTES];
};

static atl_code corrupt(const struct reading *reading, const char *why, struct atl_error *err)
{
    return atl_fail(err, ATL_E_CORRUPT,
                    "the kept stitches are damaged (line %d: %s): show the guest a new proof",
                    reading->line, why);
}

static bool next_line(struct reading *reading)
{
    const char *end = reading->at < reading->end
                          ? memchr(reading->at, '\n', (size_t)(reading->end - reading->at))
                          : NULL;
    const size_t len = end ? (size_t)(end - reading->at) : LINE_MAX_BYTES;

    reading->line++;
    if (len >= sizeof reading->text || memchr(reading->at, '\0', len))
        return false;
    memcpy(reading->text, reading->at, len);
    reading->text[len] = '\0';
    reading->at = end + 1;
    return true;
}

// "2D3541 " at *text, as it is written: in capitals. *text is moved behind it.
static bool take_rgb(const char **text, uint32_t *out)
{
    char again[8];
    uint8_t bytes[3];

    if (strlen(*text) < 7 || (*text)[6] != ' ' || atl_hex_decode(*text, 6, bytes, 3, NULL))
        return false;
    *out = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
    (void)snprintf(again, sizeof again, "%06X ", (unsigned)(*out & 0xffffff));
    if (strncmp(again, *text, 7) != 0)
        return false;
    *text += 7;
    return true;
}

static bool take_word(const char **text, const char *word)
{
    const size_t len = strlen(word);

    if (strncmp(*text, word, len) != 0)
        return false;
    *text += len;
    return true;
}

// One number as it is written: no blank before it, no plus, no zero in front.
static bool take_number(const char **text, long low, long high, long *out)
{
    char again[16];
    char *end;

    errno = 0;
    *out = strtol(*text, &end, 10);
    if (errno || *out < low || *out > high)
        return false;
    (void)snprintf(again, sizeof again, "%ld", *out);
    if (strlen(again) != (size_t)(end - *text) || strncmp(again, *text, strlen(again)) != 0)
        return false;
    *text = end;
    return true;
}

static bool read_thread(const char *text, struct atl_plan *plan)
{
    struct atl_thread thread = {0};
    const char *blank;

    if (!take_rgb(&text, &thread.rgb))
        return false;
    blank = strchr(text, ' ');
    if (!blank || blank == text || (size_t)(blank - text) >= sizeof thread.number || !blank[1] ||
        strlen(blank + 1) >= sizeof thread.chart)
        return false;
    if (strncmp(text, "- ", 2) != 0)
        memcpy(thread.number, text, (size_t)(blank - text));
    if (strcmp(blank + 1, "-") != 0)
        memcpy(thread.chart, blank + 1, strlen(blank + 1));
    atl_plan_thread(plan, &thread);
    return true;
}

static void build(struct atl_plan *plan, enum atl_needle act, int32_t x_dmm, int32_t y_dmm)
{
    switch (act) {
    case ATL_ACT_STITCH:
        atl_plan_stitch(plan, x_dmm, y_dmm);
        return;
    case ATL_ACT_JUMP:
        atl_plan_jump(plan, x_dmm, y_dmm);
        return;
    case ATL_ACT_TRIM:
        atl_plan_trim(plan);
        return;
    case ATL_ACT_COLOUR:
        atl_plan_colour(plan);
        return;
    case ATL_ACT_STOP:
        atl_plan_stop(plan);
        return;
    case ATL_ACT_END:
        atl_plan_end(plan);
        return;
    }
}

// What was built must stand where it was written: the builder's normal form is the file's.
static bool read_act(const char *text, struct atl_plan *plan)
{
    const char *letter = text[0] ? strchr(letters, text[0]) : NULL;
    const size_t before = plan->count;
    const struct atl_stitch *built;
    long x, y;

    if (!letter || text[1] != ' ')
        return false;
    text += 2;
    if (!take_number(&text, -NUMBER_MAX, NUMBER_MAX, &x) || *text++ != ' ' ||
        !take_number(&text, -NUMBER_MAX, NUMBER_MAX, &y) || *text)
        return false;
    build(plan, (enum atl_needle)(letter - letters), (int32_t)x, (int32_t)y);
    if (plan->count != before + 1)
        return false;
    built = &plan->acts[before];
    return built->act == (enum atl_needle)(letter - letters) && built->x_dmm == x &&
           built->y_dmm == y;
}

static atl_code read_acts(struct reading *reading, struct atl_plan *plan, struct atl_error *err)
{
    const char *text = reading->text;
    long count;

    if (!take_word(&text, "acts ") || !take_number(&text, 1, ATL_PLAN_ACTS_MAX, &count) || *text)
        return corrupt(reading, "no number of acts", err);
    for (long i = 0; i < count; i++) {
        if (!next_line(reading) || !read_act(reading->text, plan))
            return corrupt(reading, "no act", err);
    }
    return reading->at == reading->end ? ATL_OK : corrupt(reading, "more than its acts", err);
}

static atl_code read_all(struct reading *reading, struct atl_kept_plan *kept, struct atl_error *err)
{
    const char *text;

    if (!next_line(reading) || strcmp(reading->text, HEAD) != 0)
        return corrupt(reading, "not " HEAD, err);
    if (!next_line(reading))
        return corrupt(reading, "no cloth", err);
    text = reading->text;
    if (!take_word(&text, "cloth ") || !take_rgb(&text, &kept->cloth_rgb) || !text[0] ||
        strlen(text) >= sizeof kept->fabric)
        return corrupt(reading, "no cloth", err);
    memcpy(kept->fabric, text, strlen(text) + 1);
    while (next_line(reading)) {
        text = reading->text;
        if (!take_word(&text, "thread "))
            return read_acts(reading, &kept->plan, err);
        if (!read_thread(text, &kept->plan))
            return corrupt(reading, "no thread", err);
    }
    return corrupt(reading, "it ends", err);
}

atl_code atl_kept_plan_read(const void *bytes, size_t len, struct atl_kept_plan *out,
                            struct atl_error *err)
{
    struct reading reading = {.at = bytes, .end = (const char *)bytes + len};
    struct atl_kept_plan kept = {0};
    atl_code rc;

    atl_plan_init(&kept.plan);
    rc = read_all(&reading, &kept, err);
    if (!rc && atl_plan_check(&kept.plan, NULL))
        rc = corrupt(&reading, "no machine can sew it", err);
    if (rc)
        atl_kept_plan_free(&kept);
    else
        *out = kept; // now owned by the caller
    return rc;
}

static atl_code read_file(const char *path, struct atl_buf *out, struct atl_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char part[16 * 1024];
    ssize_t got;

    if (fd < 0)
        return atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO, "%s: %s", path,
                        strerror(errno));
    while ((got = read(fd, part, sizeof part)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        atl_buf_add(out, part, (size_t)got);
    }
    close(fd);
    return got < 0 ? atl_fail(err, ATL_E_IO, "%s cannot be read", path) : atl_buf_check(out, err);
}

static atl_code read_signed(const char *path, const uint8_t *digest, struct atl_buf *file,
                            struct atl_error *err)
{
    uint8_t found[ATL_HASH_BYTES];
    const atl_code rc = read_file(path, file, err);

    if (rc || !digest)
        return rc;
    atl_hash_sha256(file->data, file->len, found);
    if (atl_hash_equal(found, digest, sizeof found))
        return ATL_OK;
    return atl_fail(err, ATL_E_CORRUPT,
                    "the stitches on the disk are not those that were signed: nothing is sewn from "
                    "them; show the guest a new proof and sign again");
}

atl_code atl_kept_plan_check(const char *path, const uint8_t digest[ATL_HASH_BYTES],
                             struct atl_error *err)
{
    struct atl_buf file;
    atl_code rc;

    atl_buf_init(&file, ATL_KEPT_PLAN_MAX_BYTES);
    rc = read_signed(path, digest, &file, err);
    atl_buf_free(&file);
    return rc;
}

atl_code atl_kept_plan_load(const char *path, const uint8_t digest[ATL_HASH_BYTES],
                            struct atl_kept_plan *out, struct atl_error *err)
{
    struct atl_buf file;
    atl_code rc;

    atl_buf_init(&file, ATL_KEPT_PLAN_MAX_BYTES);
    rc = read_signed(path, digest, &file, err);
    if (!rc)
        rc = atl_kept_plan_read(file.data, file.len, out, err);
    atl_buf_free(&file);
    return rc;
}
