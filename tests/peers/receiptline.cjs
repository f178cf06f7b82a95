// SPDX-License-Identifier: Apache-2.0
// Reads [{document, columns, encoding}] as JSON from standard input, and writes what receiptline
// makes of each: [{text, escpos}], the bytes as hexadecimal. NODE_PATH says where it is.
"use strict";
const receiptline = require("receiptline");

const papers = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(papers.map(paper => {
    const how = { cpl: paper.columns, encoding: paper.encoding };
    return {
        text: receiptline.transform(paper.document, { ...how, command: "text" }),
        escpos: Buffer.from(receiptline.transform(paper.document, { ...how, command: "escpos",
            cutting: true }), "binary").toString("hex"),
    };
})));
