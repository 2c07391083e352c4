import { iamArn } from "../../../arn/arn.ts";
import type { ServiceSpecificCredentialMetadata } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import type { Registry } from "../../../operation/operation.ts";
import { formOf, secretOf, verifierOf } from "../../../session/service-credential.ts";
import type { Form } from "../../../session/service-credential.ts";
import * as credentials from "../../../store/iam/service-credentials.ts";
import type { ServiceCredentialRecord } from "../../../store/iam/service-credentials.ts";
import { named } from "../../../text/shorten.ts";
import { settableStatus } from "../entity/credential-status.ts";
import { credentialOwner, ownerId, ownerName, requirementOnOwner } from "../entity/credential-owner.ts";
import type { CredentialOwner } from "../entity/credential-owner.ts";
import { existing, find, requirementOn } from "../entity/entity-names.ts";
import { iamFault, quotaExceeded, validationError } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";

const dayMs = 86_400_000;

const createServiceSpecificCredential = operation("iam", "CreateServiceSpecificCredential", {
  writes: true,
  load: (input, context) => find("user", input.UserName, context),
  authorize: ({ ServiceName: service, CredentialAgeDays: days }, user, context) => [
    requirementOn("iam:CreateServiceSpecificCredential", user, context, {
      context: {
        "iam:ServiceSpecificCredentialServiceName": named(service.toLowerCase()),
        // The number, however it was written (observed on AWS, September 2026).
        "iam:ServiceSpecificCredentialAgeDays": days?.toString(),
      },
    }),
  ],
  handle: async (input, found, context) => {
    const { tx, account, environment, request } = context;
    const user = existing(found);
    const { service, form } = supported(input.ServiceName, context);
    const limit = environment.quotas.serviceSpecificCredentialsPerUserPerService;
    if ((await credentials.countOfService(tx, user.id, service)) >= limit) {
      throw quotaExceeded("ContextSpecificCredentialsPerUserPerContext", limit);
    }
    const id = environment.ids.uniqueId("ACCA", account);
    const password = environment.ids.servicePassword();
    const days = input.CredentialAgeDays;
    const credential = await credentials.create(tx, (nth) => {
      const name = `${user.name}${nth === 0 ? "" : `+${nth}`}-at-${account}`;
      return {
        id,
        account,
        ownerId: user.id,
        service,
        name,
        verifier: verifierOf(id, secretOf(form, name, password)),
        status: "Active",
        createdAt: request.now,
        expiresAt: days === undefined ? null : request.now + days * dayMs,
      };
    });
    return withSecret({ ...credential, ownerName: user.name }, form, password, context);
  },
});

/** Services are compared without case, and shown in lower case (observed on AWS, September 2026). @throws Fault NoSuchEntity */
function supported(name: string, { environment }: OperationContext) {
  const service = name.toLowerCase();
  const form = formOf(service, environment.servicePrincipals);
  if (form !== undefined) return { service, form };
  throw iamFault("NoSuchEntity", `No such service ${named(name)} is supported for Service Specific Credentials`);
}

/** The only time that the secret is shown. */
function withSecret(credential: ServiceCredentialRecord, form: Form, password: string, context: OperationContext) {
  const secret = secretOf(form, credential.name, password);
  const member = form === null ? { ServicePassword: secret } : { ServiceCredentialSecret: secret };
  return { ServiceSpecificCredential: { ...shown(credential, context), ...member } };
}

function shown(credential: ServiceCredentialRecord, context: OperationContext): ServiceSpecificCredentialMetadata {
  const { expiresAt } = credential;
  const form = formOf(credential.service, context.environment.servicePrincipals) ?? null;
  return {
    UserName: credential.ownerName,
    // That an expired one is shown as such is by analogy: the contract's enum has the word.
    Status: expiresAt !== null && expiresAt <= context.request.now ? "Expired" : credential.status,
    ...(form === null ? { ServiceUserName: credential.name } : { ServiceCredentialAlias: credential.name }),
    CreateDate: new Date(credential.createdAt),
    ...(expiresAt === null ? {} : { ExpirationDate: new Date(expiresAt) }),
    ServiceSpecificCredentialId: credential.id,
    ServiceName: credential.service,
  };
}

interface Named {
  readonly UserName?: string | undefined;
  readonly ServiceSpecificCredentialId: string;
}

interface OwnerAndCredential {
  readonly owner: CredentialOwner;
  readonly credential: ServiceCredentialRecord | null;
}

async function ownerAndCredential(input: Named, context: OperationContext): Promise<OwnerAndCredential> {
  const owner = await credentialOwner(input.UserName, context);
  return { owner, credential: await credentials.byId(context.tx, input.ServiceSpecificCredentialId) };
}

/** The service is known of a credential that is the user's; of another one the key is absent, as of one that is not there. */
function requirementsOn(action: string, { owner, credential }: OwnerAndCredential, context: OperationContext) {
  const own = owner.type === "user" && owner.user.record?.id === credential?.ownerId;
  const service = own ? credential?.service : undefined;
  return [
    { ...requirementOnOwner(action, owner, context), context: { "iam:ServiceSpecificCredentialServiceName": service } },
  ];
}

/** @throws Fault NoSuchEntity; ValidationError of another user's, as AWS was recorded and observed to answer */
function credentialOf({ owner, credential }: OwnerAndCredential, input: Named, context: OperationContext) {
  const id = input.ServiceSpecificCredentialId;
  const wanted = ownerId(owner, context);
  if (credential === null || credential.account !== context.account) {
    throw iamFault("NoSuchEntity", `No such credential ${id} exists`);
  }
  if (credential.ownerId !== wanted) {
    const user = ownerName(owner).UserName ?? context.account;
    throw validationError(`User ${user} does not have a service specific credential with id ${id}`);
  }
  return credential;
}

const updateServiceSpecificCredential = operation("iam", "UpdateServiceSpecificCredential", {
  writes: true,
  load: ownerAndCredential,
  authorize: (_, found, context) => requirementsOn("iam:UpdateServiceSpecificCredential", found, context),
  handle: async (input, found, context) => {
    const credential = credentialOf(found, input, context);
    await credentials.update(context.tx, credential, { status: settableStatus(input.Status) });
    return {};
  },
});

const resetServiceSpecificCredential = operation("iam", "ResetServiceSpecificCredential", {
  writes: true,
  load: ownerAndCredential,
  authorize: (_, found, context) => requirementsOn("iam:ResetServiceSpecificCredential", found, context),
  handle: async (input, found, context) => {
    const credential = credentialOf(found, input, context);
    const { form } = supported(credential.service, context);
    const password = context.environment.ids.servicePassword();
    const verifier = verifierOf(credential.id, secretOf(form, credential.name, password));
    await credentials.update(context.tx, credential, { verifier });
    return withSecret(credential, form, password, context);
  },
});

const deleteServiceSpecificCredential = operation("iam", "DeleteServiceSpecificCredential", {
  writes: true,
  load: ownerAndCredential,
  authorize: (_, found, context) => requirementsOn("iam:DeleteServiceSpecificCredential", found, context),
  handle: async (input, found, context) => {
    await credentials.remove(context.tx, credentialOf(found, input, context));
    return {};
  },
});

const listAction = "iam:ListServiceSpecificCredentials";

const listServiceSpecificCredentials = operation("iam", "ListServiceSpecificCredentials", {
  writes: false,
  load: async (input, context) => (input.AllUsers === true ? null : credentialOwner(input.UserName, context)),
  authorize: (_, owner, context) => [
    owner === null ? requirementOnAllUsers(listAction, context) : requirementOnOwner(listAction, owner, context),
  ],
  handle: (input, owner, context) => {
    const whose = owner === null ? { account: context.account } : { owner: ownerId(owner, context) };
    if (owner === null && input.UserName !== undefined) {
      // The text is by analogy: only that the two exclude each other is documented (API reference).
      throw validationError("UserName cannot be specified when AllUsers is true.");
    }
    const service = input.ServiceName === undefined ? undefined : supported(input.ServiceName, context).service;
    return pages.list("ListServiceSpecificCredentials", input, {
      fetch: (after, limit) => credentials.list(context.tx, whose, { service, after, limit }),
      keyOf: (credential) => credential.id,
      show: (credential) => shown(credential, context),
    });
  },
});

/** All users of the account are `user/*` (observed on AWS, September 2026). */
function requirementOnAllUsers(action: string, { account, partition }: OperationContext) {
  return { action, resource: iamArn(partition, account, "user", "*"), resourceAccount: account };
}

export const serviceCredentialOperations = {
  CreateServiceSpecificCredential: createServiceSpecificCredential,
  ListServiceSpecificCredentials: listServiceSpecificCredentials,
  UpdateServiceSpecificCredential: updateServiceSpecificCredential,
  ResetServiceSpecificCredential: resetServiceSpecificCredential,
  DeleteServiceSpecificCredential: deleteServiceSpecificCredential,
} satisfies Partial<Registry<"iam">>;
