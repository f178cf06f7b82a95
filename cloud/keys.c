// SPDX-License-Identifier: Apache-2.0
#include "cloud/keys.h"

#include "plugin/core/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 16 << 20, SECRET_BYTES = 32, BEARER_BYTES = 26, PATH_CAP = 4096 };

static const char first_line[] = "# Keys of the shops; made by atelier-cloud add-store. One line a "
                                 "key; delete a line to revoke it.\n";

struct atl_keys {
    char path[PATH_CAP];
    struct stat seen;    // the file as it was read
    struct atl_key *all; // owned
    size_t count;
};

bool atl_store_name_is_valid(const char *name)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t retailer = strspn(name, good);
    if (retailer < 1 || retailer > 64 || name[retailer] != '/')
        return false;
    size_t store = strspn(name + retailer + 1, good);
    return store >= 1 && store <= 64 && name[retailer + 1 + store] == '\0';
}

// Reading.

static atl_code read_all(int fd, size_t size, struct atl_buf *out, struct atl_error *err)
{
    char chunk[4096];
    (void)size;
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return atl_fail(err, ATL_E_IO, "%s", strerror(errno));
        if (got == 0)
            break;
        atl_buf_add(out, chunk, (size_t)got);
    }
    atl_hash_wipe(chunk, sizeof chunk);
    return atl_buf_check(out, err);
}

static atl_code read_file(const char *path, struct atl_buf *out, struct stat *seen,
                          struct atl_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO, "open %s: %s", path,
                        strerror(errno));
    atl_code rc = ATL_OK;
    if (fstat(fd, seen) < 0 || !S_ISREG(seen->st_mode))
        rc = atl_fail(err, ATL_E_INVALID, "%s is not a file", path);
    else if (seen->st_mode & 077)
        rc = atl_fail(err, ATL_E_INVALID, "%s can be read by others: chmod 600 %s", path, path);
    else if ((rc = read_all(fd, (size_t)seen->st_size, out, err)))
        rc = atl_wrap(err, rc, "read %s", path);
    close(fd);
    return rc;
}

static bool take_secret(struct atl_key *key, const char *word, size_t len)
{
    static const char prefix[] = "whsec_";
    size_t skip = sizeof prefix - 1, i = key->secret_count;
    if (i == ATL_KEY_SECRETS_MAX || len <= skip || memcmp(word, prefix, skip) != 0)
        return false;
    if (atl_base64_decode(word + skip, len - skip, key->secrets[i], sizeof key->secrets[i],
                          &key->secret_lens[i], NULL))
        return false;
    key->secret_count++;
    return key->secret_lens[i] >= 24;
}

static bool take_bearer(struct atl_key *key, const char *word, size_t len)
{
    static const char prefix[] = "sha256=";
    size_t skip = sizeof prefix - 1;
    return len > skip && memcmp(word, prefix, skip) == 0 &&
           !atl_hex_decode(word + skip, len - skip, key->bearer_sha256, ATL_HASH_BYTES, NULL);
}

// The cause, or NULL.
static const char *parse_line(const char *line, struct atl_key *key)
{
    size_t len = strcspn(line, " \t");
    if (len >= sizeof key->store)
        return "the shop's name is too long";
    memcpy(key->store, line, len);
    key->store[len] = '\0';
    if (!atl_store_name_is_valid(key->store))
        return "a line begins with RETAILER/STORE";
    for (int i = 0;; i++) {
        line += len;
        line += strspn(line, " \t\r");
        len = strcspn(line, " \t\r");
        if (len == 0)
            return i >= 2 ? NULL : "sha256=… and whsec_… must follow the shop's name";
        if (i == 0 && !take_bearer(key, line, len))
            return "the second word must be sha256= and 64 hex digits";
        if (i > 0 && !take_secret(key, line, len))
            return "a secret is whsec_ and base64 of 24 to 64 bytes, four at most";
    }
}

static atl_code parse_file(char *text, struct atl_keys *keys, struct atl_error *err)
{
    int number = 0;
    for (char *line = text, *next; line; line = next) {
        number++;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (line[strspn(line, " \t\r")] == '\0' || line[0] == '#')
            continue;
        struct atl_key key = {0};
        const char *why = parse_line(line, &key);
        if (why)
            return atl_fail(err, ATL_E_INVALID, "%s:%d: %s", keys->path, number, why);
        struct atl_key *all = realloc(keys->all, (keys->count + 1) * sizeof *all);
        if (!all)
            return atl_fail(err, ATL_E_NOMEM, "no memory for the keys");
        keys->all = all;
        keys->all[keys->count++] = key;
        atl_hash_wipe(&key, sizeof key);
    }
    return ATL_OK;
}

static void forget(struct atl_keys *keys)
{
    if (keys->all)
        atl_hash_wipe(keys->all, keys->count * sizeof *keys->all);
    free(keys->all);
    keys->all = NULL;
    keys->count = 0;
}

static int compare_bearers(const void *a, const void *b)
{
    const struct atl_key *left = a, *right = b;
    return memcmp(left->bearer_sha256, right->bearer_sha256, ATL_HASH_BYTES);
}

static atl_code load(struct atl_keys *keys, struct atl_error *err)
{
    struct atl_buf text;
    struct atl_keys fresh = {.count = 0};
    memcpy(fresh.path, keys->path, sizeof fresh.path);
    atl_buf_init(&text, FILE_MAX);
    atl_code rc = read_file(keys->path, &text, &fresh.seen, err);
    if (!rc && text.len > 0)
        rc = parse_file((char *)text.data, &fresh, err);
    if (text.data)
        atl_hash_wipe(text.data, text.len);
    atl_buf_free(&text);
    if (rc) {
        forget(&fresh);
        return rc;
    }
    if (fresh.count > 1)
        qsort(fresh.all, fresh.count, sizeof *fresh.all, compare_bearers);
    forget(keys);
    *keys = fresh;
    return ATL_OK;
}

atl_code atl_keys_open(struct atl_keys **out, const char *path, struct atl_error *err)
{
    struct atl_keys *keys = calloc(1, sizeof *keys);
    if (!keys || strlen(path) >= sizeof keys->path) {
        free(keys);
        return atl_fail(err, ATL_E_NOMEM, "no memory for the keys, or a path too long");
    }
    memcpy(keys->path, path, strlen(path) + 1);
    atl_code rc = load(keys, err);
    if (rc) {
        atl_keys_close(keys);
        return rc;
    }
    *out = keys;
    return ATL_OK;
}

void atl_keys_close(struct atl_keys *keys)
{
    if (!keys)
        return;
    forget(keys);
    free(keys);
}

size_t atl_keys_count(const struct atl_keys *keys)
{
    return keys->count;
}

atl_code atl_keys_refresh(struct atl_keys *keys, struct atl_error *err)
{
    struct stat now;
    if (stat(keys->path, &now) < 0)
        return atl_fail(err, ATL_E_IO, "%s: %s", keys->path, strerror(errno));
    const struct stat *seen = &keys->seen;
    if (now.st_ino == seen->st_ino && now.st_size == seen->st_size &&
        now.st_mtim.tv_sec == seen->st_mtim.tv_sec && now.st_mtim.tv_nsec == seen->st_mtim.tv_nsec)
        return ATL_OK;
    return load(keys, err);
}

// The search compares hashes, which a stranger cannot steer; the last word is in constant time.
const struct atl_key *atl_keys_find(const struct atl_keys *keys, const char *bearer)
{
    struct atl_key wanted;
    atl_hash_sha256(bearer, strlen(bearer), wanted.bearer_sha256);
    const struct atl_key *found =
        keys->count ? bsearch(&wanted, keys->all, keys->count, sizeof wanted, compare_bearers)
                    : NULL;
    return found && atl_hash_equal(found->bearer_sha256, wanted.bearer_sha256, ATL_HASH_BYTES)
               ? found
               : NULL;
}

// Making.

static atl_code random_bytes(void *out, size_t len, struct atl_error *err)
{
    if (getrandom(out, len, 0) != (ssize_t)len)
        return atl_fail(err, ATL_E_IO, "the machine gives no random bytes: %s", strerror(errno));
    return ATL_OK;
}

static atl_code make_key(const char *store, struct atl_key_made *made, struct atl_buf *line,
                         struct atl_error *err)
{
    uint8_t bytes[BEARER_BYTES], secret[SECRET_BYTES], hash[ATL_HASH_BYTES];
    char hex[ATL_HASH_HEX_CAP];
    atl_code rc;
    if ((rc = random_bytes(bytes, sizeof bytes, err)) ||
        (rc = random_bytes(secret, sizeof secret, err)))
        return rc;
    memcpy(made->bearer, "ask_", 4);
    atl_hex_encode(bytes, sizeof bytes, made->bearer + 4);
    memcpy(made->secret, "whsec_", 6);
    atl_base64_encode(secret, sizeof secret, made->secret + 6, sizeof made->secret - 6);
    atl_hash_sha256(made->bearer, strlen(made->bearer), hash);
    atl_hex_encode(hash, sizeof hash, hex);
    atl_buf_addf(line, "%s sha256=%s %s\n", store, hex, made->secret);
    atl_hash_wipe(bytes, sizeof bytes);
    atl_hash_wipe(secret, sizeof secret);
    return ATL_OK;
}

static atl_code write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, bytes, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return ATL_E_IO;
        bytes += done;
        len -= (size_t)done;
    }
    return ATL_OK;
}

// A whole new file beside the old one, then a rename: nobody reads half a file.
static atl_code replace_file(const char *path, const struct atl_buf *text, struct atl_error *err)
{
    char beside[PATH_CAP + 8];
    (void)snprintf(beside, sizeof beside, "%s.new", path);
    (void)unlink(beside);
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return atl_fail(err, ATL_E_IO, "make %s: %s", beside, strerror(errno));
    atl_code rc = write_all(fd, text->data, text->len);
    if (fsync(fd) < 0)
        rc = ATL_E_IO;
    if (close(fd) < 0)
        rc = ATL_E_IO;
    if (!rc && rename(beside, path) < 0)
        rc = ATL_E_IO;
    if (rc)
        (void)unlink(beside);
    return rc ? atl_fail(err, rc, "write %s: %s", path, strerror(errno)) : ATL_OK;
}

static bool has_store(const struct atl_buf *text, const char *store)
{
    size_t len = strlen(store);
    for (const char *line = text->len ? (const char *)text->data : NULL; line;) {
        if (strncmp(line, store, len) == 0 && line[len] == ' ')
            return true;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return false;
}

static atl_code add_line(const char *path, const char *store, bool is_another, struct atl_buf *text,
                         struct atl_key_made *made, struct atl_error *err)
{
    struct stat seen;
    atl_code rc = read_file(path, text, &seen, err);
    if (rc == ATL_E_NOT_FOUND)
        atl_buf_add(text, first_line, sizeof first_line - 1);
    else if (rc)
        return rc;
    if (text->len > 0 && text->data[text->len - 1] != '\n')
        ATL_BUF_LIT(text, "\n");
    if (!is_another && has_store(text, store))
        return atl_fail(err, ATL_E_CONFLICT,
                        "%s has a key already: add a second with --another, give it to the shop, "
                        "then delete the old line from %s",
                        store, path);
    if ((rc = make_key(store, made, text, err)) || (rc = atl_buf_check(text, err)))
        return rc;
    return replace_file(path, text, err);
}

atl_code atl_keys_add(const char *path, const char *store, bool is_another,
                      struct atl_key_made *out, struct atl_error *err)
{
    if (!atl_store_name_is_valid(store))
        return atl_fail(err, ATL_E_INVALID,
                        "a shop is RETAILER/STORE, each of letters, digits, '.', '_' and '-'");
    if (strlen(path) >= PATH_CAP)
        return atl_fail(err, ATL_E_INVALID, "the path of the key file is too long");
    struct atl_buf text;
    struct atl_key_made made = {{0}, {0}};
    atl_buf_init(&text, FILE_MAX);
    atl_code rc = add_line(path, store, is_another, &text, &made, err);
    if (!rc)
        *out = made;
    if (text.data)
        atl_hash_wipe(text.data, text.len);
    atl_hash_wipe(&made, sizeof made);
    atl_buf_free(&text);
    return rc;
}
