// SPDX-License-Identifier: Apache-2.0
// Checks of the catalogue's folder, and the commands for those who edit it.
#include "plugin/agent/commands.h"
#include "plugin/agent/doctor.h"
#include "plugin/agent/process.h"
#include "plugin/render/font_facts.h"
#include "plugin/wire/catalogue_json.h"

#include <stdio.h>
#include <string.h>

enum { REPORT_BYTES = 64 * 1024, FACTS_BYTES = 4 * 1024 * 1024 };

static enum atl_finding check_catalogue(const struct atl_config *config, char *text, size_t size)
{
    struct atl_catalogue catalogue = {0};
    struct atl_error err = {0};
    enum atl_finding finding = ATL_FINDING_OK;

    if (atl_catalogue_load_folder(config->catalogue, &catalogue, NULL, &err))
        return atl_find(ATL_FINDING_WRONG, text, size, "%s", err.text);
    if (config->currency[0] && strcmp(catalogue.currency, config->currency) != 0)
        finding = atl_find(ATL_FINDING_WRONG, text, size,
                           "its prices are in %s, and [shop] currency is %s; make them one",
                           catalogue.currency, config->currency);
    else
        (void)atl_find(ATL_FINDING_OK, text, size, "%zu products of %s", catalogue.product_count,
                       catalogue.name);
    atl_catalogue_free(&catalogue);
    return finding;
}

// The first font that is missing; all of them count.
static enum atl_finding check_fonts(const struct atl_config *config, char *text, size_t size)
{
    struct atl_catalogue catalogue = {0};
    struct atl_error err = {0};
    enum atl_finding finding = ATL_FINDING_OK;
    size_t missing = 0;

    if (atl_catalogue_load_folder(config->catalogue, &catalogue, NULL, NULL))
        return ATL_FINDING_NONE; // said by the catalogue's own line
    for (size_t i = 0; i < catalogue.font_count; i++)
        if (atl_font_installed(catalogue.fonts[i].family, missing ? NULL : &err))
            missing++;
    if (missing)
        finding = atl_find(ATL_FINDING_WRONG, text, size, "%zu of %zu are missing: %s", missing,
                           catalogue.font_count, err.text);
    else
        (void)atl_find(ATL_FINDING_OK, text, size, "all %zu of the catalogue are installed",
                       catalogue.font_count);
    atl_catalogue_free(&catalogue);
    return finding;
}

static size_t count_ahead(const struct atl_product *product, int64_t now_ms)
{
    size_t ahead = 0;

    for (size_t i = 0; i < product->session_count; i++)
        ahead += product->sessions[i].start_ms > now_ms;
    return ahead;
}

// A product that is sold by the seat and has no session ahead cannot be sold any more.
static enum atl_finding check_sessions(const struct atl_config *config, char *text, size_t size)
{
    struct atl_catalogue catalogue = {0};
    enum atl_finding finding = ATL_FINDING_NONE;
    size_t ahead = 0;

    if (atl_catalogue_load_folder(config->catalogue, &catalogue, NULL, NULL))
        return ATL_FINDING_NONE; // said by the catalogue's own line
    for (size_t i = 0; i < catalogue.product_count && finding != ATL_FINDING_NOTE; i++) {
        const struct atl_product *product = &catalogue.products[i];

        if (product->kind != ATL_KIND_SEAT)
            continue;
        ahead += count_ahead(product, atl_clock_now_ms());
        finding = ATL_FINDING_OK;
        if (product->is_sellable && count_ahead(product, atl_clock_now_ms()) == 0)
            finding = atl_find(ATL_FINDING_NOTE, text, size,
                               "all of %s are over: add some, or make it \"is_sellable\": false",
                               product->sku);
    }
    if (finding == ATL_FINDING_OK)
        (void)atl_find(ATL_FINDING_OK, text, size, "%zu ahead", ahead);
    atl_catalogue_free(&catalogue);
    return finding;
}

const struct atl_check atl_doctor_catalogue[] = {
    {"catalogue", check_catalogue},
    {"fonts",     check_fonts    },
    {"sessions",  check_sessions },
    {NULL,        NULL           },
};

// ---- catalogue ----

// Every slip of the files, a line each.
static void print_slips(const char *folder)
{
    struct atl_catalogue catalogue = {0};
    struct atl_buf report;

    atl_buf_init(&report, REPORT_BYTES);
    if (atl_catalogue_load_folder(folder, &catalogue, &report, NULL) && report.len)
        printf("%.*s", (int)report.len, (const char *)report.data);
    atl_catalogue_free(&catalogue);
    atl_buf_free(&report);
}

static atl_code find_folder(const struct atl_call *call, struct atl_config *config,
                            struct atl_error *err)
{
    size_t len;

    if (!call->word_count)
        return atl_config_read(call->config_file, config, err);
    len = strlen(call->words[0]);
    if (len >= sizeof config->catalogue)
        return atl_fail(err, ATL_E_INVALID, "the name of the folder is too long");
    memcpy(config->catalogue, call->words[0], len + 1);
    return ATL_OK;
}

static int run_catalogue(const struct atl_call *call)
{
    static struct atl_config config;
    struct atl_error err = {0};

    if (find_folder(call, &config, &err))
        return atl_call_fail(call, &err);
    print_slips(config.catalogue);
    return atl_doctor_say(atl_doctor_catalogue, &config);
}

const struct atl_command atl_command_catalogue = {
    .name = "catalogue",
    .words = "[FOLDER]",
    .max_words = 1,
    .help = "look through a catalogue alone, and say every slip",
    .details = "Without FOLDER: the shop's own, and whether its currency is the shop's. A running "
               "agent reads its\ncatalogue when it starts: look first, then start it again. The "
               "exit code is 1 when anything is wrong.",
    .run = run_catalogue,
};

// ---- font-facts ----

static int run_font_facts(const struct atl_call *call)
{
    struct atl_error err = {0};
    struct atl_buf facts;
    atl_code rc;

    atl_buf_init(&facts, FACTS_BYTES);
    rc = atl_font_facts_write(call->words[0], &facts, &err);
    if (!rc)
        rc = atl_buf_check(&facts, &err);
    if (!rc && fwrite(facts.data, 1, facts.len, stdout) != facts.len)
        rc = atl_fail(&err, ATL_E_IO, "the facts could not be written");
    atl_buf_free(&facts);
    return rc ? atl_call_fail(call, &err) : ATL_EXIT_OK;
}

const struct atl_command atl_command_font_facts = {
    .name = "font-facts",
    .words = "FAMILY",
    .min_words = 1,
    .max_words = 1,
    .help = "write the facts of an installed font, as a catalogue needs them",
    .details = "FAMILY is a family and perhaps a style, as fc-list says it: \"Comfortaa Bold\". "
               "Into a file:\natelier-agent font-facts \"Comfortaa Bold\" > fonts/comfortaa.font",
    .run = run_font_facts,
};
