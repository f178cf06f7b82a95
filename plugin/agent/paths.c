// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// config.c limits folders to ATL_CONFIG_PATH_BYTES; names of ours are far below the rest.
static struct atl_path join(const char *folder, const char *name)
{
    struct atl_path path = {0};

    (void)snprintf(path.text, sizeof path.text, "%s/%.60s", folder, name);
    return path;
}

struct atl_path atl_path_data(const struct atl_config *config, const char *name)
{
    return join(config->data, name);
}

struct atl_path atl_path_run(const struct atl_config *config, const char *name)
{
    return join(config->run, name);
}

struct atl_path atl_path_store(const struct atl_config *config)
{
    return join(config->data, "atelier.db");
}

struct atl_path atl_path_pos_socket(const struct atl_config *config)
{
    return join(config->run, "pos.sock");
}

struct atl_path atl_path_render_socket(const struct atl_config *config)
{
    return join(config->run, "render.sock");
}

static atl_code check_folder(const char *path, struct atl_error *err)
{
    struct stat is;

    if (stat(path, &is) != 0)
        return atl_fail(err, ATL_E_IO, "folder %s: %s", path, strerror(errno));
    if (!S_ISDIR(is.st_mode))
        return atl_fail(err, ATL_E_INVALID, "%s is not a folder; move it away", path);
    if (is.st_uid != geteuid())
        return atl_fail(err, ATL_E_INVALID,
                        "folder %s belongs to user %u, and this is user %u; chown it, or run as "
                        "that user",
                        path, (unsigned)is.st_uid, (unsigned)geteuid());
    if (access(path, W_OK | X_OK) != 0)
        return atl_fail(err, ATL_E_IO, "folder %s cannot be written: %s", path, strerror(errno));
    return ATL_OK;
}

// Makes the folder and those above it.
static atl_code make_folder(const char *path, mode_t mode, struct atl_error *err)
{
    struct atl_path part = {0};
    const size_t len = strlen(path);

    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part.text, path, i);
        part.text[i] = '\0';
        if (mkdir(part.text, i == len ? mode : 0755) != 0 && errno != EEXIST)
            return atl_fail(err, ATL_E_IO, "make folder %s: %s", part.text, strerror(errno));
    }
    return check_folder(path, err);
}

atl_code atl_paths_make(const struct atl_config *config, struct atl_error *err)
{
    static const char *const below_data[] = {"fonts", "proofs", "backups"};
    atl_code rc = make_folder(config->data, 0700, err);

    if (!rc)
        rc = make_folder(config->run, 0755, err);
    for (size_t i = 0; !rc && i < sizeof below_data / sizeof below_data[0]; i++)
        rc = make_folder(join(config->data, below_data[i]).text, 0700, err);
    return rc;
}
