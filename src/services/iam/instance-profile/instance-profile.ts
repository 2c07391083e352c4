import { iamArn } from "../../../arn/arn.ts";
import { operation } from "../../../operation/operation.ts";
import * as instanceProfiles from "../../../store/iam/instance-profiles.ts";
import type { NewInstanceProfile } from "../../../store/iam/instance-profiles.ts";
import { exactCase } from "../../../store/iam/tags.ts";
import { tagsOf } from "../entity/describe.ts";
import { existing, find, requirementOn } from "../entity/entity-names.ts";
import { madeEntity } from "../entity/entity-quota.ts";
import { removeEntity } from "../entity/removal.ts";
import { checkedTags, tagRecords } from "../entity/tag.ts";
import { describedProfile, listedProfile } from "./instance-profile-describe.ts";

export const createInstanceProfile = operation("iam", "CreateInstanceProfile", {
  writes: true,
  authorize: (input, _, { account, partition }) => {
    const create = {
      action: "iam:CreateInstanceProfile",
      resource: iamArn(partition, account, "instance-profile", input.InstanceProfileName, input.Path),
      resourceAccount: account,
      requestTags: tagRecords(input.Tags),
    };
    return create.requestTags.length === 0 ? [create] : [create, { ...create, action: "iam:TagInstanceProfile" }];
  },
  handle: async (input, _, context) => {
    const { tx, account, environment, request } = context;
    const wanted: NewInstanceProfile = {
      id: environment.ids.uniqueId("AIPA", account),
      account,
      name: input.InstanceProfileName,
      path: input.Path ?? "/",
      createdAt: request.now,
      tags: checkedTags(input.Tags, [], exactCase, context),
    };
    const profile = await madeEntity("instance-profile", wanted.name, context, (limit) =>
      instanceProfiles.create(tx, wanted, limit),
    );
    return { InstanceProfile: { ...(await listedProfile(profile, null, context)), ...tagsOf(profile) } };
  },
});

export const getInstanceProfile = operation("iam", "GetInstanceProfile", {
  writes: false,
  load: (input, context) => find("instance-profile", input.InstanceProfileName, context),
  authorize: (_, profile, context) => [requirementOn("iam:GetInstanceProfile", profile, context)],
  handle: async (_, found, context) => ({ InstanceProfile: await describedProfile(existing(found), context) }),
});

export const deleteInstanceProfile = operation("iam", "DeleteInstanceProfile", {
  writes: true,
  load: (input, context) => find("instance-profile", input.InstanceProfileName, context),
  authorize: (_, profile, context) => [requirementOn("iam:DeleteInstanceProfile", profile, context)],
  handle: async (_, found, context) => {
    await removeEntity("instance-profile", existing(found), context);
    return {};
  },
});
