// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/proof_keep.h"

#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/core/signoff.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOTE_BYTES = 256, NOTE_FIELDS = 8 };

static void path_of(const char *folder, int64_t number, const char *ending,
                    char out[ATL_PROOFS_PATH_BYTES])
{
    if (snprintf(out, ATL_PROOFS_PATH_BYTES, "%.*s/%014llx%s", ATL_PROOFS_PATH_BYTES - 32, folder,
                 (unsigned long long)number, ending) < 0)
        out[0] = '\0';
}

static bool write_file(const char *path, const void *bytes, size_t len)
{
    char other[ATL_PROOFS_PATH_BYTES + 8];
    const char *at = bytes;
    int fd;

    snprintf(other, sizeof other, "%s.new", path);
    fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    while (len) {
        const ssize_t done = write(fd, at, len);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            break;
        at += done;
        len -= (size_t)done;
    }
    if (fsync(fd) != 0)
        len = 1;
    close(fd);
    if (!len && rename(other, path) == 0)
        return true;
    unlink(other);
    return false;
}

static bool keep_files(const char *folder, int64_t number, const struct atl_proof_made *made,
                       const struct atl_proof_files *files)
{
    char path[ATL_PROOFS_PATH_BYTES];
    uint8_t found[ATL_HASH_BYTES];

    atl_hash_sha256(files->plan, files->plan_bytes, found);
    if (!atl_hash_equal(found, made->result.digest, sizeof found)) {
        atl_log(ATL_LOG_ERROR, "proofs", "the stitches are not those of the digest", "number=%llx",
                (unsigned long long)number);
        return false;
    }
    path_of(folder, number, ".plan", path);
    if (write_file(path, files->plan, files->plan_bytes)) {
        path_of(folder, number, ".png", path);
        if (write_file(path, files->png, files->png_bytes))
            return true;
    }
    atl_log(ATL_LOG_ERROR, "proofs", "proof not kept", "path=%s why=%s", path,
            atl_log_value(strerror(errno)).text);
    return false;
}

// A name is on the disk when its folder is.
static void flush_folder(const char *folder)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

void atl_proof_keep(const char *folder, int64_t number, const struct atl_proof_made *made,
                    const struct atl_proof_files *files)
{
    const struct atl_proof_result *result = &made->result;
    const struct atl_sewn *sewn = &made->sewn;
    char path[ATL_PROOFS_PATH_BYTES];
    char digest[ATL_HASH_HEX_CAP];
    char note[NOTE_BYTES];
    int len;

    if (result->verdict == ATL_PROOF_VERDICT_READY && !keep_files(folder, number, made, files))
        return;
    atl_hex_encode(result->digest, sizeof result->digest, digest);
    len = snprintf(note, sizeof note, "%d %u %d %d %u %u %u %u %s\n", (int)result->verdict,
                   result->letter, (int)result->width_um, (int)result->height_um, sewn->stitches,
                   sewn->trims, sewn->colours, sewn->run_s, digest);
    path_of(folder, number, ".proof", path);
    (void)write_file(path, note, (size_t)len);
    flush_folder(folder);
}

static bool parse_note(char *note, struct atl_proof_made *out)
{
    char *at = note;
    long fields[NOTE_FIELDS];

    *out = (struct atl_proof_made){0};
    for (size_t i = 0; i < NOTE_FIELDS; i++) {
        char *end;

        fields[i] = strtol(at, &end, 10);
        if (end == at)
            return false;
        at = end;
    }
    at += strspn(at, " ");
    at[strcspn(at, "\n")] = '\0';
    out->result.verdict = (enum atl_proof_verdict)fields[0];
    out->result.letter = (uint32_t)fields[1];
    out->result.width_um = (int32_t)fields[2];
    out->result.height_um = (int32_t)fields[3];
    out->sewn.stitches = (uint32_t)fields[4];
    out->sewn.trims = (uint32_t)fields[5];
    out->sewn.colours = (uint32_t)fields[6];
    out->sewn.run_s = (uint32_t)fields[7];
    return atl_hex_decode(at, strlen(at), out->result.digest, sizeof out->result.digest, NULL) ==
           ATL_OK;
}

// A note alone is no proof: stitches that are lost or changed are sewn anew, and are the same
// again.
static bool has_plan(const char *folder, int64_t number, const struct atl_proof_result *result)
{
    char path[ATL_PROOFS_PATH_BYTES];

    if (result->verdict != ATL_PROOF_VERDICT_READY)
        return true;
    path_of(folder, number, ".plan", path);
    return atl_kept_plan_check(path, result->digest, NULL) == ATL_OK;
}

bool atl_proof_recall(const char *folder, int64_t number, struct atl_proof_view *out)
{
    char path[ATL_PROOFS_PATH_BYTES];
    char note[NOTE_BYTES + 1];
    struct atl_proof_made made;
    ssize_t len;
    int fd;

    path_of(folder, number, ".proof", path);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    len = read(fd, note, NOTE_BYTES);
    close(fd);
    if (len <= 0)
        return false;
    note[len] = '\0';
    if (!parse_note(note, &made) || !has_plan(folder, number, &made.result))
        return false;
    out->verdict = made.result.verdict;
    out->letter = made.result.letter;
    out->width_um = made.result.width_um;
    out->height_um = made.result.height_um;
    out->sewn = made.sewn;
    out->ref.stitch_count = (int32_t)made.sewn.stitches;
    out->ref.kind = ATL_PROOF_KIND_STITCHES;
    out->ref.state = made.result.verdict == ATL_PROOF_VERDICT_READY ? ATL_PROOF_STATE_READY
                                                                    : ATL_PROOF_STATE_REFUSED;
    memcpy(out->ref.digest, made.result.digest, sizeof out->ref.digest);
    if (out->ref.state == ATL_PROOF_STATE_READY)
        path_of(folder, number, ".png", out->picture);
    return true;
}

void atl_proofs_plan_path(const struct atl_config *config, int64_t number,
                          char out[ATL_PROOFS_PATH_BYTES])
{
    path_of(atl_path_data(config, "proofs").text, number, ".plan", out);
}
