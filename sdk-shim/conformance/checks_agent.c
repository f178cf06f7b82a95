// SPDX-License-Identifier: Apache-2.0
// The agent away, hung, slow, dying, and talking nonsense.
#include "sdk-shim/conformance/check.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 12, NONSENSE_ROUNDS = 8, SIGN = 3, BEFORE_TENDER = 9 };

// These two answer for themselves, whatever the agent does.
static bool answers_alone(const struct call *call)
{
    return strcmp(call->name, "health") == 0 || strcmp(call->name, "next_event") == 0;
}

static void check_away(struct lab *lab)
{
    const atl_pos_till till = lab_open(lab);

    for (size_t i = 0; i < call_count; i++) {
        const int64_t begun_ms = lab_now_ms();
        struct kit kit;
        int32_t rc;

        kit_fill(&kit);
        rc = calls[i].make(lab->plugin, till, kit.at);
        if (lab_now_ms() - begun_ms > AT_ONCE_MS)
            fail("%s() takes %lld ms while nobody is there", calls[i].name,
                 (long long)(lab_now_ms() - begun_ms));
        if (strcmp(calls[i].name, "health") == 0) {
            const struct atl_pos_health *health = kit.at[PART_HEALTH];

            if (rc || health->is_agent_up || !health->sentence)
                fail("health() gives code %d and does not say that the agent is away", rc);
        } else if (rc != ATL_POS_E_AWAY && rc != ATL_POS_E_NOT_FOUND) {
            fail("%s() gives code %d, not ATL_POS_E_AWAY", calls[i].name, rc);
        } else if (rc == ATL_POS_E_NOT_FOUND && strcmp(calls[i].name, "next_event") != 0) {
            fail("%s() gives ATL_POS_E_NOT_FOUND, not ATL_POS_E_AWAY", calls[i].name);
        } else if (!kit_outs_are_untouched(&kit)) {
            fail("%s() writes into the host's struct and gives code %d", calls[i].name, rc);
        }
    }
}

struct waiter {
    struct lab *lab;
    const struct call *call;
    atl_pos_till till;
    int32_t rc;
    int64_t took_ms;
    bool is_untouched;
};

static void *wait_for_answer(void *arg)
{
    struct waiter *waiter = arg;
    const int64_t begun_ms = lab_now_ms();
    struct kit kit;

    kit_fill(&kit);
    waiter->rc = waiter->call->make(waiter->lab->plugin, waiter->till, kit.at);
    waiter->took_ms = lab_now_ms() - begun_ms;
    waiter->is_untouched = kit_outs_are_untouched(&kit);
    return NULL;
}

static void judge_wait(const struct waiter *waiter)
{
    const struct call *call = waiter->call;

    if (waiter->took_ms > call->budget_ms + SLACK_MS)
        fail("%s() keeps its host for %lld ms, and %d are allowed", call->name,
             (long long)waiter->took_ms, call->budget_ms);
    if (answers_alone(call))
        return;
    if (waiter->rc != ATL_POS_E_TIMEOUT)
        fail("%s() gives code %d to an agent that is silent, not ATL_POS_E_TIMEOUT", call->name,
             waiter->rc);
    if (!waiter->is_untouched)
        fail("%s() writes into the host's struct without an answer", call->name);
}

// All calls wait beside one another, a till each, so that it does not take a minute.
static void wait_in_all_calls(struct lab *lab, enum manner manner)
{
    const pid_t agent = agent_start(lab, manner);
    struct waiter waiters[BATCH];
    pthread_t threads[BATCH];

    lab_load(lab);
    for (size_t first = 0; first < call_count; first += BATCH) {
        size_t count = call_count - first < BATCH ? call_count - first : BATCH;

        for (size_t i = 0; i < count; i++) {
            waiters[i] =
                (struct waiter){.lab = lab, .call = &calls[first + i], .till = lab_open(lab)};
            if (pthread_create(&threads[i], NULL, wait_for_answer, &waiters[i]) != 0)
                fail("the check's own thread cannot be started");
        }
        for (size_t i = 0; i < count; i++) {
            pthread_join(threads[i], NULL);
            judge_wait(&waiters[i]);
            lab->plugin->close(waiters[i].till);
        }
    }
    agent_stop(lab, agent);
}

static void check_hung(struct lab *lab)
{
    wait_in_all_calls(lab, AGENT_HUNG);
}

static void check_deaf(struct lab *lab)
{
    wait_in_all_calls(lab, AGENT_DEAF);
}

static void check_slow(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_LATE);
    const atl_pos_till till = lab_open(lab);
    const int64_t begun_ms = lab_now_ms();
    struct atl_pos_verdict *verdict;
    struct kit kit;
    int32_t rc;

    rc = call_plain(lab, &calls[SIGN], till);
    // On a machine so busy that the host was not woken in time, the answer lay there when it was.
    if (rc != ATL_POS_E_TIMEOUT && lab_now_ms() - begun_ms < ATL_POS_CALL_BUDGET_MS + LATE_MS)
        fail("an answer after the budget gives code %d, not ATL_POS_E_TIMEOUT", rc);
    kit_fill(&kit);
    rc = calls[BEFORE_TENDER].make(lab->plugin, till, kit.at);
    verdict = kit.at[PART_VERDICT];
    if (rc || !verdict->is_allowed || !verdict->reason)
        fail("the call after a late answer gives code %d", rc);
    agent_stop(lab, agent);
}

static void check_nonsense(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_NONSENSE);
    const atl_pos_till till = lab_open(lab);

    for (size_t i = 0; i < call_count * NONSENSE_ROUNDS; i++) {
        // One more each round, so that each call meets each kind of nonsense.
        const struct call *call = &calls[(i + i / call_count) % call_count];
        const int64_t begun_ms = lab_now_ms();
        struct kit kit;
        int32_t rc;

        kit_fill(&kit);
        rc = call->make(lab->plugin, till, kit.at);
        if (lab_now_ms() - begun_ms > call->budget_ms + SLACK_MS)
            fail("%s() keeps its host over the budget for an answer of nonsense", call->name);
        if (answers_alone(call))
            continue;
        if (rc == ATL_POS_OK && !(call->uses >> PART_FORM))
            continue; // nothing is answered to it, so that noise behind the head is no fault
        if (rc != ATL_POS_E_IO && rc != ATL_POS_E_TIMEOUT && rc != ATL_POS_E_AWAY &&
            rc != ATL_POS_E_NOT_FOUND)
            fail("%s() makes code %d of an answer of nonsense", call->name, rc);
        if (!kit_outs_are_untouched(&kit))
            fail("%s() writes nonsense into the host's struct", call->name);
    }
    agent_stop(lab, agent);
}

static void check_dying(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_DYING);
    const atl_pos_till till = lab_open(lab);

    for (size_t i = 0; i < call_count; i++) {
        const int32_t rc = call_plain(lab, &calls[i], till);

        if (!answers_alone(&calls[i]) && rc != ATL_POS_E_TIMEOUT && rc != ATL_POS_E_IO)
            fail("%s() gives code %d when the agent ends in mid-call, and it may have been done",
                 calls[i].name, rc);
    }
    agent_stop(lab, agent);
}

static void check_answers(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);
    struct atl_pos_verdict *verdict;
    struct atl_pos_health *health;
    struct kit kit;
    int32_t rc;

    kit_fill(&kit);
    verdict = kit.at[PART_VERDICT];
    health = kit.at[PART_HEALTH];
    rc = calls[SIGN].make(lab->plugin, till, kit.at);
    if (rc)
        fail("sign() gives code %d: %s", rc, lab->plugin->error_text(till));
    rc = calls[BEFORE_TENDER].make(lab->plugin, till, kit.at);
    if (rc || verdict->is_allowed != 1 || strcmp(verdict->reason, "Everything is fine.") != 0 ||
        verdict->field || verdict->warning)
        fail("before_tender() gives code %d or another verdict than the agent's", rc);
    rc = lab->plugin->health(till, health);
    if (rc || !health->is_agent_up || strcmp(health->sentence, "Two labels wait.") != 0)
        fail("health() gives code %d or something else than the agent's answer", rc);
    rc = lab->plugin->status(till, kit.at[PART_TXN], kit.at[PART_ORDER]);
    if (rc != ATL_POS_E_NOT_FOUND ||
        strcmp(lab->plugin->error_text(till), "There is no such thing.") != 0)
        fail("a refusal gives code %d and \"%s\"", rc, lab->plugin->error_text(till));
    agent_stop(lab, agent);
}

static void check_comes_back(struct lab *lab)
{
    const atl_pos_till till = lab_open(lab);

    for (int i = 0; i < 5; i++) {
        const pid_t agent = agent_start(lab, AGENT_POLITE);
        int32_t rc = call_plain(lab, &calls[SIGN], till);

        if (rc)
            fail("an agent that came back is not found by the next call: code %d", rc);
        agent_stop(lab, agent);
        rc = call_plain(lab, &calls[SIGN], till);
        if (rc != ATL_POS_E_AWAY)
            fail("an agent that ended between two calls gives code %d, not ATL_POS_E_AWAY", rc);
    }
}

static void check_event_fd(struct lab *lab)
{
    pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);
    const int fd = lab->plugin->event_fd(till);
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    if (fd < 0)
        fail("there is none");
    if (poll(&ready, 1, 0) != 0)
        fail("it is readable while there is nothing");
    agent_stop(lab, agent);
    for (int i = 0; i < 3 && lab->plugin->event_fd(till) == fd; i++) {
        agent = agent_start(lab, AGENT_POLITE);
        (void)call_plain(lab, &calls[SIGN], till);
        (void)call_plain(lab, &calls[call_count - 1], till);
        agent_stop(lab, agent);
    }
    if (lab->plugin->event_fd(till) != fd)
        fail("it is another one when the agent came back");
    lab->plugin->close(till);
    if (fcntl(fd, F_GETFD) != -1)
        fail("it is still open after close()");
}

static const struct check rows[] = {
    {"away",       "with the agent away every call says so at once, and writes nothing",              check_away      },
    {"hung",       "with an agent that hangs every call ends within its budget as ATL_POS_E_TIMEOUT",
     check_hung                                                                                                       },
    {"deaf",       "with an agent that reads and never answers likewise",                             check_deaf      },
    {"slow",       "an answer that comes too late is never taken for that of the next call",          check_slow      },
    {"nonsense",   "an agent's nonsense is an error, never data and never a crash",                   check_nonsense  },
    {"dying",      "an agent that ends in mid-call may have acted, and no code says otherwise",
     check_dying                                                                                                      },
    {"answers",    "what an agent answers reaches the host as it was",                                check_answers   },
    {"comes_back", "an agent that ends and comes back is found by the next call",                     check_comes_back},
    {"event_fd",   "the descriptor to poll stays the same until close()",                             check_event_fd  },
};

const struct check_group checks_agent = {rows, sizeof rows / sizeof rows[0]};
