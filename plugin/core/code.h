// SPDX-License-Identifier: Apache-2.0
// The codes that people read, type and scan. Symbols are Crockford's 32: 0-9 and A-Z without I L O
// U; what is read may be in either case, with O for 0, I or L for 1, and '-' anywhere.
//
//   token        26 symbols, 130 random bits: in the guest's QR. A secret: never log it
//   order code   K7F-2A1: 5 random symbols and a check symbol. Says which order, proves nothing
//   piece code   K7F-2A1/2: the second unit of that order
//   PIN          4 digits
//   tag code     28 symbols on the work tag:
//                order code (6) unit (3) tag revision (3) MAC (15 = 75 bits) check symbol (1)
//   action code  UA + name + check: "UASTARTN", a station or an act, printed on the workshop's wall
//   place code   UP + name + check: "UPSHELFB4Y"
//   spare code   US + number (6) + MAC (10 symbols = 50 bits) + check: on a tag that is printed
//   before
//                there is a piece, and tied to one by a scan. Of another shop it is not ours
//
// No code of ours but the last three contains a U, and a keyboard wedge delivers A-Z and 0-9
// unharmed: no scan can be taken for another. The check symbol of the order and tag code is a
// weighted sum over GF(32) (sum of alpha^i * d_i, x^5 + x^2 + 1): one wrong symbol, two swapped
// neighbours and two swapped over one between are always found. The check of names is ISO/IEC 7064
// MOD 37,36. Randomness is handed in.
#ifndef ATL_CORE_CODE_H
#define ATL_CORE_CODE_H

#include "plugin/core/hash.h"

enum {
    ATL_TOKEN_LEN = 26,
    ATL_TOKEN_CAP = 27,
    ATL_TOKEN_RANDOM_BYTES = 17,
    ATL_ORDER_CODE_LEN = 7, // "K7F-2A1"
    ATL_ORDER_CODE_CAP = 8,
    ATL_ORDER_CODE_RANDOM_BYTES = 4,
    ATL_PIECE_CODE_CAP = 14, // "K7F-2A1/32767"
    ATL_UNIT_MAX = 32767,    // units are 1..32767
    ATL_REVISION_MAX = 32767,
    ATL_PIN_LEN = 4,
    ATL_PIN_CAP = 5,
    ATL_PIN_RANDOM_BYTES = 16,
    ATL_TAG_CODE_LEN = 28,
    ATL_TAG_CODE_CAP = 29,
    ATL_NAME_MAX = 20, // letters and digits of an action's or place's name
    ATL_NAME_CAP = 21,
    ATL_NAME_CODE_CAP = 24, // UA + 20 + check + NUL
    ATL_SPARE_NUMBER_LEN = 6,
    ATL_SPARE_NAME_LEN = 16,              // number and MAC
    ATL_SPARE_NUMBER_MAX = (1 << 30) - 1, // six symbols
    ATL_LINK_CAP = 160,
};

void atl_token_make(const uint8_t random[ATL_TOKEN_RANDOM_BYTES], char out[ATL_TOKEN_CAP]);
// Canonical form of what was typed or scanned. ATL_E_INVALID when it is not 26 symbols.
ATL_MUST_USE atl_code atl_token_read(const char *text, size_t len, char out[ATL_TOKEN_CAP],
                                     struct atl_error *err);
// SHA-256 of the 26 canonical characters: all that the cloud ever sees of a token.
void atl_token_hash(const char token[ATL_TOKEN_CAP], uint8_t out[ATL_HASH_BYTES]);

// False: a word nobody wants on a ticket came out; take other random bytes. `out` is then
// unchanged.
ATL_MUST_USE bool atl_order_code_make(const uint8_t random[ATL_ORDER_CODE_RANDOM_BYTES],
                                      char out[ATL_ORDER_CODE_CAP]);
// Canonical "K7F-2A1". The sentence says whether the length or the check symbol is wrong.
ATL_MUST_USE atl_code atl_order_code_read(const char *text, size_t len,
                                          char out[ATL_ORDER_CODE_CAP], struct atl_error *err);

// `order_code` is canonical, unit 1..ATL_UNIT_MAX.
ATL_MUST_USE atl_code atl_piece_code_make(const char *order_code, uint32_t unit,
                                          char out[ATL_PIECE_CODE_CAP], struct atl_error *err);
// Any one character that is no letter or digit may stand for the '/'.
ATL_MUST_USE atl_code atl_piece_code_read(const char *text, size_t len,
                                          char order_code[ATL_ORDER_CODE_CAP], uint32_t *unit,
                                          struct atl_error *err);

// Each PIN equally likely. False (once in 36 million): take other random bytes.
ATL_MUST_USE bool atl_pin_make(const uint8_t random[ATL_PIN_RANDOM_BYTES], char out[ATL_PIN_CAP]);

// What a work tag says. `revision` begins at 1 and grows with each amendment.
struct atl_tag {
    char order_code[ATL_ORDER_CODE_CAP]; // canonical
    uint32_t unit;
    uint32_t revision;
};
// `key` is the shop's own; `signed_hash` is the SHA-256 of what the guest signed (signoff.h).
// ATL_E_INVALID when the order code, unit or revision is not one.
ATL_MUST_USE atl_code atl_tag_code_make(const uint8_t key[ATL_HASH_BYTES],
                                        const struct atl_tag *tag,
                                        const uint8_t signed_hash[ATL_HASH_BYTES],
                                        char out[ATL_TAG_CODE_CAP], struct atl_error *err);
// What stands in it; checks symbols, not the MAC. `out` gets the 28 canonical symbols and may be
// NULL.
ATL_MUST_USE atl_code atl_tag_code_read(const char *text, size_t len, struct atl_tag *tag,
                                        char out[ATL_TAG_CODE_CAP], struct atl_error *err);
// The tag was made by this shop, for exactly this unit, revision and signed content. In constant
// time.
bool atl_tag_code_is_ours(const uint8_t key[ATL_HASH_BYTES], const char *tag_code,
                          const uint8_t signed_hash[ATL_HASH_BYTES]);

// BASE + "/O/" + token in upper case, for QR's alphanumeric mode. `base` is "https://host[/path]";
// a '/' at its end is dropped. ATL_E_INVALID when it has a character that QR's set lacks.
ATL_MUST_USE atl_code atl_link_make(const char *base, const char token[ATL_TOKEN_CAP],
                                    char out[ATL_LINK_CAP], struct atl_error *err);

// The key of a name, under which codes and people find it: letters A-Z and digits only, upper case
// ("shelf B4" -> "SHELFB4"). ATL_E_INVALID: nothing is left, it is too long, or it has other
// letters.
ATL_MUST_USE atl_code atl_name_key(const char *name, char out[ATL_NAME_CAP], struct atl_error *err);
ATL_MUST_USE atl_code atl_action_code_make(const char *name, char out[ATL_NAME_CODE_CAP],
                                           struct atl_error *err);
ATL_MUST_USE atl_code atl_place_code_make(const char *name, char out[ATL_NAME_CODE_CAP],
                                          struct atl_error *err);

// A tag without a piece, the number-th that this shop prints. ATL_E_INVALID: there is no such
// number.
ATL_MUST_USE atl_code atl_spare_code_make(const uint8_t key[ATL_HASH_BYTES], int64_t number,
                                          char out[ATL_NAME_CODE_CAP], struct atl_error *err);
// The code was made by this shop; `name` is as in atl_scan. In constant time.
bool atl_spare_code_is_ours(const uint8_t key[ATL_HASH_BYTES], const char *name);
// The code again, of its name: as it is stored. ATL_E_INVALID: it is no name.
ATL_MUST_USE atl_code atl_spare_code_write(const char *name, char out[ATL_NAME_CODE_CAP],
                                           struct atl_error *err);

enum atl_scan_kind {
    ATL_SCAN_FOREIGN, // not ours: a product's barcode, another shop's link, rubbish, an attack
    ATL_SCAN_TOKEN,   // the guest's ticket. Opens the order; never advances anything
    ATL_SCAN_ORDER,   // order code
    ATL_SCAN_PIECE,   // piece code
    ATL_SCAN_TAG,     // work tag; its MAC is still to be verified
    ATL_SCAN_ACTION,  // station or act
    ATL_SCAN_PLACE,
    ATL_SCAN_SPARE, // a tag printed before there was a piece; its MAC is still to be verified
};

// What a scanner delivered. Fields that do not belong to the kind are empty.
struct atl_scan {
    enum atl_scan_kind kind;
    bool is_damaged;           // FOREIGN that looks like ours with a wrong check: scan again
    bool is_link;              // TOKEN: it came as a web address
    char token[ATL_TOKEN_CAP]; // TOKEN
    char order_code[ATL_ORDER_CODE_CAP]; // ORDER, PIECE, TAG
    uint32_t unit;                       // PIECE, TAG
    uint32_t revision;                   // TAG
    char tag_code[ATL_TAG_CODE_CAP];     // TAG: canonical, for atl_tag_code_is_ours
    char name[ATL_NAME_CAP];             // ACTION, PLACE: the key; SPARE: number and MAC
};

// Reads any bytes. An AIM prefix (]Q1), white space and controls around it are ignored; ':' '/' '.'
// of an address may have been mangled or lost by a keyboard layout.
void atl_scan_read(const char *text, size_t len, struct atl_scan *out);

// "foreign", "token", "order", "piece", "tag", "action", "place", "spare". Never NULL.
const char *atl_scan_kind_name(enum atl_scan_kind kind);

#endif
