// SPDX-License-Identifier: Apache-2.0
// The ticket of bench/print.c as others make it: 12 lines with accents and the Euro sign, a logo of
// 384 x 200, a symbol of 52 characters, a cut; with new words and a new symbol each time. Prints
// "name, median CPU ms, best, bytes" lines. Both read and dither the logo each time, for neither
// keeps it; the lines "without logo" show what is left without that.
"use strict";
const { PNG } = require("pngjs");
const receiptline = require("receiptline");
const Encoder = require("@point-of-sale/receipt-printer-encoder");

const ROUNDS = 60, WARM_UP = 20, LINES = 12;
const WORDS = ["Broderie « Élodie n° % »", "Tote bag, toile écrue %", "Fil Madeira n° %, bordeaux",
    "Emplacement : devant, %"];

function makeLogo() {
    const png = new PNG({ width: 384, height: 200 });
    for (let y = 0, at = 0; y < 200; y++) {
        for (let x = 0; x < 384; x++, at += 4) {
            png.data.fill(Math.floor(x * y / 37 + x) % 256, at, at + 3);
            png.data[at + 3] = 255;
        }
    }
    return PNG.sync.write(png);
}

const logo = makeLogo();
const link = round => "HTTPS://ATELIER.EXAMPLE/O/" + String(round * 7919).padStart(26, "0");
const rows = round => Array.from({ length: LINES }, (_, line) => [
    WORDS[line % 4].replace("%", round * LINES + line), String(1 + round % 3),
    (round % 90 + line) + "," + String(round % 100).padStart(2, "0") + " €"]);

function byReceiptline(round, hasLogo) {
    const document = (hasLogo ? "{image:" + logo.toString("base64") + "}\n" : "") + "-\n" +
        "{width:*,3,12; border:none}\n" +
        rows(round).map((row, i) => "|" + (i ? row[0] : '"' + row[0] + '"') + " |" + row[1] + "|" +
            row[2]).join("\n") +
        "\n{code:" + link(round) + "; option:qrcode,6,m}\n=\n";
    return receiptline.transform(document, { cpl: 48, encoding: "cp1252", command: "escpos",
        cutting: true }).length;
}

function byEncoder(round, hasLogo) {
    const encoder = new Encoder({ language: "esc-pos", columns: 48 });
    encoder.initialize().codepage("windows1252");
    if (hasLogo) {
        const png = PNG.sync.read(logo);
        encoder.image({ data: new Uint8ClampedArray(png.data), width: png.width,
            height: png.height }, 384, 200, "floydsteinberg");
    }
    encoder.rule();
    encoder.table([{ width: 33, align: "left" }, { width: 3, align: "right" },
        { width: 12, align: "right" }], rows(round));
    return encoder.qrcode(link(round), 2, 6, "m").cut("partial").encode().length;
}

function measure(name, work) {
    const times = [];
    let bytes = 0;
    for (let round = 1; round <= WARM_UP + ROUNDS; round++) {
        const before = process.cpuUsage();
        bytes = work(round);
        const used = process.cpuUsage(before);
        if (round > WARM_UP)
            times.push((used.user + used.system) / 1000);
    }
    times.sort((a, b) => a - b);
    console.log([name, times[ROUNDS / 2].toFixed(3), times[0].toFixed(3), bytes].join(","));
}

measure("receiptline", round => byReceiptline(round, true));
measure("receiptline without logo", round => byReceiptline(round, false));
measure("receipt-printer-encoder", round => byEncoder(round, true));
measure("receipt-printer-encoder without logo", round => byEncoder(round, false));
