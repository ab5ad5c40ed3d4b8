// The first calls of an integrator in TypeScript, with a client that a public generator made of docs/openapi.yaml.
// Compiled and run by the test beside it: address, token of the centre's system, one of the bureau's, a waiting case.

import assert from "node:assert/strict";
import { createClient } from "./zhongzhi/client";
import { caseAttach, caseSign, casesList, casesRegister, statistics } from "./zhongzhi";

const [address, centre, bureau, waiting] = process.argv.slice(2);
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==";

async function main(): Promise<void> {
  const client = createClient({ baseUrl: address, auth: () => centre });
  const listed = await casesList({ client, query: { limit: 10 } });
  assert.ok(listed.data?.results.some((row) => row.code === waiting));
  const body = {
    narrative: "自家土地少了3垄，怀疑邻地农户多种。",
    territory: "150526103200",
    category: "0901",
    parties: [{ name: "岳某某", phone: "13847500001" }],
    external_number: "2026-118",
  };
  const made = await casesRegister({ client, body });
  assert.equal(made.response?.status, 201, JSON.stringify(made.error));
  const again = await casesRegister({ client, body });
  assert.equal(again.response?.status, 409);
  assert.equal(again.error?.case, made.data?.code);
  const file = new File([Buffer.from(PNG, "base64")], "地头.png", { type: "image/png" });
  const attached = await caseAttach({ client, path: { code: made.data!.code }, body: { file } });
  assert.equal(attached.data?.name, "地头.png", JSON.stringify(attached.error));
  const own = createClient({ baseUrl: address, auth: () => bureau });
  const signed = await caseSign({ client: own, path: { code: waiting } });
  assert.equal(signed.data?.status, "handling", JSON.stringify(signed.error));
  const figures = await statistics({ client });
  assert.equal(figures.response?.status, 200);
  console.log(made.data?.code);
}

main().catch((fault) => {
  console.error(fault);
  process.exit(1);
});
