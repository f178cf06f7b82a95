// SPDX-License-Identifier: Apache-2.0
// Each check, on a machine that is well and on one that is not: the finding, and words of its cure.
#include "plugin/agent/doctor.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"
#include "plugin/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct atl_config config;
static char root[64];

static int remake(void **state)
{
    (void)state;
    (void)snprintf(root, sizeof root, "/tmp/atl-doctor-XXXXXX");
    if (!mkdtemp(root))
        return -1;
    config = (struct atl_config){
        .zone = "Europe/Paris",
        .zoneinfo = "/usr/share/zoneinfo",
        .currency = "EUR",
        .retailer = "maison",
        .store = "paris-1",
        .guest_languages = {"en", "fr", "ja"},
        .guest_language_count = 3
    };
    (void)snprintf(config.data, sizeof config.data, "%.40s/data", root);
    (void)snprintf(config.run, sizeof config.run, "%.40s/run", root);
    (void)snprintf(config.catalogue, sizeof config.catalogue, "%s", ATL_SOURCE_DIR "/catalogue");
    (void)snprintf(config.templates, sizeof config.templates, "%s",
                   ATL_SOURCE_DIR "/printer-templates");
    return atl_paths_make(&config, NULL) ? -1 : 0;
}

static int clear(void **state)
{
    char command[96];

    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf %.40s", root);
    return system(command);
}

static enum atl_finding look(const char *name, char *text, size_t size)
{
    const struct atl_check *const tables[] = {atl_doctor_machine, atl_doctor_catalogue,
                                              atl_doctor_sewing, atl_doctor_running};

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        for (const struct atl_check *check = tables[i]; check->name; check++)
            if (strcmp(check->name, name) == 0)
                return check->look(&config, text, size);
    fail_msg("there is no check %s", name);
    return ATL_FINDING_NONE;
}

// Looks, and wants this finding with these words in it.
static void want(const char *name, enum atl_finding finding, const char *words)
{
    char text[ATL_FINDING_BYTES] = "";
    const enum atl_finding found = look(name, text, sizeof text);

    if (found != finding || !strstr(text, words))
        fail_msg("%s: found %d \"%s\", and not %d \"%s\"", name, (int)found, text, (int)finding,
                 words);
}

static void folders(void **state)
{
    (void)state;
    want("data folder", ATL_FINDING_OK, config.data);
    assert_int_equal(chmod(config.data, 0755), 0);
    want("data folder", ATL_FINDING_WRONG, "chmod 700");
    (void)snprintf(config.data, sizeof config.data, "%.40s/none", root);
    want("data folder", ATL_FINDING_NOTE, "the agent makes it");
    (void)snprintf(config.data, sizeof config.data, "/dev/null");
    want("data folder", ATL_FINDING_WRONG, "is not a folder; move it away");
    want("run folder", ATL_FINDING_OK, config.run);
}

static void time_zone(void **state)
{
    (void)state;
    want("time zone", ATL_FINDING_OK, "Europe/Paris, where it is ");
    (void)snprintf(config.zone, sizeof config.zone, "Europe/Atlantis");
    want("time zone", ATL_FINDING_WRONG, "install the package tzdata");
}

static void shipped_catalogue_fonts_and_templates(void **state)
{
    (void)state;
    config.printers[0] = (struct atl_config_printer){
        .name = "front", .papers = ATL_PAPER_CLAIM | ATL_PAPER_GIFT | ATL_PAPER_TAG};
    config.printer_count = 1;
    want("catalogue", ATL_FINDING_OK, "products of ");
    want("fonts", ATL_FINDING_OK, "are installed");
    want("templates", ATL_FINDING_OK, "3 read, with the words of 3 languages");
    config.printers[0] = (struct atl_config_printer){.name = "labels",
                                                     .driver = "brother",
                                                     .model = "ql-820nwb",
                                                     .media = "62",
                                                     .templates = "62x29",
                                                     .papers = ATL_PAPER_BAG};
    want("templates", ATL_FINDING_OK, "1 read");
    (void)snprintf(config.printers[0].media, sizeof config.printers[0].media, "29x90");
    want(
        "templates", ATL_FINDING_WRONG,
        "[printer labels] bag-62x29.ticket: this paper is 62 x 29 mm, and the Brother QL-820NWB is "
        "set to 29 x 90 mm");
    (void)snprintf(config.currency, sizeof config.currency, "JPY");
    want("catalogue", ATL_FINDING_WRONG, "[shop] currency is JPY");
    (void)snprintf(config.guest_languages[1], sizeof config.guest_languages[1], "xx");
    want("templates", ATL_FINDING_WRONG, "xx");
    (void)snprintf(config.catalogue, sizeof config.catalogue, "/no/such");
    want("catalogue", ATL_FINDING_WRONG, "catalogue.json");
}

static void copy_catalogue(const char *date)
{
    char command[1024];

    (void)snprintf(config.catalogue, sizeof config.catalogue, "%.40s/catalogue", root);
    (void)snprintf(command, sizeof command,
                   "rm -rf %.60s && cp -r " ATL_SOURCE_DIR "/catalogue %.60s && sed -i "
                   "'s/\"is_sellable\": false/\"is_sellable\": true/; "
                   "s/\"start\": \"[0-9-]*T/\"start\": \"%.10sT/' %.60s/products/floral-class.json",
                   config.catalogue, config.catalogue, date, config.catalogue);
    assert_int_equal(system(command), 0);
}

static void sessions(void **state)
{
    (void)state;
    copy_catalogue("2099-12-05");
    want("sessions", ATL_FINDING_OK, "3 ahead");
    copy_catalogue("2001-12-05");
    want("sessions", ATL_FINDING_NOTE, "are over: add some");
}

static void printers(void **state)
{
    (void)state;
    want("printers", ATL_FINDING_NOTE, "add a section [printer NAME]");
    config.printers[0] =
        (struct atl_config_printer){.name = "front", .driver = "escpos", .papers = ATL_PAPER_CLAIM};
    config.printer_count = 1;
    (void)snprintf(config.printers[0].link, sizeof config.printers[0].link, "file:%.40s/paper",
                   root);
    want("printers", ATL_FINDING_OK, "front: answers");
    (void)snprintf(config.printers[0].driver, sizeof config.printers[0].driver, "dymo");
    want("printers", ATL_FINDING_OK, "cannot tell what it is loaded with: say it with media");
    (void)snprintf(config.printers[0].media, sizeof config.printers[0].media, "99012");
    want("printers", ATL_FINDING_OK, "front: answers");
    config.printers[0].media[0] = '\0';
    (void)snprintf(config.printers[0].driver, sizeof config.printers[0].driver, "escpos");
    want("papers", ATL_FINDING_WRONG, "no printer prints work tags");
    config.printers[0].papers |= ATL_PAPER_TAG | ATL_PAPER_GIFT;
    want("papers", ATL_FINDING_OK, "each has its printer");
    (void)snprintf(config.printers[0].link, sizeof config.printers[0].link, "tcp:127.0.0.1:1");
    want("printers", ATL_FINDING_WRONG, "front: ");
    (void)snprintf(config.printers[0].driver, sizeof config.printers[0].driver, "escpoz");
    want("printers", ATL_FINDING_WRONG, "there is no driver \"escpoz\"");
}

static void agent(void **state)
{
    (void)state;
    want("agent", ATL_FINDING_WRONG, "start it: systemctl start atelier");
}

static void store(void **state)
{
    static const char noise[4096] = {1, 2, 3};
    const struct atl_path path = atl_path_store(&config);
    FILE *file;

    (void)state;
    want("store", ATL_FINDING_NOTE, "there is none yet");
    assert_int_equal(atl_store_create(path.text, NULL), ATL_OK);
    want("store", ATL_FINDING_OK, "sound; the chain of 0 events holds");
    want("papers to print", ATL_FINDING_OK, "0 waiting");
    file = fopen(path.text, "r+e");
    assert_non_null(file);
    assert_int_equal(fseek(file, 4096, SEEK_SET), 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(fwrite(noise, 1, sizeof noise, file), sizeof noise);
    assert_int_equal(fclose(file), 0);
    want("store", ATL_FINDING_WRONG, "atelier-agent salvage");
}

static void cloud(void **state)
{
    FILE *file;

    (void)state;
    want("cloud", ATL_FINDING_OK, "this shop has none");
    (void)snprintf(config.cloud_url, sizeof config.cloud_url, "http://127.0.0.1:1");
    want("cloud", ATL_FINDING_NOTE, "sales go on without it");
    (void)snprintf(config.cloud_url, sizeof config.cloud_url, "http://example.com");
    want("cloud", ATL_FINDING_NOTE, "it must begin with https://");
    (void)snprintf(config.cloud_key_file, sizeof config.cloud_key_file, "%.40s/shop.key", root);
    want("cloud's key", ATL_FINDING_WRONG, "atelier-cloud add-store");
    file = fopen(config.cloud_key_file, "we");
    assert_non_null(file);
    (void)fputs("store = maison/lyon-1\nkey = k\n"
                "secret = whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n",
                file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(config.cloud_key_file, 0600), 0);
    want("cloud's key", ATL_FINDING_WRONG, "it is the key of maison/lyon-1");
    (void)snprintf(config.store, sizeof config.store, "lyon-1");
    want("cloud's key", ATL_FINDING_OK, config.cloud_key_file);
}

static void machines(void **state)
{
    (void)state;
    want("machines", ATL_FINDING_NONE, "");
    (void)snprintf(config.machines_folder, sizeof config.machines_folder, "%s",
                   ATL_SOURCE_DIR "/drivers/embroidery/machines");
    config.machine_count = 1;
    config.machines[0] = (struct atl_config_machine){.name = "left", .profile = "brother-pr1055x"};
    (void)snprintf(config.machines[0].link, sizeof config.machines[0].link, "dir:%.40s/left", root);
    want("machines", ATL_FINDING_WRONG, "left: ");
    assert_int_equal(mkdir(config.machines[0].link + 4, 0700), 0);
    want("machines", ATL_FINDING_OK, "left (Brother PR1055X) can be written");
    assert_int_equal(rmdir(config.machines[0].link + 4), 0); // nothing was left in it
    (void)snprintf(config.machines[0].link, sizeof config.machines[0].link, "volume:NOSUCH");
    want("machines", ATL_FINDING_NOTE, "left: ");
    (void)snprintf(config.machines[0].profile, sizeof config.machines[0].profile, "brother");
    want("machines", ATL_FINDING_WRONG, "[machine left] profile: ");
}

static void lettering(void **state)
{
    (void)state;
    want("lettering", ATL_FINDING_OK, "can be sewn");
    (void)snprintf(config.machines_folder, sizeof config.machines_folder, "%s",
                   ATL_SOURCE_DIR "/drivers/embroidery/machines");
    config.machine_count = 1;
    config.machines[0] = (struct atl_config_machine){.name = "left", .profile = "brother-se600"};
    want("lettering", ATL_FINDING_WRONG, "TOTE-01 needs the hoop 180x130");
    (void)snprintf(config.machines[0].profile, sizeof config.machines[0].profile, "brother-pr1000");
    want("lettering", ATL_FINDING_OK, "can be sewn");
}

int main(void)
{
#define ALONE(name) cmocka_unit_test_setup_teardown(name, remake, clear)
    const struct CMUnitTest tests[] = {
        ALONE(folders),   ALONE(time_zone), ALONE(shipped_catalogue_fonts_and_templates),
        ALONE(printers),  ALONE(agent),     ALONE(store),
        ALONE(cloud),     ALONE(sessions),  ALONE(machines),
        ALONE(lettering),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
