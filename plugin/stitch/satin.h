// SPDX-License-Identifier: Apache-2.0
// Needle points of columns and fills, in mm, before they are rounded into a plan.
#ifndef ATL_STITCH_SATIN_H
#define ATL_STITCH_SATIN_H

#include "plugin/stitch/column.h"
#include "plugin/stitch/fabric.h"

// Blocks of needle points, each sewn without a cut. A contour is a block here.
#define atl_blocks atl_contours

// Satin over the rungs from..to, in that direction (from > to goes back), into the open block.
// Where the column lies under another one, it walks along the axis. It ends on the axis; with
// `leave` on the edge nearer to that point, so that the thread that goes there does not cross the
// satin.
void atl_satin_sew(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                   size_t to, const struct atl_vec *leave, struct atl_blocks *out);

// A run along the axis; and for wide columns one inside each edge, out and back, and a lattice of
// two zigzags, where the cloth asks for them.
void atl_satin_walk(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                    size_t to, struct atl_blocks *out);
void atl_satin_edges(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                     size_t to, struct atl_blocks *out);
void atl_satin_lattice(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                       size_t to, struct atl_blocks *out);

// All columns of a part in one block: they form a tree, each is walked out and sewn back, so that
// no travel lies on top of satin. It begins near `from`; a loop is turned to begin there.
bool atl_route(struct atl_columns *columns, const struct atl_fabric *fabric, struct atl_vec from,
               struct atl_arena *arena, struct atl_blocks *out);

// Rows over the whole part, for what is no column.
bool atl_fill(const struct atl_part *part, const struct atl_fabric *fabric, struct atl_arena *arena,
              struct atl_blocks *out);

#endif
