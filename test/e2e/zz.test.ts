import * as iamSdk from "@aws-sdk/client-iam";
import { test } from "vitest";
import { starter } from "./places.ts";
import { accountA, allow, document, startWorld, trust } from "./world.ts";
const start = starter();
test("x", async () => {
  const world = await startWorld(start);
  const { iam } = world.a;
  await iam.createUser({ UserName: "we+ird=na,me.@_-x", Path: "/div-1!~/q&%/"});
  await iam.createPolicy({ PolicyName: `Bound+=,.@-_`, Path: "/b/", PolicyDocument: document(allow("s3:*")) });
  for (let i = 0; i < 7; i++) {
    await iam.createUser({ UserName: `page-${i}`, Path: "/pages/"});
    await iam.createPolicy({ PolicyName: `page-${i}`, Path: "/pages/", PolicyDocument: document(allow("s3:*")) });
  }
  const filter = { Filter: ["User", "LocalManagedPolicy"] as iamSdk.EntityType[] };
  for await (const page of iamSdk.paginateGetAccountAuthorizationDetails({client: iam, pageSize: 3}, filter)) {
   console.log(page.Marker && Buffer.from(page.Marker, "base64url").toString());
  }
});
