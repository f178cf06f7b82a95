// SPDX-License-Identifier: Apache-2.0
// sew-text FONT INDEX HEIGHT FOLDER TEXT…: a DST file for each text, FOLDER/0.dst, 1.dst, …; a line
// for each: how many parts, columns and fills, or why it was refused.
#include "drivers/stitch.h"
#include "plugin/stitch/lettering.h"

#include <stdio.h>
#include <stdlib.h>

static atl_code sew(struct atl_face *face, double height, const char *text, const char *path,
                    struct atl_lettering_report *report, struct atl_error *err)
{
    struct atl_lettering wish = {.text = text, .height_mm = height};
    struct atl_thread thread = {.rgb = 0x1D3F8F};
    struct atl_plan plan;
    struct atl_buf bytes;
    FILE *file;
    atl_code rc;

    atl_plan_init(&plan);
    atl_buf_init(&bytes, ATL_STITCH_FILE_MAX_BYTES);
    rc = atl_lettering_sew(face, &wish, &plan, report, err);
    atl_plan_thread(&plan, &thread);
    if (!rc)
        rc = atl_plan_check(&plan, err);
    if (!rc)
        rc = atl_stitch_format_find("dst")->write(&plan, &atl_stitch_rules_default,
                                                  &(struct atl_stitch_label){0}, &bytes, err);
    if (!rc) {
        file = fopen(path, "wb");
        if (!file || fwrite(bytes.data, 1, bytes.len, file) != bytes.len || fclose(file))
            rc = atl_fail(err, ATL_E_IO, "%s cannot be written", path);
    }
    atl_buf_free(&bytes);
    atl_plan_free(&plan);
    return rc;
}

int main(int argc, char **argv)
{
    struct atl_face *face = NULL;
    struct atl_error err = {0};

    if (argc < 6) {
        fprintf(stderr, "sew-text FONT INDEX HEIGHT FOLDER TEXT…\n");
        return 2;
    }
    if (atl_face_open(argv[1], (uint32_t)strtoul(argv[2], NULL, 10), &face, &err)) {
        fprintf(stderr, "sew-text: %s\n", err.text);
        return 1;
    }
    for (int i = 5; i < argc; i++) {
        struct atl_lettering_report report = {0};
        char path[4096];

        snprintf(path, sizeof path, "%s/%d.dst", argv[4], i - 5);
        if (sew(face, strtod(argv[3], NULL), argv[i], path, &report, &err))
            printf("refused %s\n", err.text);
        else
            printf("sewn %u parts %u columns %u fills\n", report.parts, report.columns,
                   report.fills);
    }
    atl_face_close(face);
    return 0;
}
