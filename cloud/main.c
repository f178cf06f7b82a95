// SPDX-License-Identifier: Apache-2.0
#include "cloud/keys.h"
#include "cloud/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef ATL_VERSION
#define ATL_VERSION "unknown"
#endif

static int complain(const struct atl_error *err)
{
    (void)fprintf(stderr, "atelier-cloud: %s\n", err->text);
    return err->code == ATL_E_INVALID ? 2 : 1;
}

static void print_key(FILE *file, const char *store, const struct atl_key_made *made)
{
    (void)fprintf(file,
                  "# Atelier: the key of one shop. Keep it secret; it is the shop's hand towards "
                  "the cloud.\nstore = %s\nkey = %s\nsecret = %s\n",
                  store, made->bearer, made->secret);
}

// The file is made first: a key that nobody can be told must not exist.
static atl_code open_out(const char *path, FILE **out, struct atl_error *err)
{
    *out = stdout;
    if (!path)
        return ATL_OK;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return atl_fail(err, ATL_E_IO, "make %s: %s%s", path, strerror(errno),
                        errno == EEXIST ? "; choose another name, or move that file away" : "");
    if (!(*out = fdopen(fd, "w"))) {
        close(fd);
        return atl_fail(err, ATL_E_NOMEM, "open %s: %s", path, strerror(errno));
    }
    return ATL_OK;
}

static int add_store(const struct atl_options *options)
{
    struct atl_error err;
    struct atl_key_made made;
    FILE *out;
    if (open_out(options->out, &out, &err))
        return complain(&err);
    atl_code rc = atl_keys_add(options->keys, options->store, options->is_another, &made, &err);
    if (!rc) {
        print_key(out, options->store, &made);
        atl_hash_wipe(&made, sizeof made);
        if (fflush(out) != 0 || (options->out && fsync(fileno(out)) < 0))
            rc = atl_fail(&err, ATL_E_IO, "write %s: %s", options->out ? options->out : "the key",
                          strerror(errno));
    }
    if (options->out) {
        (void)fclose(out);
        if (rc)
            (void)unlink(options->out);
        else
            (void)printf("atelier-cloud: %s has a key; take %s to the shop's agent\n",
                         options->store, options->out);
    }
    return rc ? complain(&err) : 0;
}

// Secrets stay out of core files; a sanitizer's leak check needs to look inside.
static void hide_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
    return;
#endif
#endif
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int main(int argc, char **argv)
{
    struct atl_options options;
    struct atl_error err;
    (void)umask(077);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    hide_memory();
    if (atl_options_parse(argc, argv, &options, &err))
        return complain(&err);
    switch (options.command) {
    case ATL_COMMAND_HELP:
        (void)fputs(atl_options_help, stdout);
        return 0;
    case ATL_COMMAND_VERSION:
        (void)puts("atelier-cloud " ATL_VERSION);
        return 0;
    case ATL_COMMAND_ADD_STORE:
        return add_store(&options);
    case ATL_COMMAND_SERVE:
        break;
    }
    return atl_service_run(&options, &err) ? complain(&err) : 0;
}
