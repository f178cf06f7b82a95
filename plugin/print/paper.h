// SPDX-License-Identifier: Apache-2.0
// From a template's name and a file of fields to a page.
#ifndef ATL_PRINT_PAPER_H
#define ATL_PRINT_PAPER_H

#include "plugin/print/options.h"
#include "plugin/render/template.h"

// Loads and checks the template, in every language that has words. *out is the caller's:
// atl_template_close().
ATL_MUST_USE atl_code print_template_load(const struct print_options *options,
                                          struct atl_template **out, struct atl_error *err);

// Fills it. Without --data the samples of its kind are taken. *out: atl_page_free().
ATL_MUST_USE atl_code print_paper(const struct print_options *options,
                                  const struct atl_template *tmpl, struct atl_page **out,
                                  struct atl_error *err);

// --templates: each of both folders with its paper, and what is wrong with it. ATL_E_INVALID: one
// is not good.
ATL_MUST_USE atl_code print_templates(const struct print_options *options, struct atl_error *err);

#endif
