// What yaml-language-server says of the files of a plan: the second opinion of tests/it/editors.rs.
//
//     language_server.mjs FOLDER < REQUESTS
//
// REQUESTS is a JSON list of `{"open": FILE, "text": TEXT}`, which asks for diagnostics of the text, and
// `{"complete": FILE, "text": TEXT, "line": N, "character": N}`, which asks for completions at a place counted
// from 0. Files are below FOLDER, whose modelines name their schemas. Prints a JSON list with a list of texts for each.
// Ends with 3 if the server is not installed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const modules = process.env.RELPLAN_NODE_MODULES ?? "";
const server = path.join(modules, "yaml-language-server", "bin", "yaml-language-server");
if (!existsSync(server)) {
  console.error("no yaml-language-server");
  process.exit(3);
}
const rpc = createRequire(server)("vscode-languageserver-protocol/node");

const folder = path.resolve(process.argv[2]);
const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const connection = rpc.createProtocolConnection(
  new rpc.StreamMessageReader(child.stdout),
  new rpc.StreamMessageWriter(child.stdin),
);
const settings = { yaml: { schemaStore: { enable: false }, validate: true, completion: true } };
const waiting = new Map();
connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => waiting.get(uri)?.(diagnostics));
connection.onRequest("workspace/configuration", ({ items }) =>
  items.map(({ section }) => (section ?? "").split(".").reduce((value, key) => value?.[key], settings) ?? null));
connection.onRequest("client/registerCapability", () => null);
connection.listen();

await connection.sendRequest("initialize", {
  processId: process.pid,
  rootUri: pathToFileURL(folder).href,
  capabilities: { workspace: { configuration: true } },
  workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "plan" }],
});
await connection.sendNotification("initialized", {});
await connection.sendNotification("workspace/didChangeConfiguration", { settings });

const answers = [];
for (const [number, request] of JSON.parse(readFileSync(0, "utf8")).entries()) {
  // A name of its own for each text, in the same folder, so that no answer is about an earlier text.
  const name = request.open ?? request.complete;
  const file = path.join(folder, path.dirname(name), `${number}-${path.basename(name)}`);
  const uri = pathToFileURL(file).href;
  const published = new Promise((resolve) => waiting.set(uri, resolve));
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 1, text: request.text },
  });
  if (request.open) {
    const diagnostics = await published;
    answers.push(diagnostics.map(({ range, message }) => `${range.start.line + 1}: ${message}`));
  } else {
    const { line, character } = request;
    const found = await connection.sendRequest("textDocument/completion", { textDocument: { uri }, position: { line, character } });
    answers.push((found.items ?? found).map(({ label }) => label));
  }
}
console.log(JSON.stringify(answers));
connection.dispose();
child.kill();
