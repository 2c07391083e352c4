import type { Registry } from "../../operation/operation.ts";
import { getRequestAuthorizationDetails } from "./authorization-details.ts";
import { getRequestAuthorizationPolicy } from "./authorization-policy.ts";

export const iamToolboxRegistry: Registry<"iam-toolbox"> = {
  GetRequestAuthorizationDetails: getRequestAuthorizationDetails,
  GetRequestAuthorizationPolicy: getRequestAuthorizationPolicy,
};
