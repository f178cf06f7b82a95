// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sync_pace.h"

#include "plugin/core/zone.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000 };

static const size_t steps[] = {1, 50, 200, ATL_SYNC_BATCH_MAX};

static const struct {
    long status;
    enum atl_sync_verdict verdict;
} verdicts[] = {
    {400, ATL_SYNC_SPLIT},
    {401, ATL_SYNC_KEY  },
    {403, ATL_SYNC_KEY  },
    {404, ATL_SYNC_NONE },
    {410, ATL_SYNC_GONE },
    {413, ATL_SYNC_SPLIT},
    {422, ATL_SYNC_SPLIT},
};

enum atl_sync_verdict atl_sync_judge(long status)
{
    if (status >= 200 && status < 300)
        return ATL_SYNC_DONE;
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        if (verdicts[i].status == status)
            return verdicts[i].verdict;
    return ATL_SYNC_LATER;
}

int64_t atl_sync_wait_ms(int failures, int64_t retry_after_ms, uint32_t dice)
{
    int64_t limit_ms = ATL_SYNC_BASE_MS, wait_ms;

    for (int i = 1; i < failures && limit_ms < ATL_SYNC_CAP_MS; i++)
        limit_ms *= 2;
    if (limit_ms > ATL_SYNC_CAP_MS)
        limit_ms = ATL_SYNC_CAP_MS;
    wait_ms = (int64_t)(dice % (uint32_t)(limit_ms + 1));
    if (retry_after_ms > ATL_SYNC_RETRY_AFTER_CAP_MS)
        retry_after_ms = ATL_SYNC_RETRY_AFTER_CAP_MS;
    return wait_ms > retry_after_ms ? wait_ms : retry_after_ms;
}

void atl_sync_failed(struct atl_sync_pace *pace, int64_t now_ms, int64_t retry_after_ms,
                     uint32_t dice)
{
    if (pace->failures < 1000)
        pace->failures++;
    pace->due_ms = now_ms + atl_sync_wait_ms(pace->failures, retry_after_ms, dice);
    if (pace->failures >= ATL_SYNC_BREAKER)
        pace->batch = 1;
    else
        pace->batch = (pace->batch + 1) / 2;
}

void atl_sync_succeeded(struct atl_sync_pace *pace, int64_t now_ms)
{
    const size_t last = sizeof steps / sizeof steps[0] - 1;
    const size_t batch = pace->batch ? pace->batch : 1;
    size_t next = 0;

    while (next < last && steps[next] <= batch)
        next++;
    pace->batch = steps[next];
    pace->failures = 0;
    pace->due_ms = now_ms;
}

void atl_sync_halve(struct atl_sync_pace *pace, size_t sent)
{
    pace->batch = sent > 1 ? sent / 2 : 1;
}

static int month_of(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++)
        if (strncmp(text, months + 3 * i, 3) == 0)
            return i + 1;
    return 0;
}

static int two_digits(const char *text)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return -1;
    return (text[0] - '0') * 10 + text[1] - '0';
}

int64_t atl_sync_date_ms(const char *text)
{
    static const char shape[] = "Sun, 06 Nov 1994 08:49:37 GMT";
    int day, month, century, year, hour, minute, second;

    if (!text || strlen(text) < sizeof shape - 1 || strncmp(text + 25, " GMT", 4) != 0)
        return 0;
    day = two_digits(text + 5);
    month = month_of(text + 8);
    century = two_digits(text + 12);
    year = two_digits(text + 14);
    hour = two_digits(text + 17);
    minute = two_digits(text + 20);
    second = two_digits(text + 23);
    if (month == 0 || century < 19 || year < 0 || hour < 0 || minute < 0 || second < 0 ||
        !atl_date_is_valid(century * 100 + year, month, day))
        return 0;
    return atl_date_days(century * 100 + year, month, day) * DAY_MS +
           ((int64_t)hour * 3600 + minute * 60 + second) * 1000;
}
