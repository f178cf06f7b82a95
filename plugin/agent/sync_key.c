// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sync.h"
#include "plugin/core/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES = 4096 };

static atl_code check_mode(const char *file, int fd, struct atl_error *err)
{
    struct stat is;

    if (fstat(fd, &is) != 0 || !S_ISREG(is.st_mode))
        return atl_fail(err, ATL_E_INVALID, "%s is not a file", file);
    if (is.st_mode & 077)
        return atl_fail(err, ATL_E_INVALID,
                        "%s may be read by others (mode %04o): chmod 600 %s, and have the cloud "
                        "make a new key if it was exposed",
                        file, (unsigned)(is.st_mode & 07777), file);
    if (is.st_uid != geteuid() && is.st_uid != 0)
        return atl_fail(err, ATL_E_INVALID, "%s belongs to user %u: chown it to the agent's user",
                        file, (unsigned)is.st_uid);
    return ATL_OK;
}

// The value of "name = value" in the text, up to the line's end; NULL when there is none.
static const char *find_value(const char *text, const char *name, size_t *len)
{
    const size_t name_len = strlen(name);

    for (const char *line = text; *line;) {
        const size_t whole = strcspn(line, "\n");
        const char *at = line + strspn(line, " \t");

        if (strncmp(at, name, name_len) == 0) {
            at += name_len + strspn(at + name_len, " \t");
            if (*at == '=') {
                at += 1 + strspn(at + 1, " \t");
                *len = strcspn(at, " \t\r\n");
                return at;
            }
        }
        line += whole + (line[whole] == '\n');
    }
    return NULL;
}

static bool copy_value(const char *text, const char *name, char *out, size_t size)
{
    size_t len = 0;
    const char *value = find_value(text, name, &len);

    if (!value || len == 0 || len >= size)
        return false;
    memcpy(out, value, len);
    out[len] = '\0';
    return true;
}

// A key with a line break in it would become two headers.
static bool is_printable(const char *text)
{
    for (; *text; text++)
        if (*text <= 0x20 || *text >= 0x7f)
            return false;
    return true;
}

static bool take_apart(const char *text, struct atl_sync_key *key)
{
    static const char prefix[] = "whsec_";
    const size_t skip = sizeof prefix - 1;
    char secret[160];
    bool is_good;

    is_good = copy_value(text, "store", key->store, sizeof key->store) &&
              copy_value(text, "key", key->bearer, sizeof key->bearer) &&
              is_printable(key->bearer) && copy_value(text, "secret", secret, sizeof secret) &&
              strncmp(secret, prefix, skip) == 0 &&
              atl_base64_decode(secret + skip, strlen(secret) - skip, key->secret,
                                sizeof key->secret, &key->secret_len, NULL) == ATL_OK &&
              key->secret_len >= 24;
    atl_hash_wipe(secret, sizeof secret);
    return is_good;
}

atl_code atl_sync_key_read(const char *file, struct atl_sync_key *out, struct atl_error *err)
{
    struct atl_sync_key key = {0};
    char text[FILE_BYTES] = {0};
    const int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    atl_code rc;

    if (fd < 0)
        return atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO,
                        "key file %s: %s; \"atelier-cloud add-store\" makes one", file,
                        strerror(errno));
    rc = check_mode(file, fd, err);
    if (!rc && read(fd, text, sizeof text - 1) <= 0)
        rc = atl_fail(err, ATL_E_IO, "key file %s cannot be read", file);
    close(fd);
    if (!rc && !take_apart(text, &key))
        rc = atl_fail(err, ATL_E_INVALID,
                      "key file %s is not complete: it has the lines store, key and secret, as "
                      "\"atelier-cloud add-store\" writes them",
                      file);
    if (!rc)
        *out = key;
    atl_hash_wipe(text, sizeof text);
    atl_hash_wipe(&key, sizeof key);
    return rc;
}

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

// The host ends where port or path begin: "http://127.0.0.1.evil.example" is not this machine.
static bool is_loopback(const char *url)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        if (starts(url, hosts[i]) && strchr(":/", url[strlen(hosts[i])]))
            return true; // strchr finds the end of the text, too
    return false;
}

atl_code atl_sync_url_check(const char *url, struct atl_error *err)
{
    const char *host = strstr(url, "://");

    if (!starts(url, "https://") && !is_loopback(url))
        return atl_fail(err, ATL_E_INVALID,
                        "cloud url %s: it must begin with https:// (http:// only for this machine "
                        "itself)",
                        url);
    if (!host || strlen(host) < 4 || strpbrk(url, "@ \t?#\\") || url[strlen(url) - 1] == '/')
        return atl_fail(err, ATL_E_INVALID,
                        "cloud url %s: it is https://HOST, HOST:PORT or HOST/PATH, without user, ? "
                        "or / at the end",
                        url);
    return ATL_OK;
}
