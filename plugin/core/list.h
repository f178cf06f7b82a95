// SPDX-License-Identifier: Apache-2.0
// Many units as one list: "the same for all, except". What a person types for three names becomes
// three lists of answers, numbered; each unit is then checked and made by itself.
//
//   thread=navy; font=round          without a number: for all units
//   2: text=Kelly                    except unit 2
//   3: text=Laura; thread=red        except unit 3
//
// and, where one field is meant, a value alone: "Jill" NEWLINE "Kelly" NEWLINE "Laura" for the
// units in their order, or "3. Laura" for that one. A value that holds ; = or \ has a \ before it.
#ifndef ATL_CORE_LIST_H
#define ATL_CORE_LIST_H

#include "plugin/core/answer.h"
#include "plugin/core/arena.h"

#include <stddef.h>
#include <stdint.h>

enum { ATL_LIST_UNITS_MAX = 200 };

struct atl_exception {
    uint32_t unit_index; // 1..units
    const struct atl_answer *answers;
    size_t answer_count; // these replace those of the base; an empty value takes one away
};

struct atl_unit_answers {
    uint32_t unit_index;
    const struct atl_answer *answers;
    size_t answer_count;
};

struct atl_list {
    uint32_t units; // 1..ATL_LIST_UNITS_MAX
    const struct atl_answer *base;
    size_t base_count;
    const struct atl_exception *exceptions; // any order; a unit at most once
    size_t exception_count;
};

// Reads the text above for so many units. `field` is what a value alone answers; NULL: such are
// refused. Errors say the line and never repeat what stands in it. The list belongs to the arena.
// Empty lines are skipped; more values than units, and a unit or a name twice, are refused.
ATL_MUST_USE atl_code atl_list_parse(const char *text, size_t len, uint32_t units,
                                     const char *field, struct atl_arena *arena,
                                     struct atl_list *out, struct atl_error *err);

// One list of answers a unit: out has list->units elements, unit_index 1, 2, …, all of the arena
// or borrowed from the list.
ATL_MUST_USE atl_code atl_list_expand(const struct atl_list *list, struct atl_arena *arena,
                                      const struct atl_unit_answers **out, struct atl_error *err);

// The other way: the shortest list that expands to these units (base: the commonest value of each
// name). For screens and slips that show one sign-off for the numbered list.
ATL_MUST_USE atl_code atl_list_fold(const struct atl_unit_answers *units, uint32_t unit_count,
                                    struct atl_arena *arena, struct atl_list *out,
                                    struct atl_error *err);

#endif
