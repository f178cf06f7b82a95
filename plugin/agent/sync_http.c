// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sync_http.h"

#include "plugin/agent/sync_pace.h"
#include "plugin/core/hash.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_TIMEOUT_MS = 10000,
    HEADER_BYTES = 1024,
    ID_BYTES = 48,
    BODY_BYTES = 1024 * 1024,
    PROBE_REPLY_BYTES = 65536
};

struct atl_sync_net {
    const struct atl_config *config;
    const struct atl_sync_key *key;
    CURLM *multi;
    int64_t skew_ms;
};

atl_code atl_sync_net_open(const struct atl_config *config, const struct atl_sync_key *key,
                           struct atl_sync_net **out, struct atl_error *err)
{
    struct atl_sync_net *net;
    atl_code rc = atl_sync_url_check(config->cloud_url, err);

    if (rc)
        return rc;
    net = calloc(1, sizeof *net);
    if (!net || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(net);
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    }
    net->config = config;
    net->key = key;
    net->multi = curl_multi_init();
    if (!net->multi) {
        atl_sync_net_close(net);
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    }
    *out = net;
    return ATL_OK;
}

void atl_sync_net_close(struct atl_sync_net *net)
{
    if (!net)
        return;
    if (net->multi)
        (void)curl_multi_cleanup(net->multi);
    curl_global_cleanup();
    free(net);
}

void atl_sync_net_skew(struct atl_sync_net *net, int64_t skew_ms)
{
    net->skew_ms = skew_ms;
}

void atl_sync_wire_init(struct atl_sync_wire *wire, struct atl_sync_net *net, size_t reply_limit)
{
    *wire = (struct atl_sync_wire){.net = net, .reply_limit = reply_limit};
    atl_buf_init(&wire->body, BODY_BYTES);
    atl_buf_init(&wire->reply, reply_limit);
}

void atl_sync_body_begin(struct atl_sync_wire *wire)
{
    atl_buf_free(&wire->body);
    atl_buf_init(&wire->body, BODY_BYTES);
}

// Takes the request off the wire; the answer stays.
static void end_transfer(struct atl_sync_wire *wire)
{
    if (wire->handle && wire->is_busy)
        (void)curl_multi_remove_handle(wire->net->multi, wire->handle);
    curl_slist_free_all(wire->headers);
    wire->headers = NULL;
    wire->is_busy = false;
}

void atl_sync_wire_free(struct atl_sync_wire *wire)
{
    if (!wire->net)
        return;
    end_transfer(wire);
    if (wire->handle)
        curl_easy_cleanup(wire->handle);
    atl_buf_free(&wire->body);
    atl_buf_free(&wire->reply);
    *wire = (struct atl_sync_wire){0};
}

void atl_sync_add_escaped(struct atl_buf *out, const char *text)
{
    for (; *text; text++) {
        const char one = *text;

        if ((one >= '0' && one <= '9') || (one >= 'A' && one <= 'Z') ||
            (one >= 'a' && one <= 'z') || strchr("-._~", one))
            atl_buf_add(out, &one, 1);
        else
            atl_buf_addf(out, "%%%02X", (unsigned)(unsigned char)one);
    }
}

// ---- What comes back ----

// Returning less than it was given makes curl give the transfer up: the reply is too big.
static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
    struct atl_sync_wire *wire = user;

    atl_buf_add(&wire->reply, bytes, size * count);
    return wire->reply.failed ? 0 : size * count;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *user)
{
    static const char name[] = "date:";
    struct atl_sync_wire *wire = user;
    const size_t len = size * count, skip = sizeof name - 1;

    if (len > skip && len - skip < sizeof wire->date && curl_strnequal(bytes, name, skip)) {
        size_t from = skip;

        while (from < len && bytes[from] == ' ')
            from++;
        memcpy(wire->date, bytes + from, len - from);
        wire->date[len - from] = '\0';
    }
    return len;
}

static void read_answer(struct atl_sync_wire *wire, CURLcode code)
{
    struct atl_sync_answer *answer = &wire->answer;
    curl_off_t retry_after_s = 0;
    int64_t date_ms;

    *answer = (struct atl_sync_answer){0};
    if (code != CURLE_OK) {
        (void)snprintf(answer->trouble, sizeof answer->trouble, "%.199s",
                       wire->reply.failed ? "the answer is longer than it may be"
                       : wire->words[0]   ? wire->words
                                          : curl_easy_strerror(code));
        return;
    }
    (void)curl_easy_getinfo(wire->handle, CURLINFO_RESPONSE_CODE, &answer->status);
    if (curl_easy_getinfo(wire->handle, CURLINFO_RETRY_AFTER, &retry_after_s) == CURLE_OK &&
        retry_after_s > 0)
        answer->retry_after_ms = retry_after_s < 86400 ? (int64_t)retry_after_s * 1000 : 86400000;
    date_ms = atl_sync_date_ms(wire->date);
    if (date_ms)
        answer->skew_ms = date_ms - atl_clock_now_ms();
}

static void take_messages(struct atl_sync_net *net)
{
    const CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(net->multi, &left)) != NULL) {
        struct atl_sync_wire *wire = NULL;
        const CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&wire);
        read_answer(wire, code);
        end_transfer(wire);
        wire->has_answer = true;
    }
}

void atl_sync_net_wait(struct atl_sync_net *net, const struct atl_process *process,
                       int64_t timeout_ms)
{
    struct curl_waitfd more[2] = {{.events = CURL_WAIT_POLLIN}, {.events = CURL_WAIT_POLLIN}};
    int running;

    if (process) {
        more[0].fd = process->stop_fd;
        more[1].fd = process->bell_fd;
    }
    (void)curl_multi_poll(net->multi, more, process ? 2 : 0, timeout_ms > 0 ? (int)timeout_ms : 0,
                          NULL);
    (void)curl_multi_perform(net->multi, &running);
    take_messages(net);
}

// ---- What goes out ----

// "Name: " and its value.
static void add_header(struct atl_sync_wire *wire, const char *name, const char *value)
{
    char line[HEADER_BYTES];
    struct curl_slist *longer;

    (void)snprintf(line, sizeof line, "%s%s", name, value);
    longer = curl_slist_append(wire->headers, line);
    atl_hash_wipe(line, sizeof line);
    if (longer)
        wire->headers = longer;
}

// The same bytes have the same id, so a repetition is known by it.
static void make_id(const struct atl_buf *body, char *out)
{
    uint8_t digest[ATL_HASH_BYTES];

    atl_hash_sha256(body->len ? (const void *)body->data : "", body->len, digest);
    out[0] = 'b';
    out[1] = '_';
    atl_hex_encode(digest, 16, out + 2);
}

// Standard Webhooks 1.0.0: HMAC-SHA256(secret, id "." seconds "." body).
static void add_signature(struct atl_sync_wire *wire, const char *id)
{
    const struct atl_sync_key *key = wire->net->key;
    const int64_t seconds = (atl_clock_now_ms() + wire->net->skew_ms) / 1000;
    uint8_t digest[ATL_HASH_BYTES];
    char text[ATL_HASH_BASE64_CAP];
    struct atl_mac mac;

    (void)snprintf(text, sizeof text, ".%" PRId64 ".", seconds);
    atl_mac_init(&mac, key->secret, key->secret_len);
    atl_mac_add(&mac, id, strlen(id));
    atl_mac_add(&mac, text, strlen(text));
    if (wire->body.len)
        atl_mac_add(&mac, wire->body.data, wire->body.len);
    atl_mac_end(&mac, digest);
    (void)snprintf(text, sizeof text, "%" PRId64, seconds);
    add_header(wire, "webhook-timestamp: ", text);
    atl_base64_encode(digest, sizeof digest, text, sizeof text);
    add_header(wire, "webhook-signature: v1,", text);
}

static void add_headers(struct atl_sync_wire *wire, bool is_post)
{
    char id[ID_BYTES], quoted[ID_BYTES + 2];

    if (!wire->net->key)
        return;
    make_id(&wire->body, id);
    add_header(wire, "Authorization: Bearer ", wire->net->key->bearer);
    add_header(wire, "webhook-id: ", id);
    add_signature(wire, id);
    if (!is_post)
        return;
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", id);
    add_header(wire, "Idempotency-Key: ", quoted);
    add_header(wire, "Content-Type: ", "application/cloudevents-batch+json; charset=utf-8");
    add_header(wire, "Expect:", ""); // no round trip of its own for 100 Continue
}

// No redirect is followed, so that no key leaves for another host; nothing but https, unless the
// host is this machine.
static void set_limits(const struct atl_sync_wire *wire, CURL *handle, unsigned timeout_ms)
{
    const struct atl_config *config = wire->net->config;

    (void)curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR,
                           strncmp(wire->url, "http:", 5) == 0 ? "http" : "https");
    (void)curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (config->cloud_ca_file[0])
        (void)curl_easy_setopt(handle, CURLOPT_CAINFO, config->cloud_ca_file);
    (void)curl_easy_setopt(handle, CURLOPT_NOPROXY, "127.0.0.1,::1,localhost");
    (void)curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    (void)curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    (void)curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)wire->reply_limit);
    (void)curl_easy_setopt(handle, CURLOPT_USERAGENT, "atelier-agent");
}

static void set_callbacks(struct atl_sync_wire *wire, CURL *handle)
{
    (void)curl_easy_setopt(handle, CURLOPT_PRIVATE, wire);
    (void)curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(handle, CURLOPT_WRITEDATA, wire);
    (void)curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(handle, CURLOPT_HEADERDATA, wire);
    (void)curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, wire->words);
    (void)curl_easy_setopt(handle, CURLOPT_HTTPHEADER, wire->headers);
    (void)curl_easy_setopt(handle, CURLOPT_URL, wire->url);
}

// The handle is kept from request to request, with its connection; its options are not.
static atl_code begin(struct atl_sync_wire *wire, const char *path, bool is_post,
                      unsigned timeout_ms, struct atl_error *err)
{
    CURL *handle;

    if (!wire->handle)
        wire->handle = curl_easy_init();
    handle = wire->handle;
    if (!handle)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    curl_easy_reset(handle);
    atl_buf_free(&wire->reply);
    atl_buf_init(&wire->reply, wire->reply_limit);
    wire->has_answer = false;
    wire->words[0] = wire->date[0] = '\0';
    (void)snprintf(wire->url, sizeof wire->url, "%s%s", wire->net->config->cloud_url, path);
    add_headers(wire, is_post);
    set_callbacks(wire, handle);
    set_limits(wire, handle, timeout_ms);
    if (is_post) {
        (void)curl_easy_setopt(handle, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(handle, CURLOPT_POSTFIELDS, (const char *)wire->body.data);
        (void)curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)wire->body.len);
    }
    if (curl_multi_add_handle(wire->net->multi, handle) != CURLM_OK) {
        end_transfer(wire);
        return atl_fail(err, ATL_E_NOMEM, "curl takes no more requests");
    }
    wire->is_busy = true;
    return ATL_OK;
}

atl_code atl_sync_get(struct atl_sync_wire *wire, const char *path, unsigned timeout_ms,
                      struct atl_error *err)
{
    atl_sync_body_begin(wire);
    return begin(wire, path, false, timeout_ms, err);
}

atl_code atl_sync_post(struct atl_sync_wire *wire, const char *path, unsigned timeout_ms,
                       struct atl_error *err)
{
    return begin(wire, path, true, timeout_ms, err);
}

atl_code atl_sync_probe(const struct atl_config *config, unsigned timeout_ms, int64_t *skew_ms,
                        struct atl_error *err)
{
    const int64_t end_ms = atl_clock_boot_ms() + timeout_ms;
    struct atl_sync_wire wire = {0};
    struct atl_sync_net *net = NULL;
    atl_code rc = atl_sync_net_open(config, NULL, &net, err);

    if (rc)
        return rc;
    atl_sync_wire_init(&wire, net, PROBE_REPLY_BYTES);
    rc = atl_sync_get(&wire, "/v1/health", timeout_ms, err);
    while (!rc && !wire.has_answer && atl_clock_boot_ms() < end_ms)
        atl_sync_net_wait(net, NULL, end_ms - atl_clock_boot_ms());
    if (!rc && !wire.answer.status)
        rc = atl_fail(err, ATL_E_AWAY, "%s does not answer: %s", config->cloud_url,
                      wire.has_answer ? wire.answer.trouble : "no answer in time");
    else if (!rc && atl_sync_judge(wire.answer.status) != ATL_SYNC_DONE)
        rc = atl_fail(err, ATL_E_IO, "%s answers %ld to /v1/health", config->cloud_url,
                      wire.answer.status);
    if (!rc)
        *skew_ms = wire.answer.skew_ms;
    atl_sync_wire_free(&wire);
    atl_sync_net_close(net);
    return rc;
}
