// SPDX-License-Identifier: Apache-2.0
// The palettes that Brother and Janome machines know: a file says a row's number, and the screen
// shows that row's colour, whatever thread was meant. Numbers and colours are facts of the formats,
// as public descriptions of them give them; the colours were not measured.
#include "drivers/embroidery/parts.h"
#include "drivers/thread_chart.h"

#include <stdio.h>

// Rows 57 and 62 to 64 repeat names or serve applique; nobody is sure of their colours.
static const struct stitch_palette_row pec[] = {
    {0x000000, "not known",       ""   },
    {0x0e1f7c, "Prussian Blue",   "007"},
    {0x0a55a3, "Blue",            "405"},
    {0x008777, "Teal Green",      "534"},
    {0x4b6baf, "Cornflower Blue", "070"},
    {0xed171f, "Red",             "800"},
    {0xd15c00, "Reddish Brown",   "337"},
    {0x913697, "Magenta",         "620"},
    {0xe49acb, "Light Lilac",     "810"},
    {0x915fac, "Lilac",           "612"},
    {0x9ed67d, "Mint Green",      "502"},
    {0xe8a900, "Deep Gold",       "214"},
    {0xfeba35, "Orange",          "208"},
    {0xffff00, "Yellow",          "205"},
    {0x70bc1f, "Lime Green",      "513"},
    {0xba9800, "Brass",           "328"},
    {0xa8a8a8, "Silver",          "005"},
    {0x7d6f00, "Russet Brown",    "330"},
    {0xffffb3, "Cream Brown",     "010"},
    {0x4f5556, "Pewter",          "704"},
    {0x000000, "Black",           "900"},
    {0x0b3d91, "Ultramarine",     "406"},
    {0x770176, "Royal Purple",    "869"},
    {0x293133, "Dark Gray",       "707"},
    {0x2a1301, "Dark Brown",      "058"},
    {0xf64a8a, "Deep Rose",       "086"},
    {0xb27624, "Light Brown",     "323"},
    {0xfcbbc5, "Salmon Pink",     "079"},
    {0xfe370f, "Vermilion",       "030"},
    {0xf0f0f0, "White",           "001"},
    {0x6a1c8a, "Violet",          "613"},
    {0xa8ddc4, "Seacrest",        "542"},
    {0x2584bb, "Sky Blue",        "019"},
    {0xfeb343, "Pumpkin",         "126"},
    {0xfff36b, "Cream Yellow",    "812"},
    {0xd0a660, "Khaki",           "348"},
    {0xd15400, "Clay Brown",      "339"},
    {0x66ba49, "Leaf Green",      "509"},
    {0x134a46, "Peacock Blue",    "415"},
    {0x878787, "Gray",            "817"},
    {0xd8ccc6, "Warm Gray",       "399"},
    {0x435607, "Dark Olive",      "517"},
    {0xfdd9de, "Flesh Pink",      "124"},
    {0xf993bc, "Pink",            "085"},
    {0x003822, "Deep Green",      "808"},
    {0xb2afd4, "Lavender",        "804"},
    {0x686ab0, "Wisteria Violet", "607"},
    {0xefe3b9, "Beige",           "843"},
    {0xf73866, "Carmine",         "807"},
    {0xb54b64, "Amber Red",       "333"},
    {0x132b1a, "Olive Green",     "519"},
    {0xc70156, "Dark Fuchsia",    "107"},
    {0xfe9e32, "Tangerine",       "209"},
    {0xa8deeb, "Light Blue",      "017"},
    {0x00673e, "Emerald Green",   "507"},
    {0x4e2990, "Purple",          "614"},
    {0x2f7e20, "Moss Green",      "515"},
    {0xffcccc, "Flesh Pink",      ""   },
    {0xffd911, "Harvest Gold",    "206"},
    {0x095ba6, "Electric Blue",   "420"},
    {0xf0f970, "Lemon Yellow",    "202"},
    {0xe3f35b, "Fresh Green",     "027"},
    {0xff9900, "Orange",          ""   },
    {0xfff08d, "Cream Yellow",    ""   },
    {0xffc8c8, "Applique",        ""   },
};

static const struct stitch_palette_row jef[] = {
    {0x000000, "not known",     ""   },
    {0x000000, "Black",         "002"},
    {0xffffff, "White",         "001"},
    {0xffff17, "Yellow",        "204"},
    {0xff6600, "Orange",        "203"},
    {0x2f5933, "Olive Green",   "219"},
    {0x237336, "Green",         "226"},
    {0x65c2c8, "Sky",           "217"},
    {0xab5a96, "Purple",        "208"},
    {0xf669a0, "Pink",          "201"},
    {0xff0000, "Red",           "225"},
    {0xb1704e, "Brown",         "214"},
    {0x0b2f84, "Blue",          "207"},
    {0xe4c35d, "Gold",          "003"},
    {0x481a05, "Dark Brown",    "205"},
    {0xac9cc7, "Pale Violet",   "209"},
    {0xfcf294, "Pale Yellow",   "210"},
    {0xf999b7, "Pale Pink",     "211"},
    {0xfab381, "Peach",         "212"},
    {0xc9a480, "Beige",         "213"},
    {0x970533, "Wine Red",      "215"},
    {0xa0b8cc, "Pale Sky",      "216"},
    {0x7fc21c, "Yellow Green",  "218"},
    {0xe5e5e5, "Silver Gray",   "220"},
    {0x889b9b, "Gray",          "221"},
    {0x98d6bd, "Pale Aqua",     "227"},
    {0xb2e1e3, "Baby Blue",     "228"},
    {0x368ba0, "Powder Blue",   "229"},
    {0x4f83ab, "Bright Blue",   "230"},
    {0x386a91, "Slate Blue",    "231"},
    {0x071650, "Navy Blue",     "232"},
    {0xf999a2, "Salmon Pink",   "233"},
    {0xf9676b, "Coral",         "234"},
    {0xe3311f, "Burnt Orange",  "235"},
    {0xe2a188, "Cinnamon",      "236"},
    {0xb59474, "Umber",         "237"},
    {0xe4cf99, "Blond",         "238"},
    {0xffcb00, "Sunflower",     "239"},
    {0xe1add4, "Orchid Pink",   "240"},
    {0xc3007e, "Peony Purple",  "241"},
    {0x80004b, "Burgundy",      "242"},
    {0x540571, "Royal Purple",  "243"},
    {0xb10525, "Cardinal Red",  "244"},
    {0xcae0c0, "Opal Green",    "245"},
    {0x899856, "Moss Green",    "246"},
    {0x5c941a, "Meadow Green",  "247"},
    {0x003114, "Dark Green",    "248"},
    {0x5dae94, "Aquamarine",    "249"},
    {0x4cbf8f, "Emerald Green", "250"},
    {0x007772, "Peacock Green", "251"},
    {0x595b61, "Dark Gray",     "252"},
    {0xfffff2, "Ivory White",   "253"},
    {0xb15818, "Hazel",         "254"},
    {0xcb8a07, "Toast",         "255"},
    {0x986c80, "Salmon",        "256"},
    {0x98692d, "Cocoa Brown",   "257"},
    {0x4d3419, "Sienna",        "258"},
    {0x4c330b, "Sepia",         "259"},
    {0x33200a, "Dark Sepia",    "260"},
    {0x523a97, "Violet Blue",   "261"},
    {0x0d217e, "Blue Ink",      "262"},
    {0x1e77ac, "Sola Blue",     "263"},
    {0xb2dd53, "Green Dust",    "264"},
    {0xf33689, "Crimson",       "265"},
    {0xde649e, "Floral Pink",   "266"},
    {0x984161, "Wine",          "267"},
    {0x4c5612, "Olive Drab",    "268"},
    {0x4c881f, "Meadow",        "269"},
    {0xe4de79, "Mustard",       "270"},
    {0xcb8a1a, "Yellow Ocher",  "271"},
    {0xcba21c, "Old Gold",      "272"},
    {0xff9805, "Honey Dew",     "273"},
    {0xfcb257, "Tangerine",     "274"},
    {0xffe505, "Canary Yellow", "275"},
    {0xf0331f, "Vermilion",     "202"},
    {0x1a842d, "Bright Green",  "206"},
    {0x386cae, "Ocean Blue",    "222"},
    {0xe3c4b4, "Beige Gray",    "223"},
    {0xe3ac81, "Bamboo",        "224"},
};

const struct stitch_palette stitch_palette_pec = {
    "Brother",
    pec,
    sizeof pec / sizeof pec[0],
    61,
};
const struct stitch_palette stitch_palette_jef = {
    "Janome",
    jef,
    sizeof jef / sizeof jef[0],
    sizeof jef / sizeof jef[0] - 1,
};

void stitch_palette_match(const struct stitch_palette *palette, const struct atl_plan *plan,
                          uint8_t rows[ATL_PLAN_THREADS_MAX])
{
    struct atl_lab labs[256];

    for (uint8_t row = 1; row <= palette->last_chosen; row++)
        labs[row] = atl_lab_of(palette->rows[row].rgb);
    for (size_t i = 0; i < plan->thread_count; i++) {
        struct atl_lab wish = atl_lab_of(plan->threads[i].rgb);
        double best = 1e9;

        for (uint8_t row = 1; row <= palette->last_chosen; row++) {
            double distance = atl_lab_distance(wish, labs[row]);

            if (distance < best && (i == 0 || row != rows[i - 1])) {
                best = distance;
                rows[i] = row;
            }
        }
    }
}

struct atl_thread stitch_palette_thread(const struct stitch_palette *palette, uint32_t row)
{
    const struct stitch_palette_row *from = &palette->rows[row < palette->count ? row : 0];
    struct atl_thread thread = {.rgb = from->rgb};

    snprintf(thread.chart, sizeof thread.chart, "%s", palette->chart);
    snprintf(thread.number, sizeof thread.number, "%s", from->number);
    snprintf(thread.name, sizeof thread.name, "%s", from->name);
    return thread;
}
