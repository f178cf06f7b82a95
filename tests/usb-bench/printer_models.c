// SPDX-License-Identifier: Apache-2.0
#include "tests/usb-bench/printer.h"

#include <string.h>

static const struct printer_model models[] = {
    {.name = "tm-t20",
     .vendor = 0x04b8,
     .product = 0x0e03,
     .maker = "EPSON",
     .title = "TM-T20",
     .device_id = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;DES:EPSON TM-T20;",
     .language = &printer_escpos,
     .protocol = 2,
     .is_full_speed = true},
    {.name = "tm-t88v",
     .vendor = 0x04b8,
     .product = 0x0202,
     .maker = "EPSON",
     .title = "UB-U05",
     .device_id = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;DES:EPSON TM-T88V;",
     .language = &printer_escpos,
     .protocol = 2,
     .is_full_speed = true,
     .is_vendor_class = true},
    {.name = "generic-80",
     .vendor = 0x0416,
     .product = 0x5011,
     .maker = "STMicroelectronics",
     .title = "POS80 Printer USB",
     .device_id = "MFG:POS;CMD:EPSON;MDL:POS-80;CLS:PRINTER;",
     .language = &printer_escpos,
     .protocol = 1,
     .is_full_speed = true},
    {.name = "zd420",
     .vendor = 0x0a5f,
     .product = 0x0166,
     .maker = "Zebra Technologies",
     .title = "ZTC ZD420-203dpi ZPL",
     .device_id = "MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD420-203dpi ZPL;CLS:PRINTER;",
     .language = &printer_zpl,
     .protocol = 2},
    {.name = "ql-820nwb",
     .vendor = 0x04f9,
     .product = 0x209d,
     .maker = "Brother",
     .title = "QL-820NWB",
     .device_id = "MFG:Brother;CMD:PT-CBP;MDL:QL-820NWB;CLS:PRINTER;CID:Brother LabelPrinter "
                  "TypeB2;",                                                              .language = &printer_brother,
     .protocol = 2           },
};

const struct printer_model *printer_model_find(const char *name)
{
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
        if (strcmp(models[i].name, name) == 0)
            return &models[i];
    return NULL;
}
