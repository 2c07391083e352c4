import type { Migration } from "./migration.ts";

/** Requests for temporary access. The owner's account may be one that is not here: nobody is told whether it is. */
export const delegationRequests: Migration = {
  name: "0015-delegation-requests",
  up: ({ table, index, types }) => [
    table("delegation_requests")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("requestor_account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("requestor_id", types.text, (column) => column.notNull())
      .addColumn("requestor_name", types.text, (column) => column.notNull())
      .addColumn("workflow_id", types.key, (column) => column.notNull())
      .addColumn("description", types.text, (column) => column.notNull())
      .addColumn("request_message", types.text)
      .addColumn("template_arn", types.text, (column) => column.notNull())
      .addColumn("parameters", types.text, (column) => column.notNull())
      .addColumn("policy", types.text, (column) => column.notNull())
      .addColumn("boundary_arns", types.text, (column) => column.notNull())
      .addColumn("notification_channel", types.text, (column) => column.notNull())
      .addColumn("redirect_url", types.text)
      .addColumn("session_duration", types.integer, (column) => column.notNull())
      .addColumn("only_send_by_owner", types.integer, (column) => column.notNull())
      .addColumn("owner_account", types.key)
      .addColumn("owner_arn", types.key)
      .addColumn("owner_id", types.text)
      .addColumn("state", types.key, (column) => column.notNull())
      .addColumn("history", types.text, (column) => column.notNull())
      .addColumn("notes", types.text)
      .addColumn("rejection_reason", types.text)
      .addColumn("approver", types.text)
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("updated_at", types.integer, (column) => column.notNull())
      .addColumn("expires_at", types.integer, (column) => column.notNull())
      .addColumn("sent_at", types.integer)
      .addUniqueConstraint("delegation_requests_workflow", ["requestor_account", "workflow_id"]),
    index("delegation_requests_owner").on("delegation_requests").columns(["owner_account", "id"]),
    index("delegation_requests_requestor").on("delegation_requests").columns(["requestor_account", "expires_at"]),
  ],
};
