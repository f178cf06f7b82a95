// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_list.h"
#include "plugin/print/device.h"

#include <stdio.h>
#include <string.h>

static void say_model(const struct atl_driver *driver, const struct atl_model *model)
{
    printf("  %-9s %-17s %-38s %u dots at %u dpi%s\n", driver->name, model->id, model->name,
           model->width_dots, model->dpi,
           model->quirks & ATL_QUIRK_NO_STATUS ? "; never answers" : "");
}

static bool has_same_media(const struct atl_model *a, const struct atl_model *b)
{
    if (a->media_count != b->media_count)
        return false;
    for (size_t i = 0; i < a->media_count; i++) {
        if (strcmp(a->media[i].id, b->media[i].id) != 0)
            return false;
    }
    return true;
}

// Once for all models in a row that take the same.
static void say_media(const struct atl_model *model)
{
    for (size_t i = 0; i < model->media_count; i++)
        printf("%s%s", i ? ", " : "            --media of these: ", model->media[i].id);
    if (model->media_count)
        printf("\n");
}

static void say_driver(const struct atl_driver *driver)
{
    for (size_t i = 0; i < driver->model_count; i++) {
        const struct atl_model *model = &driver->models[i];

        say_model(driver, model);
        if (i + 1 == driver->model_count || !has_same_media(model, model + 1))
            say_media(model);
    }
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
        say_driver(driver);
    }
    return ATL_OK;
}
