// What a driver is: a language (encode) and a conversation (status).
//
// encode() is pure: same page, model and rasteriser, same bytes. It is where the golden files
// bite. A driver is one const table and has no global state; everything that differs between two
// models of one family is a field of atl_model, never a test on a name.
#ifndef ATL_DRIVERS_DRIVER_H
#define ATL_DRIVERS_DRIVER_H

#include "drivers/link.h"
#include "plugin/core/buf.h"
#include "plugin/render/page.h"

enum atl_duty {
    ATL_DUTY_TICKET,
    ATL_DUTY_LABEL,
    ATL_DUTY_STITCH,
    ATL_DUTY_CUT,
};

// The most a device of this language can prove about a finished job. Up to TAKEN `sent` is final
// and shown as such; from IDLE on a job is `confirmed` by evidence, and `unknown` without it.
// The weaker of link and model counts: a file never answers.
enum atl_proof {
    ATL_PROOF_NONE,     // nobody answers, not even the link
    ATL_PROOF_TAKEN,    // the link took the bytes, which is not yet paper
    ATL_PROOF_IDLE,     // afterwards it says that it is idle and has no trouble
    ATL_PROOF_FINISHED, // it names the job and says that it is done
};

// Reasons a device gives for not working now; several may hold at once.
enum atl_trouble {
    ATL_TROUBLE_NONE = 0,
    ATL_TROUBLE_MEDIA_OUT = 1u << 0,
    ATL_TROUBLE_MEDIA_LOW = 1u << 1,
    ATL_TROUBLE_COVER_OPEN = 1u << 2,
    ATL_TROUBLE_JAM = 1u << 3,
    ATL_TROUBLE_THREAD_BREAK = 1u << 4,
    ATL_TROUBLE_OFFLINE = 1u << 5,
    ATL_TROUBLE_OTHER = 1u << 6,
    ATL_TROUBLE_WRONG_MEDIA = 1u << 7, // loaded with another roll than its settings say
    ATL_TROUBLE_HOT = 1u << 8,         // the head cools down; it goes on by itself
    ATL_TROUBLE_RIBBON_OUT = 1u << 9,  // the ribbon of a thermal transfer printer
    ATL_TROUBLE_PAUSED = 1u << 10,     // by a person, at its button
    ATL_TROUBLE_TAKE_LABEL = 1u << 11, // the last label is still in its mouth
};

enum atl_quirk {
    ATL_QUIRK_NO_STATUS = 1u << 0,  // never answers; do not ask; proves ATL_PROOF_TAKEN at most
    ATL_QUIRK_NO_CUTTER = 1u << 1,  // tear-off only
    ATL_QUIRK_NAMES_JOBS = 1u << 2, // can be given a number with the data and says it when printed
    ATL_QUIRK_LEFT_ROLL = 1u << 16, // of two rolls in one printer, this model is the left one
    ATL_QUIRK_RIGHT_ROLL = 1u << 17,
    ATL_QUIRK_PEELS = 1u << 18, // hands labels over one by one, without their backing
};

// A table of the device's own letters: its number in the device, and which characters it has.
struct atl_code_page {
    uint8_t slot;     // as the device numbers it
    const char *name; // "PC858"; the encoder's table of that name says which byte is which letter
};

// A roll or a set of labels that a printer of labels can be loaded with, and tells apart itself.
struct atl_media {
    const char *id;       // "62", "62x29": as in the configuration and in a template's paper
    uint32_t width_um;    // of the paper, with its backing's edges left out
    uint32_t length_um;   // of one label; 0: continuous, cut where the page ends
    uint16_t width_dots;  // printable
    uint16_t length_dots; // printable; 0: as long as the page
    uint16_t offset_dots; // unprintable dots of the head before the first of width_dots
};

// Labels are named in whole millimetres and made in inches.
enum { ATL_MEDIA_SLACK_UM = 1000 };

struct atl_model {
    uint16_t usb_vendor; // 0 when the model is not found over USB
    uint16_t usb_product;
    const char *name; // as shown to a person
    const char *id;   // as written in the configuration: "tm-t20"
    uint16_t dpi;
    uint16_t width_dots; // printable width
    uint16_t columns;    // ordinary letters across, each width_dots / columns wide; 0: it has none
    uint16_t band_rows;  // rows of raster in one command
    const struct atl_code_page *code_pages; // the first one is what it starts with
    size_t code_page_count;
    const struct atl_media *media; // what it can be loaded with; NULL: any width up to its own
    size_t media_count;
    uint32_t quirks; // ATL_QUIRK_*
};

struct atl_driver {
    const char *name; // folder under drivers/, and the name in the configuration
    enum atl_duty duty;
    enum atl_proof proof;           // declared, not guessed: README, "Confirmation"
    const struct atl_model *models; // the first is taken when the configuration names none
    size_t model_count;

    // Appends the page in the device's language to out. Pure; touches no link.
    atl_code (*encode)(const struct atl_page *page, const struct atl_model *model,
                       const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                       struct atl_error *err);

    // After a job of `bytes` of which only the first accepted were taken: appends what brings the
    // device back to where a new job can begin, so that the next one is not taken for the rest of
    // this one. Nothing more of the job is printed. `bytes` NULL: nobody knows which job it was and
    // how far it got. Pure. NULL: not needed.
    atl_code (*resync)(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                       struct atl_error *err);

    // Asks the device how it is and sets *trouble to ATL_TROUBLE_* bits. Must not disturb a job
    // that is being printed. NULL: this language has no question.
    atl_code (*status)(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                       struct atl_error *err);

    // Whether what the device is loaded with fits the page, asked before the first byte of it.
    // ATL_E_DEVICE: no, and the sentence has both sizes and the cure. NULL: it cannot be asked.
    atl_code (*fits)(struct atl_link *link, const struct atl_model *model,
                     const struct atl_page *page, struct atl_error *err);

    // After all bytes were taken: waits at most timeout_ms for the device's own word that they
    // became paper, and writes what it said into evidence. ATL_OK: proven, as far as `proof`
    // says. ATL_E_BUSY: it said that it goes on by itself, and in the sentence why it stopped; it
    // is to be waited for further, and not asked. NULL: never more than ATL_PROOF_TAKEN.
    atl_code (*confirm)(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                        char *evidence, size_t evidence_size, struct atl_error *err);
};

// "escpos" -> its driver; NULL when there is none. registry.c is the only list of drivers.
const struct atl_driver *atl_driver_find(const char *name);

// The index-th of all drivers, in the order of registry.c; NULL behind the last.
const struct atl_driver *atl_driver_at(size_t index);

// The model of that id, the first when id is NULL or ""; NULL when there is none.
const struct atl_model *atl_model_find(const struct atl_driver *driver, const char *id);

// The media of that id, the first when id is NULL or ""; NULL when there is none.
const struct atl_media *atl_media_find(const struct atl_model *model, const char *id);

// Whether a label only fits on these labels when it is turned by a quarter: it is wider than they
// are, and they are long enough. Drivers that can turn it do; the preview shows it unturned.
bool atl_media_lies_across(const struct atl_media *media, const struct atl_page *page);

// All of the page as it is read, in the dots that are printed of these labels: a label that lies
// across is not turned yet. *out is the caller's to free.
ATL_MUST_USE atl_code atl_media_draw(const struct atl_media *media, const struct atl_page *page,
                                     uint32_t dpi, const struct atl_rasteriser *rasteriser,
                                     struct atl_bitmap *out, struct atl_error *err);

// The dots across that are printed of the page: the model's; of a printer of labels that takes any
// width, labels from edge to edge, rolls as printers of receipts do, nothing beyond its head.
uint32_t atl_driver_dots(const struct atl_driver *driver, const struct atl_model *model,
                         const struct atl_page *page);

// The most that can be proven about a job of this driver, on this model, over this link: the
// weakest of the three. Over a file it is ATL_PROOF_NONE, whatever the driver declares; a model
// that never answers proves ATL_PROOF_TAKEN at most.
enum atl_proof atl_driver_proof(const struct atl_driver *driver, const struct atl_model *model,
                                const struct atl_link *link);

// Whether nobody answers: this model never does, or the link brings no answers. A model that never
// answers is known without its link, which may then be NULL.
bool atl_driver_is_mute(const struct atl_model *model, const struct atl_link *link);

// ATL_TROUBLE_* bits as words for staff, each with its cure: "paper is out: put in a new roll".
// Several are joined by "; "; "" when there is none. Cut at a whole sentence when out is too small.
void atl_trouble_words(uint32_t trouble, char *out, size_t size);

// ATL_E_DEVICE in these words. `names` are the device's own for it, in brackets behind; "": it has
// none.
atl_code atl_trouble_fail(const struct atl_model *model, uint32_t trouble, const char *names,
                          struct atl_error *err);

#endif
