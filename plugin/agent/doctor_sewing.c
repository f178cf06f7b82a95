// SPDX-License-Identifier: Apache-2.0
// Checks of what embroidery needs: machines with their profile and the way to them, fonts that may
// be sewn, fabrics and hoops that exist.
#include "drivers/link/volume.h"
#include "plugin/agent/doctor.h"
#include "plugin/agent/machine_profile.h"
#include "plugin/stitch/fabric.h"
#include "plugin/wire/catalogue_json.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- machines ----

static atl_code look_only(void *context, const char *where, const char *name, struct atl_error *err)
{
    (void)where;
    (void)name;
    *(bool *)context = true;
    return atl_fail(err, ATL_E_CONFLICT, "only looked at");
}

// Goes the whole way of a delivery up to its first byte, and not further. Nothing is mounted for
// it: what nobody mounted is said to be so.
static bool is_reached(const struct atl_config_machine *machine, const struct atl_machine *profile,
                       struct atl_error *err)
{
    const struct atl_volume_options options = {
        .appear_ms = 500, .slow_ms = 5000, .mount = ATL_VOLUME_MOUNT_NEVER};
    char name[ATL_MACHINE_FILE_NAME_CAP];
    const char *const names[] = {name};
    bool came_to_it = false;
    const struct atl_delivery what = {.machine = profile,
                                      .names = names,
                                      .name_count = 1,
                                      .may_replace = true,
                                      .bytes = "",
                                      .len = 1,
                                      .begin = look_only,
                                      .context = &came_to_it};
    struct atl_delivery_report report = {0};

    if (atl_machine_file_name(profile, "DOCTOR", 0, name, err) == ATL_OK)
        (void)!atl_volume_deliver(machine->link, &what, &options, &report, err); // never ATL_OK
    return came_to_it;
}

// A volume that is not there is an ordinary thing: a machine is off, a stick is in a pocket.
static enum atl_finding look_at(const struct atl_config *config,
                                const struct atl_config_machine *machine, char *text, size_t size)
{
    const bool is_folder = strncmp(machine->link, "dir:", 4) == 0;
    struct atl_machine profile;
    struct atl_error err = {0};

    if (atl_machine_profile(config, machine, &profile, &err))
        return atl_find(ATL_FINDING_WRONG, text, size, "%s", err.text);
    if (is_reached(machine, &profile, &err))
        return atl_find(ATL_FINDING_OK, text, size, "%s (%s) can be written", machine->name,
                        profile.name);
    return atl_find(is_folder ? ATL_FINDING_WRONG : ATL_FINDING_NOTE, text, size, "%s: %s",
                    machine->name, err.text);
}

static enum atl_finding check_machines(const struct atl_config *config, char *text, size_t size)
{
    enum atl_finding worst = ATL_FINDING_OK;
    size_t len = 0;

    if (!config->machine_count)
        return ATL_FINDING_NONE;
    for (size_t i = 0; i < config->machine_count && len < size; i++) {
        char one[ATL_FINDING_BYTES] = "";
        const enum atl_finding finding = look_at(config, &config->machines[i], one, sizeof one);
        const int more = snprintf(text + len, size - len, "%s%s", len ? "; " : "", one);

        worst = finding > worst ? finding : worst;
        len += more > 0 ? (size_t)more : 0;
    }
    return worst;
}

// Who is no root mounts through udisks2, which asks polkit.
static enum atl_finding check_volumes(const struct atl_config *config, char *text, size_t size)
{
    static const char *const permissions[] = {
        "/usr/share/polkit-1/rules.d/60-atelier-volumes.rules",
        "/etc/polkit-1/rules.d/60-atelier-volumes.rules",
    };
    bool is_wanted = false, is_allowed = false;

    for (size_t i = 0; i < config->machine_count; i++)
        is_wanted |= strncmp(config->machines[i].link, "volume:", 7) == 0;
    if (!is_wanted || geteuid() == 0)
        return ATL_FINDING_NONE;
    if (access("/usr/bin/udisksctl", X_OK) != 0)
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "sticks are mounted by udisks2, which is not there: install udisks2, or "
                        "let the agent run as root on a kiosk");
    for (size_t i = 0; i < sizeof permissions / sizeof permissions[0]; i++)
        is_allowed |= access(permissions[i], F_OK) == 0;
    if (!is_allowed)
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "udisks2 lets only who is logged in here mount a stick: for the service, "
                        "install 60-atelier-volumes.rules in /etc/polkit-1/rules.d");
    return atl_find(ATL_FINDING_OK, text, size, "sticks are mounted by udisks2");
}

// ---- what the catalogue wants sewn ----

static bool some_machine_has(const struct atl_config *config, const char *hoop)
{
    for (size_t i = 0; i < config->machine_count; i++) {
        struct atl_machine profile;

        if (atl_machine_profile(config, &config->machines[i], &profile, NULL) == ATL_OK &&
            atl_machine_hoop_like(&profile, hoop))
            return true;
    }
    return false;
}

// The first thing about the product that no needle can follow.
static enum atl_finding judge(const struct atl_config *config, const struct atl_product *product,
                              char *text, size_t size)
{
    const struct atl_field *fonts = atl_product_role(product, ATL_ROLE_FONT);

    if (product->cloth.fabric && !atl_fabric_find(product->cloth.fabric))
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "%s is sewn on %s, which nobody knows; there are canvas, jersey, fleece "
                        "and leather",
                        product->sku, product->cloth.fabric);
    if (config->machine_count && product->hoop && !some_machine_has(config, product->hoop))
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "%s needs the hoop %s, and no machine of this shop has it", product->sku,
                        product->hoop);
    for (size_t i = 0; fonts && i < fonts->choice_count; i++) {
        const struct atl_font *font = fonts->choices[i].font;

        if (font && !font->sewn)
            return atl_find(ATL_FINDING_NOTE, text, size,
                            "nobody judged how %s sews; offer it when you have seen it sewn",
                            font->family);
    }
    return ATL_FINDING_OK;
}

static enum atl_finding check_lettering(const struct atl_config *config, char *text, size_t size)
{
    struct atl_catalogue catalogue = {0};
    enum atl_finding worst = ATL_FINDING_NONE;
    size_t count = 0;

    if (atl_catalogue_load_folder(config->catalogue, &catalogue, NULL, NULL))
        return ATL_FINDING_NONE; // said by the catalogue's own line
    for (size_t i = 0; i < catalogue.product_count; i++) {
        const struct atl_product *product = &catalogue.products[i];
        char one[ATL_FINDING_BYTES] = "";
        enum atl_finding finding;

        if (product->kind != ATL_KIND_EMBROIDERY)
            continue;
        finding = judge(config, product, one, sizeof one);
        if (!count++ || finding > worst) {
            worst = finding;
            (void)snprintf(text, size, "%s", one);
        }
    }
    if (count && worst == ATL_FINDING_OK)
        (void)atl_find(ATL_FINDING_OK, text, size,
                       "fabrics, hoops and letterings of %zu product%s can be sewn", count,
                       count == 1 ? "" : "s");
    atl_catalogue_free(&catalogue);
    return worst;
}

const struct atl_check atl_doctor_sewing[] = {
    {"machines",  check_machines },
    {"volumes",   check_volumes  },
    {"lettering", check_lettering},
    {NULL,        NULL           },
};
