// SPDX-License-Identifier: Apache-2.0
// A document: what one print job is about, as a page. The lane asks, document.c looks into the
// store, fills the template and lays out; the lane knows no template and this knows no printer.
#ifndef ATL_AGENT_DOCUMENT_H
#define ATL_AGENT_DOCUMENT_H

#include "drivers/driver.h"
#include "plugin/agent/config.h"
#include "plugin/render/page.h"
#include "plugin/store/jobs.h"

// Templates, words and catalogue of this shop, loaded once by a lane.
struct atl_documents;

// Loads what the printer's papers need. *out is the caller's to close. An error names the file
// and line of the template at fault.
ATL_MUST_USE atl_code atl_documents_open(const struct atl_config *config,
                                         const struct atl_config_printer *printer,
                                         struct atl_documents **out, struct atl_error *err);

void atl_documents_close(struct atl_documents *documents); // NULL is fine

// The page of the job, as the shop stands now: reads the store, writes nothing. *page belongs to
// documents and lives until the next call or the close. ATL_E_NOT_FOUND, ATL_E_INVALID,
// ATL_E_CORRUPT: waiting cannot help, the job is held for a person. [one-thread]
ATL_MUST_USE atl_code atl_documents_page(struct atl_documents *documents, struct atl_store *store,
                                         const struct atl_job *job, const struct atl_model *model,
                                         const struct atl_page **page, struct atl_error *err);

#endif
