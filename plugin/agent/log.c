// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *level_name(enum atl_log_level level)
{
    switch (level) {
    case ATL_LOG_DEBUG:
        return "debug";
    case ATL_LOG_INFO:
        return "info";
    case ATL_LOG_WARN:
        return "warn";
    case ATL_LOG_ERROR:
        return "error";
    }
    return "error";
}

static bool is_shown(enum atl_log_level level)
{
    const char *wish = getenv("ATELIER_LOG");

    return level != ATL_LOG_DEBUG || (wish && strcmp(wish, "debug") == 0);
}

static size_t put_time(char *out, size_t size)
{
    struct timespec now;
    struct tm utc;
    size_t len;

    clock_gettime(CLOCK_REALTIME, &now);
    if (!gmtime_r(&now.tv_sec, &utc))
        return 0;
    len = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &utc);
    return len + (size_t)snprintf(out + len, size - len, ".%03ldZ", now.tv_nsec / 1000000);
}

void atl_log(enum atl_log_level level, const char *who, const char *what, const char *fmt, ...)
{
    char line[2048];
    const size_t last = sizeof line - 2; // room for the line's end
    size_t len;
    va_list args;
    int more;

    if (!is_shown(level))
        return;
    len = put_time(line, sizeof line);
    more = snprintf(line + len, last - len, " %s %s: %s: ", level_name(level), who, what);
    len = more < 0 || len + (size_t)more > last ? last : len + (size_t)more;
    va_start(args, fmt);
    more = vsnprintf(line + len, last - len, fmt, args);
    va_end(args);
    len = more < 0 || len + (size_t)more > last ? last : len + (size_t)more;
    line[len++] = '\n';
    // One write a line, so that lines of several processes do not mix. A full disk loses a line.
    (void)!write(STDERR_FILENO, line, len);
}

struct atl_log_value atl_log_value(const char *text)
{
    struct atl_log_value value;
    size_t len = 0;

    value.text[len++] = '"';
    for (const char *at = text ? text : ""; *at && len < sizeof value.text - 6; at++) {
        const unsigned char byte = (unsigned char)*at;

        if (byte == '"' || byte == '\\') {
            value.text[len++] = '\\';
            value.text[len++] = (char)byte;
        } else if (byte >= 0x20 && byte < 0x7f) {
            value.text[len++] = (char)byte;
        } else {
            len += (size_t)snprintf(value.text + len, 5, "\\x%02x", byte);
        }
    }
    value.text[len++] = '"';
    value.text[len] = '\0';
    return value;
}
