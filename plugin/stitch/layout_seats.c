// SPDX-License-Identifier: Apache-2.0
// Glyphs become clusters: what touches is digitised as one, so that no seam is left in a script.
#include "plugin/stitch/layout_seats.h"

#include "plugin/stitch/unite.h"

#include <stdlib.h>

// Offsets within a cluster are rounded to this, so that the same word is the same outline wherever
// it stands: a power of two, finer than the union snaps to.
#define GRID 4096.0

static struct atl_vec snap(struct atl_vec p)
{
    return (struct atl_vec){round(p.x * GRID) / GRID, round(p.y * GRID) / GRID};
}

// A copy in the coordinates of another stand.
static void copy_to(const struct atl_stand *to, const struct atl_stand *from,
                    const struct atl_contours *contours, struct atl_contours *out)
{
    struct atl_stand rest = {
        snap(atl_stand_in(to, from->at)),
        {vec_dot(to->way, from->way), vec_cross(to->way, from->way)},
    };

    atl_contours_append(out, contours);
    for (size_t i = 0; i < out->points.n; i++)
        out->points.p[i] = atl_stand_out(&rest, out->points.p[i]);
}

static void find_box(struct atl_cluster *cluster)
{
    cluster->low = (struct atl_vec){INFINITY, INFINITY};
    cluster->high = (struct atl_vec){-INFINITY, -INFINITY};
    for (size_t i = 0; i < cluster->contours.points.n; i++) {
        struct atl_vec p = atl_stand_out(&cluster->stand, cluster->contours.points.p[i]);

        cluster->low = (struct atl_vec){fmin(cluster->low.x, p.x), fmin(cluster->low.y, p.y)};
        cluster->high = (struct atl_vec){fmax(cluster->high.x, p.x), fmax(cluster->high.y, p.y)};
    }
}

// Adds a glyph to the last cluster when it touches that, else as a new one, which takes the
// contours. A failure is sticky in the cluster's contours.
static void add_glyph(struct atl_clusters *clusters, const struct atl_seat *seat,
                      struct atl_contours *contours)
{
    struct atl_cluster *last = clusters->count ? &clusters->v[clusters->count - 1] : NULL;

    if (last && last->line == seat->line && last->height_mm == seat->height_mm) {
        struct atl_contours moved = {0};
        bool is_joined;

        copy_to(&last->stand, &seat->stand, contours, &moved);
        is_joined =
            moved.failed || moved.points.failed || atl_contours_meet(&last->contours, &moved);
        if (is_joined) {
            atl_contours_append(&last->contours, &moved);
            last->contours.failed |= moved.failed || moved.points.failed;
            last->along = (last->along * last->glyphs + seat->along) / (last->glyphs + 1);
            last->glyphs++;
        }
        atl_contours_free(&moved);
        if (is_joined)
            return;
    }
    clusters->v[clusters->count++] = (struct atl_cluster){
        .contours = *contours, // now owned by the cluster
        .stand = seat->stand,
        .height_mm = seat->height_mm,
        .line = seat->line,
        .along = seat->along,
        .glyphs = 1,
    };
    *contours = (struct atl_contours){0};
}

atl_code atl_clusters_make(struct atl_face *face, const struct atl_seats *seats,
                           struct atl_clusters *out, struct atl_error *err)
{
    struct atl_contours contours = {0};
    atl_code rc = ATL_OK;

    *out = (struct atl_clusters){calloc(seats->count + 1, sizeof *out->v), 0};
    if (!out->v)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for the letters of a design");
    for (size_t i = 0; i < seats->count && !rc; i++) {
        const struct atl_seat *seat = &seats->v[i];
        struct atl_cluster *last;

        rc = atl_face_outline(face, seat->glyph, seat->height_mm / atl_face_cap_height(face),
                              (struct atl_vec){0, 0}, &contours, err);
        if (!rc && contours.points.n)
            add_glyph(out, seat, &contours);
        atl_contours_free(&contours);
        last = out->count ? &out->v[out->count - 1] : NULL;
        if (!rc && last && (last->contours.failed || last->contours.points.failed))
            rc = atl_fail(err, ATL_E_NOMEM, "out of memory for a letter");
    }
    for (size_t i = 0; i < out->count; i++)
        find_box(&out->v[i]);
    return rc;
}

void atl_clusters_free(struct atl_clusters *clusters)
{
    for (size_t i = 0; i < clusters->count; i++)
        atl_contours_free(&clusters->v[i].contours);
    free(clusters->v);
    *clusters = (struct atl_clusters){0};
}

void atl_cluster_move(struct atl_cluster *cluster, struct atl_vec by)
{
    cluster->stand.at = vec_add(cluster->stand.at, by);
    cluster->low = vec_add(cluster->low, by);
    cluster->high = vec_add(cluster->high, by);
}

void atl_clusters_box(const struct atl_clusters *clusters, size_t line, struct atl_vec *low,
                      struct atl_vec *high)
{
    *low = (struct atl_vec){INFINITY, INFINITY};
    *high = (struct atl_vec){-INFINITY, -INFINITY};
    for (size_t i = 0; i < clusters->count; i++) {
        const struct atl_cluster *c = &clusters->v[i];

        if (line != SIZE_MAX && c->line != line)
            continue;
        *low = (struct atl_vec){fmin(low->x, c->low.x), fmin(low->y, c->low.y)};
        *high = (struct atl_vec){fmax(high->x, c->high.x), fmax(high->y, c->high.y)};
    }
}
