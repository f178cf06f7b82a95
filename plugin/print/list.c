// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_list.h"
#include "plugin/print/device.h"

#include <stdio.h>

static void say_model(const struct atl_driver *driver, const struct atl_model *model)
{
    printf("  %-9s %-16s %-28s %u dots at %u dpi", driver->name, model->id, model->name,
           model->width_dots, model->dpi);
    for (size_t i = 0; i < model->media_count; i++)
        printf("%s%s", i ? ", " : "; media ", model->media[i].id);
    if (model->quirks & ATL_QUIRK_NO_STATUS)
        printf("; never answers");
    printf("\n");
}

static void say_plugged(const struct atl_usb_listed *seen)
{
    printf("  %-28s %s", seen->uri, seen->words);
    if (seen->driver[0])
        printf("; driver %s%s", seen->driver, seen->is_guess ? ", by its maker" : "");
    if (seen->note[0])
        printf("; %s", seen->note);
    printf("\n");
}

static void list_plugged(void)
{
    struct atl_usb_listed list[ATL_USB_LIST_MAX];
    size_t count = 0;

    atl_usb_list(list, ATL_USB_LIST_MAX, &count);
    if (!count)
        printf("No printer is plugged in over USB here.\n");
    else
        printf("Plugged in over USB, for --to and for link in the configuration:\n");
    for (size_t i = 0; i < count; i++)
        say_plugged(&list[i]);
}

atl_code print_list(struct atl_error *err)
{
    (void)err;
    list_plugged();
    printf("Drivers and models, for --driver and --model:\n");
    for (size_t i = 0; atl_driver_at(i); i++) {
        const struct atl_driver *driver = atl_driver_at(i);

        if (driver->duty != ATL_DUTY_TICKET && driver->duty != ATL_DUTY_LABEL)
            continue;
        for (size_t k = 0; k < driver->model_count; k++)
            say_model(driver, &driver->models[k]);
    }
    return ATL_OK;
}
