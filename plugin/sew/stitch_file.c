// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/stitch_file.h"

#include <stdio.h>
#include <string.h>

static atl_code parse(const char *path, const struct atl_buf *bytes,
                      const struct atl_stitch_rules *rules, struct sew_file *out,
                      struct atl_error *err)
{
    atl_code rc;

    out->format = atl_stitch_format_of(path, bytes->data, bytes->len);
    if (!out->format)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "%s is no stitch file that is known here: dst, pes, exp, jef and vp3 are",
                        path);
    rc = out->format->read(bytes->data, bytes->len, rules, &out->plan, &out->info, err);
    return rc ? atl_wrap(err, rc, "%s", path) : ATL_OK;
}

atl_code sew_stitch_read(const char *path, const struct atl_stitch_rules *rules,
                         struct sew_file *out, struct atl_error *err)
{
    struct atl_buf bytes;
    atl_code rc = sew_file_read(path, ATL_STITCH_FILE_MAX_BYTES, &bytes, err);

    if (!rc && !bytes.len)
        rc = atl_fail(err, ATL_E_CORRUPT, "%s is empty", path);
    if (!rc)
        rc = parse(path, &bytes, rules, out, err);
    atl_buf_free(&bytes);
    return rc;
}

atl_code sew_machine_find(const struct sew_options *options, struct atl_machine *out,
                          struct atl_error *err)
{
    static struct sew_list list;
    char path[PATH_MAX];
    char all[180];
    atl_code rc = sew_file_list(options->data, "machines", ".machine", &list, err);

    for (size_t i = 0; i < list.count && !rc; i++) {
        if (strcmp(list.names[i], options->machine) != 0)
            continue;
        snprintf(path, sizeof path, "%s/machines/%s.machine", options->data, options->machine);
        return atl_machine_load(path, out, err);
    }
    if (rc)
        return rc;
    sew_list_say(&list, all, sizeof all);
    return atl_fail(err, ATL_E_NOT_FOUND, "there is no machine %.30s; there are %s",
                    options->machine, all);
}

static atl_code find_hoop(const struct sew_options *options, const struct atl_machine *machine,
                          const struct atl_plan *plan, const struct atl_hoop **hoop,
                          struct atl_error *err)
{
    char all[160] = "";
    size_t used = 0;

    *hoop = options->hoop ? atl_machine_hoop(machine, options->hoop)
                          : atl_machine_nearest(machine, plan);
    if (!options->hoop || *hoop)
        return atl_machine_check(machine, plan, *hoop, err);
    for (size_t i = 0; i < machine->hoop_count && used < sizeof all; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, " %s", machine->hoops[i].name);
    return atl_fail(err, ATL_E_INVALID, "%s has no hoop %.20s; it has%s", machine->name,
                    options->hoop, all);
}

// Where the file goes: what was asked for, if its end is the machine's; else the machine's name.
static atl_code choose_path(const struct sew_options *options, const struct atl_machine *machine,
                            char *path, size_t size, struct atl_error *err)
{
    char name[ATL_MACHINE_FILE_NAME_CAP];
    char end[16];
    const char *code = options->code ? options->code : "ATELIER";
    atl_code rc;

    snprintf(end, sizeof end, ".%s", machine->format->extension);
    if (options->output && !sew_file_ends(options->output, end))
        return atl_fail(err, ATL_E_INVALID, "%s reads %s files: let %.60s end in %s", machine->name,
                        machine->format->extension, options->output, end);
    rc = atl_machine_file_name(machine, code, 0, name, err);
    if (rc)
        return atl_wrap(err, rc, "--code");
    snprintf(path, size, "%s", options->output ? options->output : name);
    return ATL_OK;
}

// EXP has one mark for a stop and a change of colour; every other act comes back as it was.
static bool is_same(const struct atl_plan *plan, const struct sew_file *file)
{
    bool has_stops = strcmp(file->format->name, "exp") != 0;

    if (plan->count != file->plan.count)
        return false;
    for (size_t i = 0; i < plan->count; i++) {
        struct atl_stitch a = plan->acts[i], b = file->plan.acts[i];

        if (!has_stops && a.act == ATL_ACT_STOP)
            a.act = ATL_ACT_COLOUR;
        if (a.act != b.act || a.x_dmm != b.x_dmm || a.y_dmm != b.y_dmm)
            return false;
    }
    return true;
}

static atl_code compare(const struct atl_plan *plan, const struct sew_written *out,
                        struct atl_error *err)
{
    if (is_same(plan, &out->file))
        return ATL_OK;
    return atl_fail(err, ATL_E_CORRUPT,
                    "%s: the file does not sew what was designed; nothing was put in place",
                    out->staged.path[0] ? out->staged.path : "the design");
}

// Before it is understood: a bit that no stitch shows is a fault of the disk all the same.
static atl_code compare_bytes(const struct atl_buf *bytes, const struct atl_buf *back,
                              const char *path, struct atl_error *err)
{
    if (back->len == bytes->len && memcmp(back->data, bytes->data, bytes->len) == 0)
        return ATL_OK;
    return atl_fail(err, ATL_E_CORRUPT,
                    "%s: what was read back is not what was written; the disk or stick is not to "
                    "be trusted, nothing was put in place",
                    path);
}

static atl_code through_memory(const struct atl_plan *plan, const struct atl_buf *bytes,
                               struct sew_written *out, struct atl_error *err)
{
    atl_code rc = parse("design.dst", bytes, &atl_stitch_rules_default, &out->file, err);

    out->bytes = bytes->len;
    return rc ? rc : compare(plan, out, err);
}

static atl_code through_disk(const struct sew_options *options, const struct atl_plan *plan,
                             const char *path, const struct atl_stitch_rules *rules,
                             const struct atl_buf *bytes, struct sew_written *out,
                             struct atl_error *err)
{
    struct atl_buf back;
    atl_code rc = sew_file_stage(path, options->is_forced, bytes, &out->staged, err);

    if (rc)
        return rc;
    rc = sew_file_read(out->staged.beside, ATL_STITCH_FILE_MAX_BYTES, &back, err);
    if (!rc)
        rc = compare_bytes(bytes, &back, path, err);
    if (!rc)
        rc = parse(path, &back, rules, &out->file, err);
    atl_buf_free(&back);
    out->bytes = bytes->len;
    return rc ? rc : compare(plan, out, err);
}

atl_code sew_stitch_write(const struct sew_options *options, const struct atl_plan *plan,
                          struct sew_written *out, struct atl_error *err)
{
    const struct atl_stitch_label label = {.code = options->code ? options->code : "ATELIER"};
    struct atl_stitch_rules rules = atl_stitch_rules_default;
    const struct atl_stitch_format *format = atl_stitch_format_find("dst");
    char path[PATH_MAX] = "";
    struct atl_buf bytes;
    atl_code rc = ATL_OK;

    *out = (struct sew_written){.has_machine = options->machine != NULL};
    atl_plan_init(&out->file.plan);
    atl_buf_init(&bytes, ATL_STITCH_FILE_MAX_BYTES);
    if (out->has_machine)
        rc = sew_machine_find(options, &out->machine, err);
    if (!rc && out->has_machine)
        rc = find_hoop(options, &out->machine, plan, &out->hoop, err);
    if (!rc && out->has_machine)
        rc = choose_path(options, &out->machine, path, sizeof path, err);
    if (!rc && out->has_machine) {
        rules = atl_machine_rules(&out->machine, out->hoop);
        format = out->machine.format;
        rc = sew_file_free(path, options->is_forced, err);
    }
    if (!rc)
        rc = format->write(plan, &rules, &label, &bytes, err);
    if (!rc)
        rc = out->has_machine ? through_disk(options, plan, path, &rules, &bytes, out, err)
                              : through_memory(plan, &bytes, out, err);
    atl_buf_free(&bytes);
    return rc;
}

void sew_written_free(struct sew_written *written)
{
    sew_file_drop(&written->staged);
    atl_plan_free(&written->file.plan);
}
