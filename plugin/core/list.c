// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/list.h"

#include <stdbool.h>
#include <string.h>

enum { TEXT_MAX_BYTES = 64 * 1024 };

// ---- Reading ----

// Answers being collected.
struct set {
    struct atl_answer *rows;
    size_t count;
};

struct parse {
    const char *field;
    struct atl_arena *arena;
    struct atl_error *err;
    uint32_t units;
    unsigned line;
    uint32_t next_unit; // of a value alone
    struct set base;
    struct set *sets; // one a unit; rows is NULL until it is named
};

static atl_code fault(const struct parse *parse, const char *why)
{
    return atl_fail(parse->err, ATL_E_INVALID, "line %u: %s", parse->line, why);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **begin, const char **end)
{
    while (*begin < *end && is_blank(**begin))
        ++*begin;
    while (*begin < *end && is_blank((*end)[-1]))
        --*end;
}

// The first of that character that has no \ before it; `end` when there is none.
static const char *find_plain(const char *begin, const char *end, char c)
{
    for (; begin < end; begin++) {
        if (*begin == '\\')
            begin++;
        else if (*begin == c)
            return begin;
    }
    return end;
}

// A trimmed copy without the \ of its escapes.
static char *take(const struct parse *parse, const char *begin, const char *end)
{
    char *copy;
    size_t len = 0;

    trim(&begin, &end);
    copy = atl_arena_bytes(parse->arena, begin, (size_t)(end - begin));
    for (; copy && begin < end; begin++) {
        if (*begin == '\\' && begin + 1 < end)
            begin++;
        copy[len++] = *begin;
    }
    if (copy)
        copy[len] = 0;
    return copy;
}

static atl_code set_open(struct parse *parse, struct set *set)
{
    if (!set->rows)
        set->rows = atl_arena_get(parse->arena, ATL_ANSWERS_MAX, sizeof(*set->rows));
    return set->rows ? ATL_OK : atl_arena_check(parse->arena, parse->err);
}

static atl_code set_add(struct parse *parse, struct set *set, const char *name, const char *value)
{
    if (!name || !value)
        return atl_arena_check(parse->arena, parse->err);
    if (!*name || strlen(name) > ATL_ANSWER_NAME_MAX_BYTES ||
        strlen(value) > ATL_ANSWER_VALUE_MAX_BYTES)
        return fault(parse, "a name is empty, or a name or value is too long");
    if (atl_answers_find(set->rows, set->count, name))
        return fault(parse, "a question is answered twice; keep one");
    if (set->count == ATL_ANSWERS_MAX)
        return fault(parse, "too many answers for one unit");
    set->rows[set->count++] = (struct atl_answer){name, value};
    return ATL_OK;
}

// "name=value; name=value"; a ; too many is let pass.
static atl_code read_pairs(struct parse *parse, struct set *set, const char *begin, const char *end)
{
    atl_code rc = set_open(parse, set);

    while (begin < end && !rc) {
        const char *stop = find_plain(begin, end, ';');
        const char *equals = find_plain(begin, stop, '=');
        const char *next = stop + 1;

        if (equals < stop) {
            rc = set_add(parse, set, take(parse, begin, equals), take(parse, equals + 1, stop));
        } else {
            trim(&begin, &stop);
            if (begin < stop)
                rc = fault(parse, "an = is missing between a question and its answer");
        }
        begin = next;
    }
    return rc;
}

static atl_code read_alone(struct parse *parse, struct set *set, const char *begin, const char *end)
{
    atl_code rc;

    if (!parse->field)
        return fault(parse, "say which question it answers: question=answer");
    rc = set_open(parse, set);
    return rc ? rc
              : set_add(parse, set, atl_arena_text(parse->arena, parse->field),
                        take(parse, begin, end));
}

// "3: ", "3. " or "3) " in front: the unit, and *begin behind it. 0: there is none.
static uint32_t take_unit(const char **begin, const char *end)
{
    const char *at = *begin;
    uint32_t unit = 0;

    while (at < end && at < *begin + 4 && *at >= '0' && *at <= '9')
        unit = unit * 10 + (uint32_t)(*at++ - '0');
    if (at == *begin || at == end)
        return 0;
    if (*at != ':' && ((*at != '.' && *at != ')') || at + 1 == end || !is_blank(at[1])))
        return 0;
    *begin = at + 1;
    return unit ? unit : UINT32_MAX;
}

// The set of a unit that is named for the first time; NULL and a fault otherwise.
static struct set *open_unit(struct parse *parse, uint32_t unit, atl_code *rc)
{
    if (unit > parse->units) {
        *rc = fault(parse, "there are not so many units; leave the line out or raise the quantity");
        return NULL;
    }
    if (parse->sets[unit - 1].rows) {
        *rc = fault(parse, "this unit has a line already; keep one");
        return NULL;
    }
    return &parse->sets[unit - 1];
}

static atl_code read_line(struct parse *parse, const char *begin, const char *end)
{
    atl_code rc = ATL_OK;
    struct set *set;
    uint32_t unit;
    bool is_alone;

    trim(&begin, &end);
    if (begin == end)
        return ATL_OK;
    unit = take_unit(&begin, end);
    is_alone = find_plain(begin, end, '=') == end;
    if (!unit && !is_alone)
        return read_pairs(parse, &parse->base, begin, end);
    if (!unit)
        unit = parse->next_unit;
    set = open_unit(parse, unit, &rc);
    if (!set)
        return rc;
    if (is_alone)
        parse->next_unit = unit + 1;
    return is_alone ? read_alone(parse, set, begin, end) : read_pairs(parse, set, begin, end);
}

static atl_code gather(const struct parse *parse, struct atl_list *out)
{
    struct atl_exception *exceptions =
        atl_arena_get(parse->arena, parse->units, sizeof(*exceptions));
    size_t count = 0;

    for (uint32_t i = 0; exceptions && i < parse->units; i++) {
        if (parse->sets[i].rows)
            exceptions[count++] =
                (struct atl_exception){i + 1, parse->sets[i].rows, parse->sets[i].count};
    }
    if (!exceptions)
        return atl_arena_check(parse->arena, parse->err);
    *out = (struct atl_list){
        .units = parse->units,
        .base = parse->base.rows,
        .base_count = parse->base.count,
        .exceptions = exceptions,
        .exception_count = count,
    };
    return ATL_OK;
}

atl_code atl_list_parse(const char *text, size_t len, uint32_t units, const char *field,
                        struct atl_arena *arena, struct atl_list *out, struct atl_error *err)
{
    struct parse parse = {
        .field = field, .arena = arena, .err = err, .units = units, .next_unit = 1};
    const char *end = len ? text + len : text;
    atl_code rc = ATL_OK;

    if (units < 1 || units > ATL_LIST_UNITS_MAX)
        return atl_fail(err, ATL_E_INVALID, "a list is for 1..%d units", ATL_LIST_UNITS_MAX);
    if (len > TEXT_MAX_BYTES || (len && memchr(text, 0, len)))
        return atl_fail(err, ATL_E_INVALID, "the list is over 64 KiB, or holds a NUL");
    parse.sets = atl_arena_get(arena, units, sizeof(*parse.sets));
    if (!parse.sets)
        return atl_arena_check(arena, err);
    while (len && text < end && !rc) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        parse.line++;
        stop = stop ? stop : end;
        rc = read_line(&parse, text, stop);
        text = stop + 1;
    }
    return rc ? rc : gather(&parse, out);
}

// ---- Expanding ----

static atl_code put(struct set *set, const char *name, const char *value, struct atl_error *err)
{
    const bool takes_away = !value || !*value;
    size_t i = 0;

    while (i < set->count && strcmp(set->rows[i].name, name) != 0)
        i++;
    if (takes_away) {
        if (i < set->count) {
            memmove(&set->rows[i], &set->rows[i + 1], (set->count - i - 1) * sizeof(set->rows[0]));
            set->count--;
        }
        return ATL_OK;
    }
    if (i == ATL_ANSWERS_MAX)
        return atl_fail(err, ATL_E_INVALID, "more than %d answers for one unit", ATL_ANSWERS_MAX);
    set->rows[i] = (struct atl_answer){name, value};
    set->count += i == set->count;
    return ATL_OK;
}

static atl_code expand_unit(const struct atl_list *list, uint32_t unit, struct set *set,
                            struct atl_error *err)
{
    atl_code rc = ATL_OK;

    for (size_t i = 0; i < list->base_count && !rc; i++)
        rc = put(set, list->base[i].name, list->base[i].value, err);
    for (size_t i = 0; i < list->exception_count; i++) {
        const struct atl_exception *exception = &list->exceptions[i];

        for (size_t j = 0; exception->unit_index == unit && j < exception->answer_count && !rc; j++)
            rc = put(set, exception->answers[j].name, exception->answers[j].value, err);
    }
    return rc;
}

static atl_code check_list(const struct atl_list *list, struct atl_error *err)
{
    if (list->units < 1 || list->units > ATL_LIST_UNITS_MAX)
        return atl_fail(err, ATL_E_INVALID, "a list is for 1..%d units", ATL_LIST_UNITS_MAX);
    for (size_t i = 0; i < list->exception_count; i++) {
        uint32_t unit = list->exceptions[i].unit_index;

        if (unit < 1 || unit > list->units)
            return atl_fail(err, ATL_E_INVALID, "unit %u is not among the %u", unit, list->units);
        for (size_t j = 0; j < i; j++) {
            if (list->exceptions[j].unit_index == unit)
                return atl_fail(err, ATL_E_INVALID, "unit %u stands there twice", unit);
        }
    }
    return ATL_OK;
}

atl_code atl_list_expand(const struct atl_list *list, struct atl_arena *arena,
                         const struct atl_unit_answers **out, struct atl_error *err)
{
    struct atl_unit_answers *units;
    atl_code rc = check_list(list, err);

    if (rc)
        return rc;
    units = atl_arena_get(arena, list->units, sizeof(*units));
    for (uint32_t i = 0; units && i < list->units && !rc; i++) {
        struct set set = {.rows = atl_arena_get(arena, ATL_ANSWERS_MAX, sizeof(*set.rows))};

        rc = set.rows ? expand_unit(list, i + 1, &set, err) : atl_arena_check(arena, err);
        units[i] = (struct atl_unit_answers){i + 1, set.rows, set.count};
    }
    if (!rc)
        rc = atl_arena_check(arena, err);
    if (!rc)
        *out = units;
    return rc;
}

// ---- Folding ----

// Every question that any unit answers, in the order of the first that does.
static atl_code collect_names(const struct atl_unit_answers *units, uint32_t unit_count,
                              struct set *names, struct atl_error *err)
{
    for (uint32_t i = 0; i < unit_count; i++) {
        for (size_t j = 0; j < units[i].answer_count; j++) {
            const char *name = units[i].answers[j].name;

            if (atl_answers_find(names->rows, names->count, name))
                continue;
            if (names->count == ATL_ANSWERS_MAX)
                return atl_fail(err, ATL_E_INVALID, "more than %d questions", ATL_ANSWERS_MAX);
            names->rows[names->count++] = (struct atl_answer){name, NULL};
        }
    }
    return ATL_OK;
}

// What most units say; "" when most say nothing. Of equals, the first.
static const char *commonest(const char *const *values, uint32_t count)
{
    const char *best = "";
    uint32_t best_count = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t same = 0;

        for (uint32_t j = 0; j < count; j++)
            same += strcmp(values[i], values[j]) == 0;
        if (same > best_count) {
            best_count = same;
            best = values[i];
        }
    }
    return best;
}

// One question: its commonest value into the base, the others into the sets of their units.
static atl_code fold_name(struct parse *parse, const struct atl_unit_answers *units,
                          const char *name)
{
    const char *values[ATL_LIST_UNITS_MAX];
    const char *common;
    atl_code rc = ATL_OK;

    for (uint32_t i = 0; i < parse->units; i++) {
        const char *value = atl_answers_find(units[i].answers, units[i].answer_count, name);

        values[i] = value ? value : "";
    }
    common = commonest(values, parse->units);
    if (*common)
        rc = put(&parse->base, name, common, parse->err);
    for (uint32_t i = 0; i < parse->units && !rc; i++) {
        struct set *set = &parse->sets[i];

        if (strcmp(values[i], common) == 0)
            continue;
        rc = set_open(parse, set);
        if (!rc)
            set->rows[set->count++] = (struct atl_answer){name, values[i]};
    }
    return rc;
}

atl_code atl_list_fold(const struct atl_unit_answers *units, uint32_t unit_count,
                       struct atl_arena *arena, struct atl_list *out, struct atl_error *err)
{
    struct parse parse = {.arena = arena, .err = err, .units = unit_count};
    struct set names = {0};
    atl_code rc;

    if (unit_count < 1 || unit_count > ATL_LIST_UNITS_MAX)
        return atl_fail(err, ATL_E_INVALID, "a list is for 1..%d units", ATL_LIST_UNITS_MAX);
    parse.sets = atl_arena_get(arena, unit_count, sizeof(*parse.sets));
    rc = set_open(&parse, &names);
    if (!rc)
        rc = set_open(&parse, &parse.base);
    if (!rc)
        rc = collect_names(units, unit_count, &names, err);
    for (size_t i = 0; i < names.count && !rc; i++)
        rc = fold_name(&parse, units, names.rows[i].name);
    return rc ? rc : gather(&parse, out);
}
