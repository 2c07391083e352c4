import type { OperationContext } from "../../operation/context.ts";
import { invalidAction } from "../../wire/xml-fault.ts";

/**
 * Operations that AWS has at the endpoints of Regions alone. Here there is one endpoint; whoever comes by the name of AWS's
 * global one (a name server or a proxy leads here) is told what AWS tells.
 *
 * @throws Fault InvalidAction
 */
export function refuseGlobalEndpoint({ request: { host } }: Pick<OperationContext, "request">, message: string): void {
  if (host !== undefined && /^sts\.amazonaws\.com\.?(:\d+)?$/i.test(host)) throw invalidAction(message);
}
