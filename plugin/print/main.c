// SPDX-License-Identifier: Apache-2.0
// atelier-print: a template, filled, shown and printed, without an agent.
#include "plugin/print/device.h"
#include "plugin/print/learn.h"
#include "plugin/print/options.h"
#include "plugin/print/paper.h"

#include <stdio.h>

#ifndef ATL_VERSION
#define ATL_VERSION "?"
#endif

static atl_code print_page(const struct print_options *options, const struct print_device *device,
                           const struct atl_page *page, struct atl_error *err)
{
    struct atl_link *link = NULL;
    char fate[300] = "";
    atl_code rc = print_link_open(options, &link, err);

    if (rc)
        return rc;
    rc = print_send(device, link, page, fate, sizeof fate, err);
    link->ops->close(link);
    if (!rc)
        fprintf(stderr, "atelier-print: %s\n", fate);
    return rc;
}

static atl_code use_template(const struct print_options *options, struct atl_error *err)
{
    struct atl_template *tmpl = NULL;
    struct atl_page *page = NULL;
    struct print_device device;
    atl_code rc = print_template_load(options, &tmpl, err);

    if (rc)
        return rc;
    // A label is printed by whatever is as wide as it, or wider; a roll fits one width.
    rc = print_device_find(options, atl_template_height_um(tmpl) ? 0 : atl_template_paper_um(tmpl),
                           &device, err);
    if (!rc)
        rc = print_paper(options, tmpl, &page, err);
    if (!rc && options->preview)
        rc = print_preview(options, &device, page, err);
    if (!rc && options->to)
        rc = print_page(options, &device, page, err);
    if (!rc && !options->preview && !options->to)
        printf("%s is good\n", options->template);
    atl_page_free(page);
    atl_template_close(tmpl);
    return rc;
}

static atl_code work(const struct print_options *options, struct atl_error *err)
{
    if (options->is_list)
        return print_list(err);
    if (options->is_templates)
        return print_templates(options, err);
    if (options->is_status)
        return print_status(options, err);
    if (options->is_test_page)
        return print_learn(options, err);
    return use_template(options, err);
}

int main(int argc, char **argv)
{
    struct print_options options;
    struct atl_error err = {0};
    atl_code rc;

    if (print_options_read(argc, argv, &options, &err)) {
        fprintf(stderr, "atelier-print: %s\n", err.text);
        return PRINT_EXIT_USAGE;
    }
    if (options.is_help) {
        print_options_help();
        return PRINT_EXIT_OK;
    }
    if (options.is_version) {
        printf("atelier-print %s\n", ATL_VERSION);
        return PRINT_EXIT_OK;
    }
    rc = work(&options, &err);
    if (!rc)
        return PRINT_EXIT_OK;
    fprintf(stderr, "atelier-print: %s\n", err.text);
    return rc == ATL_E_DEVICE || rc == ATL_E_TIMEOUT ? PRINT_EXIT_TROUBLE : PRINT_EXIT_FAILED;
}
