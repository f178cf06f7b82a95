// SPDX-License-Identifier: Apache-2.0
// sew-layout FONT INDEX OUT.dst KEY=VALUE…: one design as a DST file, and a line of its figures; or
// why it was refused. Keys: kind, line (up to four times), align, height, pitch, radius, style,
// frame, order, fabric. OUT "-" writes no file.
#include "drivers/stitch.h"
#include "plugin/stitch/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {"lines", "arc", "monogram", NULL};
static const char *const aligns[] = {"centre", "left", "right", NULL};
static const char *const styles[] = {"traditional", "block", NULL};
static const char *const frames[] = {"none", "circle", "oval", "diamond", "square", NULL};
static const char *const orders[] = {"reading", "centre-out", NULL};

static int word(const char *const *words, const char *value)
{
    for (int i = 0; words[i]; i++) {
        if (!strcmp(words[i], value))
            return i;
    }
    fprintf(stderr, "sew-layout: %s is not known\n", value);
    exit(2);
}

static void read_key(const char *key, const char *value, struct atl_layout *wish)
{
    double number = strtod(value, NULL);

    if (!strcmp(key, "kind"))
        wish->kind = (enum atl_layout_kind)word(kinds, value);
    else if (!strcmp(key, "line") && wish->line_count < ATL_LAYOUT_LINES_MAX)
        wish->lines[wish->line_count++] = value;
    else if (!strcmp(key, "align"))
        wish->align = (enum atl_layout_align)word(aligns, value);
    else if (!strcmp(key, "height"))
        wish->height_mm = number;
    else if (!strcmp(key, "pitch"))
        wish->pitch_mm = number;
    else if (!strcmp(key, "radius"))
        wish->arc_radius_mm = number;
    else if (!strcmp(key, "style"))
        wish->monogram = (enum atl_monogram)word(styles, value);
    else if (!strcmp(key, "frame"))
        wish->frame = (enum atl_monogram_frame)word(frames, value);
    else if (!strcmp(key, "order"))
        wish->centre_out = word(orders, value) == 1;
    else if (!strcmp(key, "fabric"))
        wish->fabric = atl_fabric_find(value);
    else
        word(&(const char *const){NULL}, key);
}

static atl_code write_dst(struct atl_plan *plan, const char *path, struct atl_error *err)
{
    struct atl_thread thread = {.rgb = 0x1D3F8F};
    struct atl_buf bytes;
    FILE *file;
    atl_code rc;

    atl_buf_init(&bytes, ATL_STITCH_FILE_MAX_BYTES);
    atl_plan_thread(plan, &thread);
    rc = atl_plan_check(plan, err);
    if (!rc)
        rc = atl_stitch_format_find("dst")->write(plan, &atl_stitch_rules_default,
                                                  &(struct atl_stitch_label){0}, &bytes, err);
    if (!rc && strcmp(path, "-")) {
        file = fopen(path, "wb");
        if (!file || fwrite(bytes.data, 1, bytes.len, file) != bytes.len || fclose(file))
            rc = atl_fail(err, ATL_E_IO, "%s cannot be written", path);
    }
    atl_buf_free(&bytes);
    return rc;
}

int main(int argc, char **argv)
{
    struct atl_layout wish = {.height_mm = 15};
    struct atl_layout_report report = {0};
    struct atl_face *face = NULL;
    struct atl_error err = {0};
    struct atl_plan plan;
    atl_code rc;

    if (argc < 5) {
        fprintf(stderr, "sew-layout FONT INDEX OUT.dst KEY=VALUE…\n");
        return 2;
    }
    for (int i = 4; i < argc; i++) {
        char *equals = strchr(argv[i], '=');

        if (equals)
            *equals = 0;
        read_key(argv[i], equals ? equals + 1 : "", &wish);
    }
    atl_plan_init(&plan);
    rc = atl_face_open(argv[1], (uint32_t)strtoul(argv[2], NULL, 10), &face, &err);
    if (!rc)
        rc = atl_layout_sew(face, &wish, &plan, &report, &err);
    if (!rc)
        rc = write_dst(&plan, argv[3], &err);
    if (rc)
        printf("refused %s\n", err.text);
    else
        printf("sewn %.1f x %.1f mm, %u stitches, %u trims, %u fills, smallest %.1f mm\n",
               report.width_mm, report.height_mm, report.stitches, report.trims, report.sewn.fills,
               report.smallest_mm);
    atl_plan_free(&plan);
    atl_face_close(face);
    return rc ? 1 : 0;
}
