// Shows ZPL as zebrash draws it: node zpl_show.mjs FOLDER/of/node_modules LIST.json, where the list
// is [{"zpl": file, "png": file, "width": mm, "height": mm, "dots": dots a mm}].
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, list] = process.argv.slice(2);
const { ready } = createRequire(`${folder}/`)("zpl-renderer-js");
const { api } = await ready;

for (const label of JSON.parse(readFileSync(list, "utf8"))) {
  const zpl = readFileSync(label.zpl, "latin1");
  const png = await api.zplToBase64Async(zpl, label.width, label.height, label.dots);
  writeFileSync(label.png, Buffer.from(png, "base64"));
}
process.exit(0); // the program inside waits for ever
